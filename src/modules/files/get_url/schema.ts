import { ATTRIBUTE_ARGUMENTS } from "../../shared/files/attributes.ts";
import { BACKUP } from "../../shared/files/backup.ts";
import type { ArgsOf, Schema } from "../../contract/schema.ts";

export const schema = {
  description:
    "Downloads a file to the host: the host downloads it, or the controller does (from: controller), or it is a path on the controller. It is checked before it is put in place.",
  example: `name: Download the tool
get_url:
  url: https://example.org/tool-1.2
  dest: /usr/local/bin/tool
  mode: "0755"
  checksum: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`,
  returns: [
    "dest, url: where it is, and where it came from",
    "state, mode, owner, group, uid, gid, size, md5sum: of the file as it is now",
    "status_code, elapsed: what the server answered, and how many seconds it took; where it was asked",
    "checksum_src, checksum_dest: SHA-1 of what was downloaded and of what was there before",
    "backup_file: where the old content was saved",
  ],
  arguments: {
    url: {
      type: "str",
      required: true,
      description:
        "An http, https or ftp URL. file:// is a file of the host, a path one of the controller.",
    },
    dest: {
      type: "path",
      required: true,
      description: "The file, or a directory that gets it under the name in the URL.",
    },
    checksum: {
      type: "str",
      description:
        "ALGORITHM:HEX, or ALGORITHM:URL of a file of checksums (a path is one on the controller). With it, nothing is downloaded as long as the file matches.",
    },
    from: {
      type: "str",
      choices: ["host", "controller"],
      default: "host",
      description: "Who downloads it. The controller does it once for all hosts.",
    },
    force: {
      type: "bool",
      default: false,
      description:
        "Without a checksum: downloads every time; otherwise an existing file is not changed.",
    },
    backup: BACKUP,
    ...ATTRIBUTE_ARGUMENTS,
    timeout: {
      null: "default",
      type: "int",
      default: 10,
      description: "Seconds to connect, and the longest silence in seconds.",
    },
    headers: { type: "dict", description: "Headers of the request." },
    http_agent: { type: "str", description: "The User-Agent; by default that of curl or wget." },
    decompress: {
      type: "bool",
      default: true,
      description: "Unpacks content that the server has packed (gzip), where the host has curl.",
    },
    client_cert: { type: "path", description: "A certificate on the host to log in with." },
    client_key: { type: "path", description: "Its key, if it is in a separate file." },
    force_basic_auth: {
      type: "bool",
      default: false,
      description: "Has no effect: name and password are always sent at once.",
    },
    url_username: {
      type: "str",
      aliases: ["username"],
      description: "The name for basic authentication.",
    },
    url_password: {
      type: "str",
      aliases: ["password"],
      description: "The password. It does not appear in any argument list.",
    },
    validate_certs: {
      type: "bool",
      default: true,
      description: "Checks the server's certificate.",
    },
    use_proxy: {
      type: "bool",
      default: true,
      description: "Uses the proxy from the environment.",
    },
  },
} as const satisfies Schema;

export type GetUrlArgs = ArgsOf<typeof schema>;
