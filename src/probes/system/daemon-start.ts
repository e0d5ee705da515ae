import STARTED_FUNCTIONS from "./daemon-start.sh?raw";
import text from "./record-start.sh?raw";
import { defined } from "../../defined.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { STATE_OF_ROOT } from "../../script/state-folder.ts";
import type { PathState } from "../files/path.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";
import { mapValues } from "../../records.ts";

/** Which files a unit's daemon depends on. Names of files hold neither newline nor backslash. */
export interface StartedArg {
  unit: string;
  files: string[];
}

/** The digest of a file: null is content that is not known yet, "-" no file. */
export type Digest = string | null;

/** What is known of the files that a running daemon was started with. */
export interface StartedState {
  /** What our own last start of the unit noted; null: none of our starts. */
  record: null | {
    /** The start that it speaks of, as systemd names it; null: a start that is planned. */
    invocation: string | null;
    files: { [path: string]: Digest };
    /** Base64 of the TOML files as they were. */
    copies: { [path: string]: string };
    /** The drop-ins that systemd had loaded; absent in notes of old. */
    dropIns?: { [path: string]: Digest };
  };
  /** If the record does not cover the running daemon, or not all files: what else shows its age. */
  evidence: null | {
    /** The host's clock and the kernel's uptime at the same moment, in seconds. */
    now: number;
    uptime: number;
    /** Seconds since 1970. */
    modified: { [path: string]: number };
    /** The same of their inodes: when a file got its name, owner or mode, too. */
    changed?: { [path: string]: number };
    digests: { [path: string]: Digest };
    /** The main process runs another file than the one that is now at the path of its program. */
    replaced: boolean;
  };
  /** Base64 of TOML files that were written after the record. */
  current: { [path: string]: string };
  /**
   * Files of the record that nobody asks for any more, and that are gone: when their
   * directory last changed, in seconds since 1970; null: an earlier task of the run removes
   * them. Absent where there are none.
   */
  gone?: { [path: string]: number | null };
}

/**
 * What a daemon runs with. The question for its unit, in the same program, leaves the
 * unit's properties in $hw_units.
 */
export const started: ProbeKind<StartedArg, StartedState> = {
  name: "started",
  subject: (arg) => arg.unit,
  script: (args) => script(args),
  validator: (args) => ({
    paths: args.flatMap(({ unit, files }) => [noteOf(unit), ...files]),
    more: lines(
      args.map(
        ({ unit }) => sh`[ ! -f ${noteOf(unit)} ] || while IFS= read -r hw_l; do
  case $hw_l in 'file '*' /'*) set -- "$@" "/\${hw_l#file * /}" ;; esac
done < ${noteOf(unit)}`,
      ),
    ),
  }),
  parse: (output, args) => parseStarted(output, args),
  planned: {
    join: (found, paths, { files }) =>
      joinPlanned(files, found, paths as ReadonlyMap<string, PathState>),
  },
};

function noteOf(unit: string): string {
  return `${STATE_OF_ROOT}/started/${unit}`;
}

// Asks what a unit's daemon was started with.
export function askStarted(unit: string, files: readonly string[]): Probe<StartedState> {
  return ask(started, { unit, files: [...files] });
}

// A start of ours costs one `cat`; the ages of files and process are only
// looked up for others' starts.
function script(args: readonly StartedArg[]): Script {
  const calls = args.map(
    ({ unit, files }, i) => sh`printf '@%s\n' ${i}; hw_started ${unit} ${files}`,
  );
  return lines([{ sh: STARTED_FUNCTIONS }, ...calls]);
}

// Reads the lines of each unit's answer, after its number.
function parseStarted(output: string, args: readonly StartedArg[]): StartedState[] {
  const parts = new Map(
    `\n${output}`
      .split("\n@")
      .slice(1)
      .map((part) => [Number.parseInt(part, 10), part]),
  );
  return args.map((_, i) => readStarted((parts.get(i) ?? "").split("\n").slice(1)));
}

// Reads one answer: each line is a word, then values.
function readStarted(rows: readonly string[]): StartedState {
  const of = (word: string, pattern: RegExp): string[][] =>
    rows
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => pattern.exec(line)?.slice(1) ?? [])
      .filter((values) => values.length > 0);
  const invocation = rows
    .find((line) => line.startsWith("invocation "))
    ?.slice("invocation ".length);
  const pairs = (word: string, pattern: RegExp): { [path: string]: string } =>
    Object.fromEntries(of(word, pattern).map(([value, path]) => [path!, value!]));
  const PAIR = /^\S+ (\S+) (\/.*)$/;
  const times = (word: string): { [path: string]: number } =>
    mapValues(pairs(word, PAIR), (time) => Number(time));
  const gone = times("gone");
  const record =
    invocation === undefined
      ? null
      : { invocation, files: pairs("file", PAIR), copies: pairs("copy", PAIR) };
  const dropIns = rows.includes("drop-ins") ? { dropIns: pairs("drop-in", PAIR) } : {};
  const [now] = of("now", /^now (\d+(?:\.\d+)?)\S* (\d+(?:\.\d+)?)/);
  return {
    record: record && { ...record, ...dropIns },
    evidence:
      now === undefined
        ? null
        : {
            now: Number(now[0]),
            uptime: Number(now[1]),
            modified: times("modified"),
            changed: times("changed"),
            digests: pairs("digest", /^digest ([0-9a-f]{64}) [ *](\/.*)$/),
            replaced: of("replaced", /^replaced (.*)$/).length > 0,
          },
    current: pairs("current", PAIR),
    ...defined({ gone: Object.keys(gone).length > 0 ? gone : undefined }),
  };
}

// What earlier tasks of the run remove, or write again, of the files that the record
// names and nobody asks for.
function joinPlanned(
  asked: readonly string[],
  found: StartedState,
  paths: ReadonlyMap<string, PathState>,
): StartedState {
  const { gone: before, ...rest } = found;
  const gone = { ...before };
  for (const [path, digest] of Object.entries(found.record?.files ?? {})) {
    if (digest === "-" || asked.includes(path)) continue;
    const isRemoved = [...paths].some(
      ([made, state]) => state === null && (path === made || path.startsWith(`${made}/`)),
    );
    if (isRemoved) gone[path] = null;
    if (paths.get(path)?.type === "file") delete gone[path];
  }
  return { ...rest, ...defined({ gone: Object.keys(gone).length > 0 ? gone : undefined }) };
}

/**
 * The step's part that notes what a unit is started with: before the start what the files are,
 * after it which start that was.
 */
export const RECORD_START = text;
