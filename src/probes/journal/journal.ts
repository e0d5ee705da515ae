import { sh } from "../../script/sh.ts";
import type { Json } from "../../value.ts";
import {
  ask,
  type Look,
  type LookSubject,
  type LookWord,
  type Probe,
  type ProbeKind,
} from "../probe.ts";
import { JOURNAL_NAMES } from "./names.ts";
import { defined } from "../../defined.ts";
import { attempt } from "../../instead-of.ts";

/** The contents of one run's journal on a host. */
export interface RunJournal {
  /** The name of its directory: the number on this host, and the run. */
  name: string;
  /** Who ran, when, from where; null: an older version wrote it. */
  head: Json;
  /** One for each change that was to be made. */
  entries: Json[];
  /**
   * What became of them: `begun NUMBER`, `done NUMBER`, `failed NUMBER`,
   * `undone NUMBER`, in their order.
   */
  log: [word: string, number: string, kind: string][];
  /** How changes that failed left what they look at, by number. */
  left: { [number: string]: string };
}

/**
 * The journals of all runs, the oldest first, without their entries; and the heads of
 * those that are gone by now.
 */
export interface Journals {
  kept: RunJournal[];
  gone: Json[];
}

/** Which runs there were. */
export const journals: ProbeKind<null, Journals> = {
  name: "journals",
  subject: () => "",
  holds: { unknownBehind: "commands" },
  script: () =>
    sh`[ ! -s "$HW_STATE_DIR/gone" ] || { printf '==> gone <==\\n'; tail -n 200 "$HW_STATE_DIR/gone"; }
(cd "$HW_STATE_DIR/journal" 2>/dev/null || exit 0; for hw_d in ${JOURNAL_NAMES}; do [ ! -f "$hw_d/log" ] || { set -- "$hw_d/log"; [ ! -f "$hw_d/head" ] || set -- "$hw_d/head" "$@"; tail -v -n +1 -- "$@"; printf '\\n'; }; done); :`,
  parse(output, args) {
    const files = filesIn(output);
    const names = [...files.keys()].filter((name) => name.endsWith("/log"));
    const kept = names.map((name) => readJournal(name.slice(0, -"/log".length), files));
    const gone = jsonLines(files.get("gone"));
    return args.map(() => ({ kept, gone }));
  },
};

/**
 * The journals of runs by name, with their contents. A name may be abbreviated at its beginning.
 */
export const journal: ProbeKind<{ run: string }, RunJournal[]> = {
  name: "journal",
  subject: (arg) => arg.run,
  holds: { unknownBehind: "commands" },
  script: (args) =>
    sh`(cd "$HW_STATE_DIR/journal" 2>/dev/null || exit 0
for hw_r in ${args.map((arg) => arg.run)}; do for hw_d in ${JOURNAL_NAMES}; do
  case $hw_d in *-"$hw_r") [ -f "$hw_d/log" ] || continue ;; *) continue ;; esac
  set --; for hw_p in "$hw_d/head" "$hw_d/entries" "$hw_d/log" "$hw_d"/*.left; do [ ! -f "$hw_p" ] || set -- "$@" "$hw_p"; done
  tail -v -n +1 -- "$@"; printf '\\n'
done; done); :`,
  parse(output, args) {
    const files = filesIn(output);
    const names = [...files.keys()].filter((name) => name.endsWith("/log"));
    const all = names.map((name) => readJournal(name.slice(0, -"/log".length), files));
    return args.map((arg) => all.filter(({ name }) => name.endsWith(`-${arg.run}`)));
  },
};

/** What a change that is to be undone looks at. */
export interface LookedAt extends LookSubject {
  /** Which change of which journal, and which of its looks. */
  id: string;
  /** Prints the state as words on one line. */
  script: string;
  /** The words with which it can be undone, and those that the undo results in. */
  from: LookWord[];
  to: LookWord[];
}

/** What the looks of a journal's changes print now. */
export const journalLook: ProbeKind<LookedAt, string> = {
  name: "journal_look",
  subject: (arg) => arg.id,
  holds: { unknownBehind: "commands" },
  script: (args) => ({
    sh: args.map(({ script }) => `printf '\\n--look--\\n'\n{ ${script}\n}`).join("\n"),
  }),
  parse(output, args) {
    const answers = output.split("\n--look--\n").slice(1);
    return args.map((_, index) => (answers[index] ?? "").replace(/\n$/, ""));
  },
};

/**
 * A change of a journal that is undone: `from` is what its run left, `to` what it had found.
 * Nobody asks: the look compares.
 */
export const undone: ProbeKind<LookedAt, "from" | "to"> = {
  name: "undone",
  subject: (arg) => arg.id,
  script: () => sh`:`,
  parse: (_output, args) => args.map(() => "from"),
  look: {
    script: (arg) => ({ sh: arg.script }),
    words: (state, arg) => arg[state],
    about: ({ subject, path, lastPasses }) => ({ subject, ...defined({ path, lastPasses }) }),
  } satisfies Look<LookedAt, "from" | "to">,
};

// Asks what one look of a journal's change prints now.
export function askJournalLook(arg: LookedAt): Probe<string> {
  return ask(journalLook, arg);
}

// Reads what `tail -v` prints: the text of each file, by its name.
function filesIn(output: string): Map<string, string> {
  const files = new Map<string, string>();
  const parts = output.split(/^==> (.*) <==\n/m);
  for (let at = 1; at + 1 < parts.length; at += 2) files.set(parts[at]!, parts[at + 1]!);
  return files;
}

function readJournal(name: string, files: ReadonlyMap<string, string>): RunJournal {
  const text = (file: string): string => files.get(`${name}/${file}`) ?? "";
  const log = text("log").split("\n").filter(Boolean);
  const left = [...files].flatMap(([file, content]) => {
    const number = file.startsWith(`${name}/`) ? /\/(\d+)\.left$/.exec(file)?.[1] : undefined;
    return number === undefined ? [] : [[padded(number), content.trimEnd()]];
  });
  return {
    name,
    head: jsonLines(text("head"))[0] ?? null,
    entries: jsonLines(text("entries")),
    log: log.map((line) => {
      const [word = "", number = "", kind = ""] = line.split(" ");
      return [word, padded(number), kind];
    }),
    left: Object.fromEntries(left) as { [number: string]: string },
  };
}

// The number of a change, as its entry has it.
function padded(number: string): string {
  return number.padStart(5, "0");
}

// Lines of JSON; what a cut left half counts as none.
function jsonLines(text = ""): Json[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.flatMap((line) => attempt(() => [JSON.parse(line) as Json]) ?? []);
}
