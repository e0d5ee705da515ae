import { outsideOf, searchPathOf, type Call } from "../../core/callable.ts";
import { wantList, wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { makeDict } from "../../core/dict.ts";
import { Fault } from "../../core/fault.ts";
import { pairsOf } from "../methods-dict.ts";
import { toText } from "../../core/text.ts";
import { isDict, tuple } from "../../core/value.ts";

// The directory of a path, without trailing slashes.
function dirname(path: string): string {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return /[^/]/.test(folder) ? folder.replace(/\/+$/, "") : folder;
}

// Name and extension of a path; dots that begin a name are no extension.
function splitExtension(path: string): string[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  if (dot < 0 || /^\.*$/.test(name.slice(0, dot))) return [path, ""];
  const cut = path.length - (name.length - dot);
  return [path.slice(0, cut), path.slice(cut)];
}

// Joins paths; an absolute one starts again.
function joinPaths(parts: string[]): string {
  return parts.reduce((joined, part) => {
    if (part.startsWith("/")) return part;
    return joined === "" || joined.endsWith("/") ? joined + part : `${joined}/${part}`;
  }, "");
}

// A path without ".", ".." and double slashes.
export function normalizePath(path: string): string {
  const absolute = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== ".." || (kept.length === 0 ? !absolute : kept.at(-1) === "..")) kept.push(part);
    else kept.pop();
  }
  return (absolute ? "/" : "") + kept.join("/") || ".";
}

// normpath: as Python has it, which keeps two slashes at the beginning, as POSIX allows
// them a meaning of their own.
function normPath(path: string): string {
  const normal = normalizePath(path);
  return /^\/\/(?!\/)/.test(path) ? `/${normal}` : normal;
}

// relpath(start)
function relativePath(value: unknown, [start]: unknown[], call: Call): string {
  const absolute = (path: string): string[] =>
    normalizePath(path.startsWith("/") ? path : joinPaths([outsideOf(call, "relpath").cwd(), path]))
      .split("/")
      .filter(Boolean);
  if (value === "") throw new Fault("no path specified");
  const [to, from] = [absolute(wantText(value)), absolute(wantText(start))];
  let shared = 0;
  while (shared < to.length && shared < from.length && to[shared] === from[shared]) shared++;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/") || ".";
}

// commonpath: the directory that all paths are in.
function commonPath(value: unknown): string {
  const paths = wantList(value).map((path) => wantText(path));
  if (paths.length === 0) throw new Fault("commonpath takes paths, but this list is empty");
  const isAbsolute = paths[0]!.startsWith("/");
  if (paths.some((path) => path.startsWith("/") !== isAbsolute))
    throw new Fault("commonpath cannot mix absolute and relative paths");
  const [first = [], ...others] = paths.map((path) =>
    path.split("/").filter((part) => part !== "" && part !== "."),
  );
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (isAbsolute ? "/" : "") + first.slice(0, end < 0 ? undefined : end).join("/");
}

// expanduser: ~ and ~name.
function expandUser(value: unknown, _args: unknown[], call: Call): string {
  const path = wantText(value);
  const user = /^~([^/]*)/.exec(path);
  if (!user) return path;
  const home = outsideOf(call, "expanduser").home(user[1] === "" ? undefined : user[1]);
  return home === undefined ? path : home.replace(/\/+$/, "") + path.slice(user[0].length) || "/";
}

// expandvars: $NAME and ${NAME}; what is not set stays.
function expandVariables(value: unknown, _args: unknown[], call: Call): string {
  return wantText(value).replace(
    /\$(?:(\w+)|\{([^}]*)\})/g,
    (whole, name?: string, braced?: string) =>
      outsideOf(call, "expandvars").variable(name ?? braced ?? "") ?? whole,
  );
}

// path_join: of a list, or of one text.
function pathJoin(value: unknown): string {
  return typeof value === "string"
    ? value
    : joinPaths(wantList(value, "a path or a list of its parts").map((part) => wantText(part)));
}

// urlsplit(component)
function urlSplit(value: unknown, [component]: unknown[]): unknown {
  const parts = urlParts(wantText(value));
  if (component === "") return makeDict(parts);
  if (!parts.has(toText(component)))
    throw new Fault(
      `urlsplit: unknown URL component: ${toText(component)}`,
      `there are: ${[...parts.keys()].join(", ")}`,
    );
  return parts.get(toText(component));
}

// What a URL is made of, by the names that Python has for it.
export function urlParts(url: string): Map<string, unknown> {
  const [, scheme = "", authority, path = "", query = "", fragment = ""] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/.exec(
      url,
    ) ?? [];
  const netloc = authority ?? "";
  const at = netloc.lastIndexOf("@");
  const [user, ...secret] = at < 0 ? [] : netloc.slice(0, at).split(":");
  const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(netloc.slice(at + 1)) ?? [];
  return new Map<string, unknown>([
    ["fragment", fragment],
    ["hostname", host ? host.replace(/^\[|\]$/g, "").toLowerCase() : null],
    ["netloc", netloc],
    ["password", secret.length > 0 ? secret.join(":") : null],
    ["path", path],
    ["port", port ? Number(port) : null],
    ["query", query],
    ["scheme", scheme.toLowerCase()],
    ["username", user ?? null],
  ]);
}

// Text as written in a URL; "/" stays as it is if the text is a path.
function urlQuote(text: string, slashes: boolean): string {
  const quoted = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return slashes ? quoted.replaceAll("%2F", "/") : quoted.replaceAll("%20", "+");
}

// urlencode: a text, or the pairs of a query.
function urlEncode(value: unknown): string {
  if (!isDict(value) && !Array.isArray(value)) return urlQuote(toText(value), true);
  return pairsOf(value)
    .map(([key, item]) => `${urlQuote(toText(key), false)}=${urlQuote(toText(item), false)}`)
    .join("&");
}

// urldecode
function urlDecode(value: unknown): string {
  const bytes = wantText(value)
    .replaceAll("+", " ")
    .replace(/(?:%[\da-fA-F]{2})+/g, (run) =>
      Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"),
    );
  return bytes;
}

/** Filters on paths and URLs. */
export const pathFilters: Table = {
  basename: filter([], (value) => wantText(value).slice(wantText(value).lastIndexOf("/") + 1)),
  dirname: filter([], (value) => dirname(wantText(value))),
  splitext: filter([], (value) => tuple(splitExtension(wantText(value)))),
  path_join: filter([], pathJoin),
  commonpath: filter([], commonPath),
  normpath: filter([], (value) => normPath(wantText(value))),
  relpath: filter([["start", "."]], relativePath),
  realpath: filter([], (value, _args, call) =>
    outsideOf(call, "realpath").realpath(wantText(value)),
  ),
  expanduser: filter([], expandUser),
  expandvars: filter([], expandVariables),
  fileglob: filter([], (value, _args, call) =>
    outsideOf(call, "fileglob").glob(wantText(value), call.place(), searchPathOf(call.scope)),
  ),
  urlsplit: filter([["query", ""]], urlSplit),
  urlencode: filter([], urlEncode),
  urldecode: filter([], urlDecode),
};
