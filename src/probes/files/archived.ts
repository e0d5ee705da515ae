import FUNCTIONS from "./archived.sh?raw";
import { lines, quote, sh, type Script } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { shellPattern } from "./matches.ts";

/** What is to be in an archive. Paths are absolute; with `*` or `?` they are patterns. */
export interface ArchivedArg {
  paths: string[];
  excluded: string[];
  /**
   * Members whose names below the archive's root match are left out: `*` and `?` match slashes too.
   */
  patterns: string[];
  format: string;
  /** It is an archive even if it has only one file. */
  force: boolean;
  dest: string;
}

/** What is there to archive, and whether the archive has it. */
export interface ArchivedState {
  /** The paths that are meant, and those that are left out of them: patterns as what they match. */
  paths: string[];
  excluded: string[];
  /** What is left of the paths, by what is there. */
  directories: string[];
  files: string[];
  missing: string[];
  /** What the names of members begin below; it ends with a slash. */
  root: string;
  /** The paths that the archive has, or will have. */
  members: string[];
  /**
   * `none`: there is nothing to archive; `needs`: the host lacks the program in `digest`; null: the
   * archive was made just now.
   */
  verdict: "same" | "differs" | "none" | "needs" | null;
  /**
   * Of the names, types, modes, owners, sizes and times of the members; of the content if it is one
   * file that is only compressed.
   */
  digest: string;
}

/**
 * Compares an archive with what it is made of, by what tar lists of both: no
 * file's content is read.
 */
export const archived: ProbeKind<ArchivedArg, ArchivedState> = {
  name: "archived",
  subject: ({ dest, paths }) => `${dest} ${paths.join(" ")}`,
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.map((arg) => sh`echo --archive--; ${chosen(arg)}; hw_archived ${wordsOf(arg)}`),
    ]),
  parse(output, args) {
    const parts = output.split("--archive--\n").slice(1);
    return args.map((_arg, at) => parsePart(parts[at] ?? ""));
  },
  holds: { unknownBehind: "commands", asked: AFTER_EACH_CHANGE },
  planned: {
    madeOf: (arg, kind, subject) =>
      (kind === "path" || kind === "renewed") && subject !== arg.dest && mayBeIn(arg, subject),
  },
  look: {
    script: (arg) => lines([{ sh: FUNCTIONS }, sh`${chosen(arg)}; hw_verdict ${wordsOf(arg)}`]),
    words: ({ verdict, digest }) =>
      verdict === "same" || verdict === "differs" ? [`${verdict} ${digest}`] : [null],
  },
};

// Asks what an archive is made of.
export function askArchived(arg: ArchivedArg): Probe<ArchivedState> {
  return ask(archived, arg);
}

// Makes the archive at a path, with a mode for chmod and owners that may be "".
export function writeArchive(
  arg: ArchivedArg,
  at: Script,
  [mode, owner, group]: readonly [mode: string, owner: string, group: string],
): Script {
  const make = sh`hw_make_archive ${mode} ${owner} ${group} ${wordsOf(arg)}`;
  return lines([{ sh: FUNCTIONS }, chosen(arg), sh`hw_new ${at} ${make}`]);
}

// Whether a path of the archive module is a pattern, as Ansible decides it.
export function isGlob(path: string): boolean {
  return /[*?]/.test(path);
}

// Puts the paths that are meant, and those that are not, into variables of the shell.
function chosen({ paths, excluded }: ArchivedArg): Script {
  const found = (list: readonly string[]): string => list.map((path) => foundAt(path)).join("; ");
  return {
    sh: `hw_paths=$(${found(paths) || ":"}); hw_excluded=$(${found(excluded) || ":"})`,
  };
}

function foundAt(path: string): string {
  return isGlob(path) ? `hw_matching ${shellPattern(path)}` : `hw_literal ${quote(path)}`;
}

// What hw_choose takes: format, whether it is an archive in any case, where it is, what find leaves
// out, and names that grep leaves out.
function wordsOf({ paths, patterns, format, force, dest }: ArchivedArg): string[] {
  const isArchive = force || format === "tar" || paths.some(isGlob);
  const directory = literalPattern(dest.slice(0, dest.lastIndexOf("/")));
  return [
    format,
    isArchive ? "1" : "",
    dest,
    literalPattern(dest),
    `${directory}/.hw.*.??????`,
    patterns.map(extended).join("\n"),
  ];
}

// A path as a pattern that matches only itself.
function literalPattern(path: string): string {
  return path.replaceAll(/[\\*?[]/g, "\\$&");
}

// A shell pattern, as Python's fnmatch reads it, as an extended regular expression.
function extended(pattern: string): string {
  return pattern.replaceAll(
    /\*|\?|\[(!?)(\]?[^\]]*)\]|[\\^$.|+(){}[\]]/g,
    (token, not: string | undefined, members: string | undefined) => {
      if (token === "*") return ".*";
      if (token === "?") return ".";
      if (members === undefined) return `\\${token}`;
      return members.startsWith("^") && !not
        ? `[${members.slice(1)}^]`
        : `[${not ? "^" : ""}${members}]`;
    },
  );
}

// Whether a change of a path may have to do with what is archived.
function mayBeIn({ paths, excluded }: ArchivedArg, subject: string): boolean {
  const path = subject.replace(/^(follow|below) /, "");
  return [...paths, ...excluded].some((one) => {
    const fixed = isGlob(one) ? one.slice(0, one.search(/[*?[]/)).replace(/[^/]*$/, "") : one;
    const source = fixed.replace(/\/+$/, "");
    return (
      path === "/" || `${path}/`.startsWith(`${source}/`) || `${source}/`.startsWith(`${path}/`)
    );
  });
}

function parsePart(text: string): ArchivedState {
  const rows = text.split("\n");
  const all = (word: string): string[] =>
    rows.filter((row) => row.startsWith(`${word} `)).map((row) => row.slice(word.length + 1));
  const [verdict, digest = ""] = (all("verdict")[0] ?? "").split(" ");
  if (!isVerdict(verdict)) throw new ProbeError(`archive answered ${text}`);
  const files = all("file");
  return {
    paths: all("path"),
    excluded: all("excluded"),
    directories: all("directory"),
    files,
    missing: all("missing"),
    root: all("root")[0] ?? "/",
    members: all("member"),
    verdict,
    digest,
  };
}

function isVerdict(word: string | undefined): word is NonNullable<ArchivedState["verdict"]> {
  return word === "same" || word === "differs" || word === "none" || word === "needs";
}
