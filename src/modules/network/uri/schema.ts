import type { ArgsOf, Schema } from "../../contract/schema.ts";

export const schema = {
  description:
    "Sends an HTTP request from the host, through its curl. A GET with changed_when: false is sent while planning, anything else at apply.",
  example: `name: The service answers
uri: {url: "http://127.0.0.1:8080/health", status_code: 200, return_content: true}
register: health`,
  returns: [
    "status, url, redirected, elapsed, msg: the answer",
    "json, content: its body",
    "the headers, in small letters",
  ],
  arguments: {
    url: { type: "str", required: true, description: "Where to; http or https." },
    method: { type: "str", default: "GET", description: "The request's method, in capitals." },
    body: { type: "raw", description: "What is sent: text, or what body_format makes text of." },
    body_format: {
      type: "str",
      choices: ["raw", "json", "form-urlencoded"],
      foreignChoices: ["form-multipart"],
      default: "raw",
      description: "How the body is written; it sets the Content-Type unless headers do.",
    },
    headers: { type: "dict", description: "Headers of the request." },
    status_code: {
      type: "list",
      elements: "int",
      default: [200],
      description: "Codes that are a success.",
    },
    return_content: {
      type: "bool",
      default: false,
      description: "Puts the answer's text into the result as content.",
    },
    follow_redirects: {
      type: "str",
      choices: ["all", "yes", "safe", "urllib2", "none", "no"],
      default: "safe",
      description: "Which redirects are followed; safe: those of GET and HEAD.",
    },
    timeout: {
      type: "int",
      default: 30,
      description: "Seconds to connect, and seconds of silence that are borne.",
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
    client_key: { type: "path", description: "Its key, if that is a file of its own." },
    url_username: { type: "str", aliases: ["user"], description: "The name to log in with." },
    url_password: {
      type: "str",
      aliases: ["password"],
      description: "The password for it. It is in no argument list.",
    },
    force_basic_auth: {
      type: "bool",
      default: false,
      description: "Sends name and password at once, not only when asked.",
    },
    unix_socket: {
      type: "path",
      description: "A socket on the host to send the request through.",
    },
    use_proxy: {
      type: "bool",
      default: true,
      description: "Uses the proxy that the environment names.",
    },
    http_agent: { type: "str", default: "ansible-httpget", description: "The User-Agent." },
    creates: { type: "path", description: "Sends nothing if this path is there." },
    removes: { type: "path", description: "Sends nothing unless this path is there." },
  },
} as const satisfies Schema;

export type UriArgs = ArgsOf<typeof schema>;
