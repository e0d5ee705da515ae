import { normalize } from "node:path/posix";
import { TaskFailure } from "../../../errors.ts";
import type { StatState } from "../../../probes/files/stat.ts";
import { search, textPattern } from "../../shared/edit/pattern.ts";
import { globPattern } from "../../../glob.ts";
import type { FindArgs } from "./schema.ts";
import type { Exactly } from "../../../exactly.ts";
import { fromKeys, mapValues } from "../../../records.ts";

/** What the host answers. Times in seconds. */
export interface Found {
  now: number;
  objects: Stat[];
  /** Paths that are not directories. */
  skipped: string[];
  /** Files whose content fits, where that was asked. */
  fitting?: Set<string>;
  sums: Map<string, string>;
}

type Stat = Omit<
  NonNullable<StatState>,
  | "owner"
  | "group"
  | "target"
  | "source"
  | "checksum"
  | "may"
  | "blockSize"
  | "blocks"
  | "deviceType"
  | "mime"
  | "attributes"
> & { path: string; pw_name: string; gr_name: string };

const TYPES = {
  isdir: 0x4000,
  ischr: 0x2000,
  isblk: 0x6000,
  isreg: 0x8000,
  isfifo: 0x1000,
  islnk: 0xa000,
  issock: 0xc000,
} as const;
const RIGHTS = {
  rusr: 0o400,
  wusr: 0o200,
  xusr: 0o100,
  rgrp: 0o40,
  wgrp: 0o20,
  xgrp: 0o10,
  roth: 0o4,
  woth: 0o2,
  xoth: 0o1,
  isuid: 0o4000,
  isgid: 0o2000,
} as const;

// Reads the host's records.
export function readFound(output: string): Found {
  const found: Found = { now: 0, objects: [], skipped: [], sums: new Map() };
  for (const record of output.split("\n//").slice(1)) {
    const [kind, rest = ""] = [record.split(/\s/, 1)[0], record.slice(record.search(/\s|$/) + 1)];
    if (kind === "now") found.now = Number(rest);
    if (kind === "skip") found.skipped.push(rest);
    if (kind === "grep") found.fitting = new Set();
    if (kind === "has") found.fitting?.add(rest);
    if (kind === "obj") found.objects.push(readStat(rest));
    if (kind === "sums")
      for (const [, escaped, hash, name] of rest.matchAll(/^(\\?)([0-9a-f]{40}) [ *](.*)$/gm))
        found.sums.set(escaped ? unescaped(name!) : name!, hash!);
  }
  return found;
}

// A name in which sha1sum wrote line breaks and backslashes as escapes.
function unescaped(name: string): string {
  return name.replace(
    /\\([\\nr])/g,
    (_escape, char: string) => ({ n: "\n", r: "\r" })[char] ?? char,
  );
}

function readStat(text: string): Stat {
  const [bits, ...words] = text.split(" ", 12) as [string, ...string[]];
  const [uid, gid, size, inode, dev, nlink, atime, mtime, ctime] = words.map(Number) as Exactly<
    9,
    number
  >;
  const [user, group] = words.slice(9) as [string, string];
  const path = text.slice([bits, ...words].join(" ").length + 1);
  return {
    path,
    bits: Number.parseInt(bits, 16),
    uid,
    gid,
    size,
    inode,
    dev,
    nlink,
    atime,
    mtime,
    ctime,
    pw_name: named(user),
    gr_name: named(group),
  };
}

// A number that has no name.
function named(name: string): string {
  return name === "UNKNOWN" ? "" : name;
}

// Ansible's result: what fits all that is asked, in the order of paths.
export function select(args: FindArgs, found: Found): { [key: string]: unknown } {
  const fits = condition(args, found);
  const files = found.objects
    .filter(fits)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((stat) => foundResult(args, stat, found.sums));
  const skipped = fromKeys(found.skipped, (path) => `'${path}' is not a directory`);
  const msg =
    found.skipped.length > 0
      ? "Not all paths examined, check warnings for details"
      : "All paths examined";
  return {
    files,
    matched: files.length,
    examined: found.objects.length,
    msg,
    skipped_paths: skipped,
  };
}

// What is asked, as one test of an object.
function condition(args: FindArgs, { now, fitting }: Found): (stat: Stat) => boolean {
  const [patterns, excludes] = [args.patterns, args.excludes].map((list) =>
    list.map((text) => namePattern(text, args.use_regex)),
  ) as [NameTest[], NameTest[]];
  const age = amount("age", args.age, { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 });
  const size = amount("size", args.size, {
    b: 1,
    k: 1024,
    m: 1024 ** 2,
    g: 1024 ** 3,
    t: 1024 ** 4,
  });
  const atLeast = (value: number, limit: number | undefined): boolean =>
    limit === undefined || (limit >= 0 ? value >= limit : value <= -limit);
  const roots = args.paths.map((path) => `${normalize(path).replace(/\/+$/, "")}/`);
  const isTooDeep = (path: string): boolean =>
    args.recurse &&
    args.depth !== undefined &&
    args.depth !== 0 &&
    roots.every((root) => !path.startsWith(root) || depthOf(path.slice(root.length)) > args.depth!);
  return (stat) => {
    if (isTooDeep(stat.path)) return false;
    const name = stat.path.slice(stat.path.lastIndexOf("/") + 1);
    const isFile = typeOf(stat) === TYPES.isreg;
    if (name.startsWith(".") && !args.hidden) return false;
    if (
      args.file_type !== "any" &&
      typeOf(stat) !==
        { file: TYPES.isreg, directory: TYPES.isdir, link: TYPES.islnk }[args.file_type]
    )
      return false;
    if (patterns.length > 0 && !patterns.some((fits) => fits(name))) return false;
    if (excludes.some((fits) => fits(name)) || !atLeast(now - stat[args.age_stamp], age))
      return false;
    return (
      !isFile ||
      (atLeast(stat.size, size) && (args.file_type === "any" || !fitting || fitting.has(stat.path)))
    );
  };
}

// How many directories and names a path below another one has.
function depthOf(path: string): number {
  return path.split("/").length;
}

type NameTest = (name: string) => boolean;

function namePattern(text: string, isRegex: boolean): NameTest {
  if (!isRegex) {
    const pattern = globPattern(text);
    return (name) => pattern.test(name);
  }
  const pattern = textPattern(text);
  return (name) => search(pattern, name)?.index === 0;
}

// A number with its unit, such as 2d or -10m.
function amount(
  name: string,
  text: string | undefined,
  units: { readonly [unit: string]: number },
): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(-?\d+)([a-z])?$/i.exec(text);
  const unit = match?.[2] === undefined ? 1 : units[match[2].toLowerCase()];
  if (!match || unit === undefined)
    throw new TaskFailure(
      `failed to process ${name}: ${text}`,
      `write a number, optionally followed by one of ${Object.keys(units).join(", ")}`,
    );
  return Number(match[1]) * unit;
}

function typeOf({ bits }: Stat): number {
  return bits & 0xf000;
}

// One object as Ansible shows it.
function foundResult(
  args: FindArgs,
  stat: Stat,
  sums: ReadonlyMap<string, string>,
): { [key: string]: unknown } {
  const { bits, ...plain } = stat;
  const types = mapValues(TYPES, (type) => typeOf(stat) === type);
  const rights = mapValues(RIGHTS, (right) => (bits & right) !== 0);
  const checksum =
    args.get_checksum && types["isreg"] ? { checksum: sums.get(stat.path) ?? null } : {};
  return {
    ...plain,
    mode: (bits & 0o7777).toString(8).padStart(4, "0"),
    ...types,
    ...rights,
    ...checksum,
  };
}
