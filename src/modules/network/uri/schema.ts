import { type ArgsOf } from "../../contract/schema.ts";
import { notCheckable, type Schema } from "../../contract/schema.ts";

export const schema = {
  description:
    "Sends an HTTP request from the host, with curl. A GET with changed_when: false is sent while planning, anything else during apply.",
  example: `name: The service answers
uri: {url: "http://127.0.0.1:8080/health", status_code: 200, return_content: true}
register: health`,
  checkMode: notCheckable("uri"),
  returns: [
    "status, url, redirected, elapsed, msg: the answer",
    "json, content: its body",
    "the headers, in lower case",
  ],
  arguments: {
    url: { type: "str", required: true, description: "The URL; http or https." },
    method: {
      type: "str",
      default: "GET",
      description: "The method of the request, in upper case.",
    },
    body: {
      type: "raw",
      description: "The body: text, or data that body_format converts to text.",
    },
    body_format: {
      type: "str",
      choices: ["raw", "json", "form-urlencoded"],
      foreignChoices: ["form-multipart"],
      default: "raw",
      description: "The format of the body; it sets the Content-Type unless headers do.",
    },
    headers: { type: "dict", description: "Headers of the request." },
    status_code: {
      type: "list",
      elements: "int",
      default: [200],
      description: "Status codes that mean success.",
    },
    return_content: {
      type: "bool",
      default: false,
      description: "Returns the body as content.",
    },
    follow_redirects: {
      type: "str",
      choices: ["all", "yes", "safe", "urllib2", "none", "no"],
      default: "safe",
      description: "Which redirects to follow; safe: those of GET and HEAD.",
    },
    timeout: {
      null: "default",
      type: "int",
      default: 30,
      description: "Seconds to connect, and the longest silence in seconds.",
    },
    validate_certs: {
      type: "bool",
      default: true,
      description: "Checks the server's certificate.",
    },
    ca_path: {
      type: "path",
      description: "A file on the host with the certificate authority to trust.",
    },
    client_cert: { type: "path", description: "A certificate on the host to log in with." },
    client_key: { type: "path", description: "Its key, if it is in a separate file." },
    url_username: { type: "str", aliases: ["user"], description: "The name to log in with." },
    url_password: {
      type: "str",
      aliases: ["password"],
      description: "The password. It does not appear in any argument list.",
    },
    force_basic_auth: {
      type: "bool",
      default: false,
      description: "Sends name and password with the first request, not only when asked.",
    },
    unix_socket: {
      type: "path",
      description: "A socket on the host to send the request through.",
    },
    use_proxy: {
      type: "bool",
      default: true,
      description: "Uses the proxy from the environment.",
    },
    http_agent: {
      null: "default",
      type: "str",
      default: "ansible-httpget",
      description: "The User-Agent.",
    },
    decompress: {
      type: "bool",
      default: true,
      description: "Unpacks content that the server has packed (gzip).",
    },
    creates: { type: "path", description: "Sends nothing if this path exists." },
    removes: { type: "path", description: "Sends nothing unless this path exists." },
  },
} as const satisfies Schema;

export type UriArgs = ArgsOf<typeof schema>;
