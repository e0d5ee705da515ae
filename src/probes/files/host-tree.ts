import { lines, sh } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { renewed } from "./may-be-replaced.ts";
import type { PathState } from "./path.ts";
import { sha256Hex } from "../../sha256.ts";

/** A directory of the host. With `follow`, links in it count as what they lead to. */
export interface HostTreeArg {
  path: string;
  follow: boolean;
}

/** What there is in a tree: a link only where links are not followed, or where it leads nowhere. */
export type HostTreeEntry = {
  /** Below the directory. */
  path: string;
  type: "file" | "directory" | "link" | "other";
};

/** Everything below a directory, by path; null: there is no directory. */
export type HostTree = null | {
  entries: HostTreeEntry[];
  /** Whoever asks may not read all of it. */
  isPartial?: true;
};

/**
 * The names and types below a directory, as they will be by then. What each of them is
 * like, other questions ask.
 */
export const hostTree: ProbeKind<HostTreeArg, HostTree> = {
  name: "tree",
  subject: ({ path, follow }) => `${follow ? "follow " : ""}${path}`,
  script: (args) =>
    lines([
      { sh: FUNCTION },
      ...args.map(({ path, follow }) => sh`printf '=\\0'; hw_tree ${flagOf(follow)} ${path}`),
    ]),
  parse(output, args) {
    const parts = output.split("=\0").slice(1);
    if (parts.length !== args.length)
      throw new ProbeError("the answer about directories is truncated or garbled");
    return parts.map((part) => readPart(part.split("\0").slice(0, -1)));
  },
  holds: { asked: AFTER_EACH_CHANGE },
  planned: {
    join: (found, paths, { path }) =>
      joinPlanned(found, paths as ReadonlyMap<string, PathState>, path),
    madeOf: ({ path, follow }, kind, subject) =>
      (kind === renewed.name && isAround(path, subject)) ||
      (follow && kind === "path" && isAround(path, subject)),
  },
  look: {
    script: ({ path, follow }) => sh`${{ sh: FUNCTION }}
hw_tree ${flagOf(follow)} ${path} | sha256sum | cut -c 1-64`,
    words: (state) => [sha256Hex(written(state))],
  },
};

// Asks for what is in a directory.
export function askHostTree(arg: HostTreeArg): Probe<HostTree> {
  return ask(hostTree, arg);
}

const FUNCTION = String.raw`hw_tree() {
  [ -d "$2" ] || return 0
  printf 'tree\0'
  { find $1 "$2/" -mindepth 1 -printf '%y %P\0' 2>/dev/null || printf '! \0'; } | LC_ALL=C sort -z
}`;

const LETTERS = { f: "file", d: "directory", l: "link", N: "link" } as const;

function flagOf(follow: boolean): string[] {
  return [follow ? "-L" : "-P"];
}

function readPart([head, ...rows]: string[]): HostTree {
  if (head === undefined) return null;
  const entries = rows
    .filter((row) => !row.startsWith("!"))
    .map((row): HostTreeEntry => {
      const letter = row[0] as keyof typeof LETTERS;
      return { path: row.slice(2), type: LETTERS[letter] ?? "other" };
    });
  const tree = { entries: sorted(entries) };
  return entries.length === rows.length ? tree : { ...tree, isPartial: true };
}

// By path, so that directories come before what is in them.
function sorted(entries: HostTreeEntry[]): HostTreeEntry[] {
  return entries.sort((one, other) => (one.path < other.path ? -1 : 1));
}

// A tree with a file at a path below it, whatever was there.
export function treeWithFile(tree: HostTree, path: string): HostTree {
  if (tree === null) return null;
  const others = tree.entries.filter((entry) => entry.path !== path);
  return { ...tree, entries: sorted([...others, { path, type: "file" }]) };
}

// A tree as the host prints it. What is neither a file, a directory nor a link is never copied, so
// its letter does not matter.
function written(tree: HostTree): Buffer {
  if (tree === null) return Buffer.alloc(0);
  const letters = { file: "f", directory: "d", link: "l", other: "?" };
  const rows = tree.entries.map(({ path, type }) => Buffer.from(`${letters[type]} ${path}\0`));
  return Buffer.concat([Buffer.from("tree\0"), ...rows.sort(Buffer.compare)]);
}

// Whether a path is a directory, in it, or above it.
function isAround(directory: string, subject: string): boolean {
  const path = subject.replace(/^(follow|below) /, "");
  return path === "/" || `${path}/`.startsWith(`${directory}/`) || directory.startsWith(`${path}/`);
}

// The tree with what earlier tasks of the run make and remove in it, or of it.
function joinPlanned(
  found: HostTree,
  paths: ReadonlyMap<string, PathState>,
  directory: string,
): HostTree {
  const above = [...paths].filter(([path]) => `${directory}/`.startsWith(`${path}/`));
  const own = paths.get(directory);
  const isFresh = above.some(
    ([, state]) => state === null || (state.type === "directory" && state.isNew === true),
  );
  if (own !== undefined && own?.type !== "directory") return null;
  const before = isFresh ? [] : (found?.entries ?? []);
  if (own === undefined && (isFresh || found === null)) return null;
  const types = new Map(before.map(({ path, type }) => [path, type]));
  for (const [path, state] of paths) {
    if (!path.startsWith(`${directory}/`)) continue;
    const name = path.slice(directory.length + 1);
    const isEmptied =
      state === null || state.type !== "directory" || (state.isNew === true && !types.has(name));
    if (isEmptied)
      for (const one of types.keys()) if (one.startsWith(`${name}/`)) types.delete(one);
    if (state === null) types.delete(name);
    else types.set(name, typeOf(state));
  }
  for (const [path, state] of paths) {
    const name = path.slice(directory.length + 1);
    if (state !== null && path.startsWith(`${directory}/`)) types.set(name, typeOf(state));
  }
  const entries = sorted([...types].map(([path, type]) => ({ path, type })));
  return found?.isPartial && !isFresh ? { entries, isPartial: true } : { entries };
}

function typeOf({ type }: NonNullable<PathState>): HostTreeEntry["type"] {
  return type === "file" || type === "directory" || type === "link" ? type : "other";
}
