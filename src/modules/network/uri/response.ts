import type { StepOutput } from "../../contract/module.ts";
import { JsonReader } from "../../../jinja/python/json.ts";
import { shownUrl } from "../../shared/download/download.ts";
import { defined } from "../../../defined.ts";
import type { UriArgs } from "./schema.ts";
import { attempt } from "../../../instead-of.ts";

/** What came back. */
interface Response {
  status: number;
  reason: string;
  headers: Map<string, string[]>;
  body: Buffer;
  url: string;
  redirected: boolean;
  /** Seconds. */
  elapsed: number;
}

// Ansible's result keys for an answer: its headers in lower case with underscores, status,
// url, msg, json and content.
export function readResponse(args: UriArgs, output: StepOutput): { [key: string]: unknown } {
  const answer = parse(Buffer.from(output.stdout.trim(), "base64"));
  const notWanted = args.status_code.includes(answer.status)
    ? ""
    : `Status code was ${answer.status} and not [${args.status_code.join(", ")}]: `;
  const answered =
    answer.status >= 300
      ? `HTTP Error ${answer.status}: ${answer.reason}`
      : `OK (${answer.headers.get("content-length")?.[0] ?? "unknown"} bytes)`;
  const problem = answer.status === -1 ? saidByCurl(output) : answered;
  const text = decoded(answer);
  return {
    ...headerKeys(answer, args),
    ...(answer.status > 0 && answer.status < 300 && cookies(answer)),
    url: answer.url,
    status: answer.status,
    redirected: answer.redirected,
    elapsed: answer.elapsed,
    msg: notWanted + problem,
    ...jsonOf(answer, text),
    ...defined({ content: args.return_content ? text : undefined }),
  };
}

// What curl said of a request that was not answered, without what is said of the status.
function saidByCurl({ stderr }: StepOutput): string {
  return stderr.replace(/^Status code was .*\n?/m, "").trim();
}

// The body as text, in the encoding that its type names; UTF-8 if that is none.
function decoded({ headers, body }: Response): string {
  const type = headers.get("content-type")?.[0] ?? "";
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(type)?.[1] ?? "utf-8";
  return (
    attempt(() => new TextDecoder(charset, { ignoreBOM: true }).decode(body)) ??
    body.toString("utf8")
  );
}

// Splits what curl printed: headers of all answers on the way, the body, the trailer.
function parse(bytes: Buffer): Response {
  const end = bytes.lastIndexOf(0x0a);
  const [code = "0", length = "0", redirects = "0", seconds = "0", url = ""] = bytes
    .subarray(end + 1)
    .toString("utf8")
    .split(" ");
  const headerText = bytes.subarray(0, Number(length)).toString("latin1");
  const block =
    headerText
      .split(/\r?\n\r?\n/)
      .filter((part) => part.startsWith("HTTP/"))
      .at(-1) ?? "";
  const [first = "", ...rest] = block.split(/\r?\n/);
  const headers = new Map<string, string[]>();
  for (const line of rest) {
    const [, name, value = ""] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined)
      headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value]);
  }
  const reason = /^HTTP\/\S+ \d+ ?(.*)$/.exec(first)?.[1] ?? "";
  return {
    status: Number(code) || -1,
    reason,
    headers,
    body: bytes.subarray(Number(length), Math.max(end, 0)),
    url,
    redirected: redirects !== "0",
    elapsed: Math.floor(Number(seconds)),
  };
}

// Headers as variables; a location becomes a whole URL.
function headerKeys({ headers }: Response, { url }: UriArgs): { [key: string]: string } {
  const keys = [...headers].map(
    ([name, values]) => [name.replaceAll("-", "_"), values.join(", ")] as const,
  );
  const location = headers.get("location")?.[0];
  const whole =
    location !== undefined && URL.canParse(location, shownUrl(url))
      ? { location: new URL(location, shownUrl(url)).href }
      : {};
  return { ...Object.fromEntries(keys), ...whole };
}

function cookies({ headers }: Response): {
  cookies: { [name: string]: string };
  cookies_string: string;
} {
  const pairs = (headers.get("set-cookie") ?? [])
    .map((line) => /^([^=;]+)=([^;]*)/.exec(line))
    .filter((match) => match !== null);
  const all = Object.fromEntries(pairs.map((match) => [match[1]!.trim(), match[2]!]));
  return {
    cookies: all,
    cookies_string: Object.entries(all)
      .map(([name, value]) => `${name}=${value}`)
      .join("; "),
  };
}

// The body as data, if its type says that it is JSON and it is.
function jsonOf({ headers }: Response, text: string): { json?: unknown } {
  if (
    !/^[^/]+\/(?:[^;+]*\+)?(?:json|javascript)\s*(?:;|$)/i.test(
      headers.get("content-type")?.[0] ?? "",
    )
  )
    return {};
  return attempt(() => ({ json: new JsonReader(text).read() })) ?? {};
}
