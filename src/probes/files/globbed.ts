import FUNCTIONS from "./globbed.sh?raw";
import { defined } from "../../defined.ts";
import { globPattern } from "../../glob.ts";
import { lines, sh } from "../../script/sh.ts";
import type { PathState } from "./path.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** A file that a pattern matches. */
export interface GlobbedFile {
  path: string;
  /** null: an earlier task writes it, and what will be in it is not known yet. */
  sha256: string | null;
  /** Base64 of its first 64 KiB; absent where that is not known. */
  content?: string;
}

/**
 * The files that match patterns, as they will be by then, sorted by path. Costs
 * no process where none does.
 */
export const globbed: ProbeKind<{ patterns: string[] }, GlobbedFile[]> = {
  name: "globbed",
  subject: ({ patterns }) => patterns.join(" "),
  holds: { unknownBehind: "commands" },
  script: (args) =>
    lines([{ sh: FUNCTIONS }, ...args.map(({ patterns }) => sh`hw_globbed ${patterns}`)]),
  parse(output, args) {
    const answers = output.split(/^globbed\n/m).slice(1);
    if (answers.length !== args.length)
      throw new ProbeError("the answer about files by patterns is truncated or garbled");
    return answers.map((answer) => sorted(answer.split("\n").flatMap(readLine)));
  },
  planned: {
    join: (found, paths, { patterns }) =>
      joinPlanned(patterns, found, paths as ReadonlyMap<string, PathState>),
  },
};

// Asks for the files that match any of some absolute patterns.
export function askGlobbed(patterns: readonly string[]): Probe<GlobbedFile[]> {
  return ask(globbed, { patterns: [...patterns] });
}

function readLine(line: string): GlobbedFile[] {
  const [, sha256, content, path] = /^text ([0-9a-f]{64}) (\S*) (\/.*)$/.exec(line) ?? [];
  return path === undefined ? [] : [{ path, sha256: sha256!, content: content! }];
}

// By path, each once, whichever patterns it matches.
function sorted(files: readonly GlobbedFile[]): GlobbedFile[] {
  const byPath = new Map(files.map((one) => [one.path, one]));
  return [...byPath.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

// Files that earlier tasks of the run write or remove; a directory that is
// removed takes its files along.
function joinPlanned(
  patterns: readonly string[],
  found: readonly GlobbedFile[],
  paths: ReadonlyMap<string, PathState>,
): GlobbedFile[] {
  const known = new Map(found.map((one) => [one.path, one]));
  for (const [path, state] of paths) {
    if (state === null)
      for (const old of [...known.keys()])
        if (old === path || old.startsWith(`${path}/`)) known.delete(old);
    if (state?.type !== "file" || !patterns.some((pattern) => matches(pattern, path))) continue;
    const old = known.get(path);
    const sha256 = state.sha256 === undefined ? (old?.sha256 ?? null) : state.sha256;
    if (old && old.sha256 === sha256) continue; // only its mode or owner changes
    known.set(path, { path, sha256, ...defined({ content: state.content }) });
  }
  return sorted([...known.values()]);
}

// As the shell matches: a star goes through no slash, and finds no hidden file.
function matches(pattern: string, path: string): boolean {
  const [globs, names] = [pattern.split("/"), path.split("/")];
  return (
    globs.length === names.length &&
    globs.every((glob, i) => {
      const name = names[i]!;
      return globPattern(glob).test(name) && (!name.startsWith(".") || glob.startsWith("."));
    })
  );
}
