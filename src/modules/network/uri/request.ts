import { TaskFailure } from "../../../errors.ts";
import { writeJson } from "../../../jinja/python/json.ts";
import { toText } from "../../../jinja/core/text.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import { PYTHON_JSON } from "../../files/copy/source.ts";
import {
  decoding,
  headerLines,
  isUrl,
  login,
  option,
  shownUrl,
} from "../../shared/download/download.ts";
import type { UriArgs } from "./schema.ts";

// Tells requests that change nothing on the other side.
export function isLooking({ method }: UriArgs): boolean {
  return method.toUpperCase() === "GET" || method.toUpperCase() === "HEAD";
}

/**
 * What curl prints after the body: status, length of all headers, redirects, seconds, final URL.
 */
const TRAILER = "\n%{http_code} %{size_header} %{num_redirects} %{time_total} %{url_effective}";

// Sends the request, prints all that came back in base64, and fails where the
// status is none of those wanted.
export function requestScript(args: UriArgs): Script {
  const codes = args.status_code.map((code) => sh`${code}`.sh).join("|") || "''";
  return lines([
    sh`command -v curl >/dev/null 2>&1 || { echo 'there is no curl on the host; install it first' >&2; exit 1; }`,
    sh`hw_o=$(printf %s ${config(args)} | curl -q \${NETRC:+--netrc-file "\$NETRC"} -K - | base64 -w0)`,
    sh`printf '%s\n' "$hw_o"; hw_s=$(printf %s "$hw_o" | base64 -d | tail -n 1); hw_s="\${hw_s%% *}"; hw_s="\${hw_s#"\${hw_s%%[!0]*}"}"`,
    sh`case $hw_s in ${{ sh: codes }}) ;; *) printf 'Status code was %s and not %s\n' "\${hw_s:--1}" ${`[${args.status_code.join(", ")}]`} >&2; exit 1 ;; esac`,
  ]);
}

// All of it is in what curl reads from its stdin, because anybody can read an argument list.
function config(args: UriArgs): string {
  if (!isUrl(args.url) || /^ftp:/i.test(args.url))
    throw new TaskFailure(`"${args.url}" is not an http or https URL`);
  if (!/^[A-Z]+$/i.test(args.method))
    throw new TaskFailure(
      `"${args.method}" is not an HTTP method`,
      "write it as one word: GET, POST ...",
    );
  const who = login({
    url: args.url,
    user: args.url_username,
    password: args.url_password,
    timeout: args.timeout,
    validateCerts: true,
    useProxy: true,
  });
  const set = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [option(name, value)];
  return [
    option("url", shownUrl(args.url)),
    "silent",
    "show-error",
    "include",
    "globoff",
    "netrc-optional",
    ...decoding(args),
    option("proto", "=http,https"),
    option("write-out", TRAILER),
    option("connect-timeout", args.timeout),
    "speed-limit = 1",
    option("speed-time", args.timeout),
    option("user-agent", args.http_agent),
    ...methodLines(args),
    ...(follows(args) ? ["location"] : []),
    ...headerLines(headersOf(args)).map((line) => option("header", line)),
    ...(who
      ? [option("user", `${who.user}:${who.password}`), args.force_basic_auth ? "basic" : "anyauth"]
      : []),
    ...(args.validate_certs ? [] : ["insecure"]),
    ...(args.use_proxy ? [] : [option("noproxy", "*")]),
    ...set("cacert", args.ca_path),
    ...set("cert", args.client_cert),
    ...set("key", args.client_key),
    ...set("unix-socket", args.unix_socket),
    "",
  ].join("\n");
}

// Method and body. Only a method that curl would not choose itself is named, so
// that redirects may change it.
function methodLines(args: UriArgs): string[] {
  const method = args.method.toUpperCase();
  const body = bodyOf(args);
  if (method === "HEAD") return ["head"];
  if (body === undefined && method !== "POST")
    return method === "GET" ? [] : [option("request", method)];
  return [
    option("data-raw", body ?? ""),
    ...(method === "POST" ? [] : [option("request", method)]),
  ];
}

function follows({ follow_redirects: which, ...args }: UriArgs): boolean {
  return (
    which === "all" ||
    which === "yes" ||
    ((which === "safe" || which === "urllib2") && isLooking(args as UriArgs))
  );
}

// The body as text.
function bodyOf({ body, body_format: format }: UriArgs): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string") return body;
  if (format === "json") return writeJson(body, PYTHON_JSON);
  if (format === "form-urlencoded" && typeof body === "object") return formOf(body);
  if (typeof body === "object")
    throw new TaskFailure("the body is a mapping or a list", "set its format: body_format: json");
  return String(body);
}

// A mapping, or a list of pairs, as a form; a list as value gives its name several times.
function formOf(body: unknown): string {
  const pairs = pairsOf(body);
  const fields = pairs.flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((one) => one !== null && one !== undefined)
      .map((one) => `${escaped(name)}=${escaped(one)}`),
  );
  return fields.join("&");
}

// The names and values of a mapping or a list of pairs. Throws TaskFailure for other lists.
function pairsOf(body: unknown): [string, unknown][] {
  if (body instanceof Map) return [...(body as Map<string, unknown>)];
  if (!Array.isArray(body)) return Object.entries(body as object);
  return body.map((pair) => {
    if (Array.isArray(pair) && pair.length === 2) return pair as [string, unknown];
    throw new TaskFailure(
      `failed to parse body as form_urlencoded: ${toText(pair)} is not a name with its value`,
      "write a mapping, or a list of pairs: [[name, value], ...]",
    );
  });
}

// A value as Python's quote_plus writes it.
function escaped(value: unknown): string {
  return encodeURIComponent(toText(value))
    .replace(/[!*'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

// The headers, with the body's type unless they name one.
function headersOf({ headers, body_format: format }: UriArgs): { [name: string]: unknown } {
  const all = Object.fromEntries(
    headers instanceof Map ? (headers as Map<string, unknown>) : Object.entries(headers ?? {}),
  );
  const type = {
    raw: undefined,
    json: "application/json",
    "form-urlencoded": "application/x-www-form-urlencoded",
  }[format];
  const isNamed = Object.keys(all).some((name) => name.toLowerCase() === "content-type");
  return type === undefined || isNamed ? all : { ...all, "Content-Type": type };
}
