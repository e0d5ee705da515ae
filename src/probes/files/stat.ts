import { dirname } from "node:path/posix";
import { lines, sh, type Script } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { defined } from "../../defined.ts";
import type { Exactly } from "../../exactly.ts";

/** Digests by the names that their programs have. */
export type StatAlgorithm = "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512";

export interface StatArg {
  path: string;
  follow: boolean;
  /** Wants this digest of a regular file. */
  checksum?: StatAlgorithm;
  /** Wants what `file` says of the content, and what `lsattr` says of the file. */
  mime?: boolean;
  attributes?: boolean;
}

/**
 * Everything that the system reports about a path; null: nothing is there.
 * Times in seconds since 1970.
 */
export type StatState = null | {
  /** File type and permission bits, as in st_mode. */
  bits: number;
  uid: number;
  gid: number;
  owner: string;
  group: string;
  size: number;
  inode: number;
  dev: number;
  nlink: number;
  /** The best size of reads, in bytes; what it takes, in units of 512 bytes. */
  blockSize: number;
  blocks: number;
  /** Which device a device file stands for, as in st_rdev. */
  deviceType: number;
  atime: number;
  mtime: number;
  ctime: number;
  /** What `file` and `lsattr` print, where they are on the host and know the path. */
  mime?: string;
  attributes?: string;
  target?: string;
  /** Where a link leads to in the end. */
  source?: string;
  checksum?: string;
  /** What whoever runs may do: letters of rwx. */
  may: string;
};

/** The kind under which changes of a path's times are noted; no host is asked about it. */
const TOUCHED = "touched";

/**
 * What the stat module shows. One process for all paths, one for all that are followed,
 * one for each kind of digest.
 */
export const stat: ProbeKind<StatArg, StatState> = {
  name: "stat",
  subject: (arg) => `${arg.follow ? "follow " : ""}${arg.path}`,
  located: {
    path: ({ path, follow }) => ({ path, follow }),
    at: (arg, location) => ({ ...arg, path: location, follow: false }),
  },
  // a directory has the time of its last new name, a file the number of its names
  planned: {
    madeOf: ({ path }, kind, subject) => {
      if (kind === "path") return dirname(subject) === path;
      if (kind === TOUCHED) return subject === path;
      return kind === "same" && subject.split("\n").includes(path);
    },
  },
  holds: { asked: AFTER_EACH_CHANGE },
  script: (args) => script(args),
  parse: (output, args) => parse(output, args),
};

// Marks a path as one whose times a change sets, whatever else of it stays.
export function markTouched(path: string): { kind: string; subject: string; after: true } {
  return { kind: TOUCHED, subject: path, after: true };
}

// Asks for all that can be known of a path.
export function askStat(arg: StatArg): Probe<StatState> {
  return ask(stat, arg);
}

const FORMAT = "%n\\0%f %u %g %s %i %d %h %o %b %t %T %.9X %.9Y %.9Z %U/%G\\0%N\\0\\n";

function script(args: readonly StatArg[]): Script {
  const paths = (follow: boolean): string[] => [
    ...new Set(args.filter((arg) => arg.follow === follow).map((arg) => arg.path)),
  ];
  const one = (flag: string[], names: string[]): Script =>
    names.length === 0
      ? sh`:`
      : sh`QUOTING_STYLE=literal stat ${flag} --printf ${FORMAT} -- ${names} 2>/dev/null`;
  const sums = [...new Set(args.flatMap((arg) => arg.checksum ?? []))].map((name) => {
    const names = [...new Set(args.filter((arg) => arg.checksum === name).map((arg) => arg.path))];
    return sh`printf '\n--%s--\n' ${name}
set --; for hw_p in ${names}; do [ ! -f "$hw_p" ] || [ ! -r "$hw_p" ] || set -- "$@" "$hw_p"; done; [ $# = 0 ] || ${`${name}sum`} -- "$@"`;
  });
  return lines([
    one([], paths(false)),
    sh`printf '\n--follow--\n'`,
    one(["-L"], paths(true)),
    sh`printf '\n--may--\n'
for hw_p in ${[...new Set(args.map((arg) => arg.path))]}; do
  hw_m=; [ -r "$hw_p" ] && hw_m=r; [ -w "$hw_p" ] && hw_m="$hw_m"w; [ -x "$hw_p" ] && hw_m="$hw_m"x
  hw_l=; [ -L "$hw_p" ] && hw_l=$(hw_real "$hw_p"); printf '%s\\0%s\\0%s\n' "$hw_p" "$hw_m" "$hw_l"
done`,
    ...sums,
    ...said("mime", args, sh`file --brief --mime-type --mime-encoding --`),
    ...said("attributes", args, sh`lsattr -vd --`),
    sh`printf '\n--end--\n'`,
  ]);
}

// Has a program tell of the paths where it is asked for, if the host has it.
function said(name: "mime" | "attributes", args: readonly StatArg[], program: Script): Script[] {
  const names = [...new Set(args.filter((arg) => arg[name]).map((arg) => arg.path))];
  if (names.length === 0) return [];
  return [
    sh`printf '\n--%s--\n' ${name}; set -- ${names}
command -v ${program.sh.split(" ")[0]!} >/dev/null || set --
for hw_p; do hw_l=$(${program} "$hw_p" 2>/dev/null) && printf '%s\\0%s\\0\n' "$hw_p" "$hw_l"; done`,
  ];
}

function parse(output: string, args: readonly StatArg[]): StatState[] {
  const [plain = "", ...marked] = output.split(
    /\n--(follow|may|md5|sha\d+|mime|attributes|end)--\n/,
  );
  if (marked.at(-2) !== "end")
    throw new ProbeError("the answer about files is truncated or garbled");
  const section = (name: string): string => marked[marked.indexOf(name) + 1] ?? "";
  const [own, followed] = [parseRecords(plain), parseRecords(section("follow"))];
  const may = new Map(
    section("may")
      .split("\n")
      .map((line) => line.split("\0"))
      .map(([path, letters, source]) => [path, { letters, source }]),
  );
  const [mime, attributes] = [parseSaid(section("mime")), parseSaid(section("attributes"))];
  return args.map((arg) => {
    const state = (arg.follow ? followed : own).get(arg.path);
    if (!state) return null;
    const { letters = "", source } = may.get(arg.path) ?? {};
    const sum =
      arg.checksum && (state.bits & 0xf000) === 0x8000
        ? parseSums(section(arg.checksum)).get(arg.path)
        : undefined;
    return {
      ...state,
      may: letters,
      ...defined({
        source: state.target !== undefined && source ? source : undefined,
        checksum: sum,
        mime: mime.get(arg.path),
        attributes: attributes.get(arg.path),
      }),
    };
  });
}

// Reads what a program said of each path.
function parseSaid(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^([^\0]*)\0([^\0]*)\0$/gm)].map(([, path, words]) => [path!, words!]),
  );
}

// Reads stat's records.
function parseRecords(text: string): Map<string, NonNullable<StatState>> {
  const states = new Map<string, NonNullable<StatState>>();
  for (const record of text.split("\0\n")) {
    const [name, words, quoted] = record.split("\0");
    if (name === undefined || words === undefined || quoted === undefined) continue;
    const found =
      /^([0-9a-f]+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([\d.-]+) ([\d.-]+) ([\d.-]+) (.*?)\/(.*)$/.exec(
        words,
      );
    if (!found) throw new ProbeError(`the answer about ${name} is garbled`);
    const [uid, gid, size, inode, dev, nlink, blockSize, blocks] = found
      .slice(2, 10)
      .map(Number) as Exactly<8, number>;
    const [atime, mtime, ctime] = found.slice(12, 15).map(Number) as Exactly<3, number>;
    const bits = Number.parseInt(found[1]!, 16);
    const target =
      (bits & 0xf000) === 0xa000 ? { target: quoted.slice(name.length + " -> ".length) } : {};
    states.set(name, {
      bits,
      uid,
      gid,
      owner: found[15]!,
      group: found[16]!,
      size,
      inode,
      dev,
      nlink,
      blockSize,
      blocks,
      deviceType: deviceNumber(found[10]!, found[11]!),
      atime,
      mtime,
      ctime,
      may: "",
      ...target,
    });
  }
  return states;
}

// The number of a device from its major and minor one, in hexadecimal digits, as makedev makes it.
function deviceNumber(majorHex: string, minorHex: string): number {
  const [major, minor] = [BigInt(`0x${majorHex}`), BigInt(`0x${minorHex}`)];
  return Number(
    ((major & 0xfffff000n) << 32n) |
      ((major & 0xfffn) << 8n) |
      ((minor & 0xffffff00n) << 12n) |
      (minor & 0xffn),
  );
}

// Reads lines of sha1sum and its kin.
function parseSums(text: string): Map<string, string> {
  const found = [...text.matchAll(/^(\\?)([0-9a-f]+) [ *](.*)$/gm)];
  return new Map(
    found.map(([, escaped, hex, name]) => [escaped ? name!.replaceAll("\\\\", "\\") : name!, hex!]),
  );
}
