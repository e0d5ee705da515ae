import text from "./fetch.sh?raw";
import { TaskFailure } from "../../../errors.ts";
import { toText } from "../../../jinja/core/text.ts";
import { sh, type Script } from "../../../script/sh.ts";

/**
 * How the host asks for a URL. Nothing of it is ever in an argument list, where
 * others could read it.
 */
export interface DownloadRequest {
  url: string;
  /** Seconds to connect, and the longest silence in seconds. */
  timeout: number;
  headers?: { readonly [name: string]: unknown } | undefined;
  user?: string | undefined;
  password?: string | undefined;
  validateCerts: boolean;
  useProxy: boolean;
  agent?: string | undefined;
  /** Content that the server has packed (gzip) is unpacked. */
  decompress?: boolean;
  /** A certificate on the host to log in with, and its key. */
  cert?: string | undefined;
  key?: string | undefined;
}

// Tells URLs that a host can download from paths on the controller.
export function isUrl(text: string): boolean {
  return /^(https?|ftp):\/\//i.test(text);
}

// The path that a URL with file:// means; undefined: it is none.
export function filePath(text: string): string | undefined {
  if (!/^file:\/\//i.test(text)) return undefined;
  return decodeURIComponent(text.slice("file://".length).replace(/^localhost\//i, "/"));
}

// The path on the controller that a "url" without a scheme, or with file://, means.
export function controllerPath(text: string): string {
  const path = filePath(text);
  if (path === undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    throw new TaskFailure(
      `cannot download ${text}`,
      "http://, https:// and ftp:// can be downloaded; a path is a file on the controller",
    );
  return path ?? text;
}

// The name that a URL or a path gives a file.
export function fileName(url: string): string {
  const path = isUrl(url) ? decodeURIComponent(parseUrl(url).pathname) : url;
  return path.slice(path.lastIndexOf("/") + 1) || "index.html";
}

// A URL as it may be shown: without name and password.
export function shownUrl(url: string): string {
  if (!isUrl(url)) return url;
  const target = parseUrl(url);
  target.username = target.password = "";
  return target.href;
}

function parseUrl(url: string): URL {
  if (!URL.canParse(url) || /[\s\\"]/.test(url)) throw new TaskFailure(`"${url}" is not a URL`);
  return new URL(url);
}

// Downloads to a file on the host: hw_fetch, with everything that curl or wget reads from
// its stdin or a private file.
export function fetchTo(request: DownloadRequest, to: Script): Script {
  return sh`hw_fetch ${shownUrl(request.url)} ${to} ${curlConfig(request)} ${wgetConfig(request)} ${request.timeout}`;
}

// Name and password, from the parameters or else from the URL.
export function login({
  url,
  user,
  password,
}: DownloadRequest): { user: string; password: string } | undefined {
  const target = parseUrl(url);
  if (user !== undefined) return { user, password: password ?? "" };
  return target.username
    ? { user: decodeURIComponent(target.username), password: decodeURIComponent(target.password) }
    : undefined;
}

// Header lines, each on one line.
export function headerLines(headers: DownloadRequest["headers"]): string[] {
  const entries =
    headers instanceof Map ? [...(headers as Map<string, unknown>)] : Object.entries(headers ?? {});
  return entries.map(([name, value]) => {
    const line = `${name}: ${toText(value)}`;
    if (/[\r\n]/.test(line)) throw new TaskFailure(`the header ${name} contains a line break`);
    return line;
  });
}

// A value of wget's configuration, which knows no way to write a line break.
function oneLine(value: string): string {
  if (/[\r\n]/.test(value)) throw new TaskFailure(`${JSON.stringify(value)} contains a line break`);
  return value;
}

// One line of what curl reads with -K.
export function option(name: string, value: string | number): string {
  const escapes: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v" };
  return `${name} = "${String(value)
    .replace(/[\\"]/g, "\\$&")
    .replace(/[\n\r\t\v]/g, (char) => escapes[char]!)}"`;
}

// How curl takes content: it asks for it as it is, as Ansible does, and unpacks what is packed.
export function decoding({
  headers,
  decompress = true,
}: Pick<DownloadRequest, "headers" | "decompress">): string[] {
  const isNamed = headerLines(headers).some((line) => /^accept-encoding:/i.test(line));
  return [
    ...(isNamed ? [] : [option("header", "Accept-Encoding: identity")]),
    ...(decompress ? ["compressed"] : []),
  ];
}

// What curl reads with -K.
function curlConfig(request: DownloadRequest): string {
  const who = login(request);
  return [
    option("url", shownUrl(request.url)),
    "silent",
    "show-error",
    "fail",
    "location",
    "globoff",
    "netrc-optional",
    ...decoding(request),
    option("proto", "=http,https,ftp"),
    option("connect-timeout", request.timeout),
    "speed-limit = 1",
    option("speed-time", request.timeout),
    ...headerLines(request.headers).map((line) => option("header", line)),
    ...(who ? [option("user", `${who.user}:${who.password}`)] : []),
    ...(request.validateCerts ? [] : ["insecure"]),
    ...(request.useProxy ? [] : [option("noproxy", "*")]),
    ...Object.entries({
      "user-agent": request.agent,
      cert: request.cert,
      key: request.key,
    }).flatMap(([name, value]) => (value === undefined ? [] : [option(name, value)])),
    "",
  ].join("\n");
}

// What wget reads as its configuration, where there is no curl; "" where it needs none.
function wgetConfig(request: DownloadRequest): string {
  const who = login(request);
  const lines = [
    ...headerLines(request.headers).map((line) => `header = ${line}`),
    ...(who ? [`user = ${who.user}`, `password = ${who.password}`, "auth_no_challenge = on"] : []),
    ...(request.validateCerts ? [] : ["check_certificate = off"]),
    ...(request.useProxy ? [] : ["use_proxy = off"]),
    ...Object.entries({
      user_agent: request.agent,
      certificate: request.cert,
      private_key: request.key,
    }).flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${oneLine(value)}`])),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * hw_fetch SHOWN-URL TO CURL-CONFIG WGET-CONFIG TIMEOUT: uses curl, or GNU wget, or a small wget
 * (busybox) if nothing has to be configured. Each failure comes with a hint.
 */
export const FETCH_FUNCTIONS = text;
