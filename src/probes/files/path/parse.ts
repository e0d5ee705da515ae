import { ProbeError } from "../../probe.ts";
import { TYPES, type PathArg, type PathState, type PathType } from "./state.ts";
import { defined } from "../../../defined.ts";
import type { Exactly } from "../../../exactly.ts";

/** File types by find's letters. */
const BELOW_TYPES: { readonly [letter: string]: PathType } = {
  f: "file",
  d: "directory",
  l: "link",
  c: "char",
  b: "block",
  p: "fifo",
  s: "socket",
};

// Reads the five sections and joins them for each argument.
export function parse(output: string, args: readonly PathArg[]): PathState[] {
  const sections =
    /^([\s\S]*?)\n--follow--\n([\s\S]*?)\n--sums--\n([\s\S]*?)\n--content--\n([\s\S]*)\n--below--\n([\s\S]*)$/.exec(
      output,
    );
  if (!sections) throw new ProbeError("the answer about paths is truncated or garbled");
  const [plain, followed] = [parseStat(sections[1]!), parseStat(sections[2]!)];
  const sums = parseSums(sections[3]!);
  const contents = new Map(
    sections[4]!
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("\0") as [string, string]),
  );
  const below = new Map(sections[5]!.split("\n").filter(Boolean).map(parseBelow));
  return args.map((arg) => {
    if (arg.below)
      return below.has(arg.path) ? { type: "directory", below: below.get(arg.path)! } : null;
    const state = (arg.follow ? followed : plain).get(arg.path) ?? null;
    if (state?.type !== "file") return state;
    const [sha256, content] = [sums.get(arg.path), contents.get(arg.path)];
    const wantsDigest = arg.digest || arg.indexed || arg.unless !== undefined;
    return {
      ...state,
      ...defined({
        sha256: wantsDigest && sha256 ? sha256 : undefined,
        content: arg.unless !== undefined && content !== undefined ? content : undefined,
      }),
    };
  });
}

// The paths for which stat reports anything except that they do not exist: it
// is not known what is there.
function deniedPaths(text: string): string[] {
  const errors = text
    .slice(text.lastIndexOf("\0\n") + 1)
    .matchAll(/cannot stat\w* (['"]?)(.*)\1: (.*)/g);
  return [...errors]
    .filter(
      ([, , , why]) =>
        !/^(No such file|Not a directory|Too many levels|File name too long)/.test(why!),
    )
    .map(([, , name]) => name!);
}

// Reads what is below a directory: "f 644 0 0 root/root", each ended by NUL,
// after the directory's name.
function parseBelow(line: string): [folder: string, below: PathState[]] {
  const [folder, ...words] = line.split("\0");
  return [
    folder!,
    words.filter(Boolean).map((word) => {
      const [, letter, mode, uid, gid, owner, group] =
        /^(.) (\d+) (\d+) (\d+) (.*?)\/(.*)$/.exec(word) ?? [];
      const type = BELOW_TYPES[letter ?? ""];
      if (!type) throw new ProbeError(`the answer about what is below ${folder} is garbled`);
      return {
        type,
        mode: Number.parseInt(mode!, 8),
        owner: owner!,
        group: group!,
        uid: Number(uid),
        gid: Number(gid),
      };
    }),
  ];
}

// Reads stat's records; an inaccessible path is "denied", a missing one is left out. What is
// neither a record nor what coreutils' stat says of a path was said by something else.
function parseStat(text: string): Map<string, PathState> {
  if (/\S/.test(text) && !/\0\n|cannot stat/.test(text))
    throw new ProbeError(`stat does not work on the host: ${text.trim().split("\n")[0]!}`);
  const states = new Map<string, PathState>(
    deniedPaths(text).map((name) => [name, { type: "denied" }]),
  );
  for (const record of text.split("\0\n")) {
    const fields = record.slice(record.lastIndexOf("\n", record.indexOf("\0")) + 1).split("\0");
    if (fields.length < 8) continue;
    const [name, raw, owner, group, uid, gid, size, quoted] = fields as Exactly<8, string>;
    const bits = Number.parseInt(raw, 16);
    const type = TYPES.find(([mask]) => (bits & 0xf000) === mask)?.[1];
    if (!type) throw new ProbeError(`the host answered an unknown file type for ${name}`);
    const target = type === "link" ? { target: quoted.slice(name.length + " -> ".length) } : {};
    states.set(name, {
      type,
      mode: bits & 0o7777,
      owner,
      group,
      uid: Number(uid),
      gid: Number(gid),
      size: Number(size),
      ...target,
    });
  }
  return states;
}

// Reads lines of sha256sum; a leading backslash says that the name is escaped.
function parseSums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^(\\?)([0-9a-f]{64}) [ *](.*)$/.exec(line);
    if (match) sums.set(match[1] ? match[3]!.replaceAll("\\\\", "\\") : match[3]!, match[2]!);
  }
  return sums;
}
