import { ATTRIBUTE_ARGUMENTS } from "../../shared/files/attributes.ts";
import type { ArgsOf, Schema } from "../../contract/schema.ts";

export const schema = {
  description:
    "Brings a file from a URL to the host: downloaded by the host, by the controller (from: controller), or taken from a path on the controller. It is checked before it stands in its place.",
  example: `name: Have the tool in its place
get_url:
  url: https://example.org/tool-1.2
  dest: /usr/local/bin/tool
  mode: "0755"
  checksum: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`,
  returns: [
    "dest, url: where it stands, and where from",
    "state, mode, owner, group, uid, gid, size: what stands there now",
    "backup_file: where the old content is kept",
  ],
  arguments: {
    url: {
      type: "str",
      required: true,
      description: "An http, https or ftp URL. A path, or file://, is a file of the controller.",
    },
    dest: {
      type: "path",
      required: true,
      description: "The file, or a folder that gets it under the name in the URL.",
    },
    checksum: {
      type: "str",
      description:
        "ALGORITHM:HEX, or ALGORITHM:URL of a file of checksums (a path is one on the controller). With it nothing is downloaded while the file is as it should be.",
    },
    from: {
      type: "str",
      choices: ["host", "controller"],
      default: "host",
      description: "Who downloads. The controller does it once for all hosts.",
    },
    force: {
      type: "bool",
      default: false,
      description:
        "Without a checksum: downloads every time, where else a file that is there is left alone.",
    },
    backup: {
      type: "bool",
      default: false,
      description: "Keeps what was there beside it, with the time in its name.",
    },
    ...ATTRIBUTE_ARGUMENTS,
    timeout: {
      type: "int",
      default: 10,
      description: "Seconds to connect, and seconds of silence until the download is given up.",
    },
    headers: { type: "dict", description: "Headers of the request." },
    http_agent: { type: "str", description: "The User-Agent; that of curl or wget unless said." },
    client_cert: { type: "path", description: "A certificate on the host to log in with." },
    client_key: { type: "path", description: "Its key, if that is a file of its own." },
    force_basic_auth: {
      type: "bool",
      default: false,
      description: "Has no meaning: name and password are always sent at once.",
    },
    url_username: {
      type: "str",
      aliases: ["username"],
      description: "The name for basic authentication.",
    },
    url_password: {
      type: "str",
      aliases: ["password"],
      description: "The password for it. It is in no argument list.",
    },
    validate_certs: {
      type: "bool",
      default: true,
      description: "Checks the server's certificate.",
    },
    use_proxy: {
      type: "bool",
      default: true,
      description: "Uses the proxy that the environment names.",
    },
  },
} as const satisfies Schema;

export type GetUrlArgs = ArgsOf<typeof schema>;
