import { TaskFailure } from "../../errors.ts";
import { journal, journals, type RunJournal, type Journals } from "../../probes/journal/journal.ts";
import { ask, type Probe } from "../../probes/probe.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { undoableOf, type JournalHead } from "./entry.ts";

const schema = {
  collection: "hullwright.journal",
  description:
    "Reads the journals that runs have left on the host: lists them, or what can be undone of one.",
  example: `name: See what the last runs did
journal_info:
register: journal`,
  returns: [
    "runs: a list of {run, number, by, from, begun, command, playbooks, changes, failed, undone, kept}, the newest first",
    "found: the full name of the run that was asked for, or nothing",
    "undo, late, stay: its changes that can be undone, those that wait until then, and those that have no undo",
  ],
  arguments: {
    run: {
      type: "str",
      description: "The run, as `hullwright runs` names it; the letters at its end are enough.",
    },
  },
} as const satisfies Schema;

type Args = ArgsOf<typeof schema>;

interface State {
  all: Journals;
  one: RunJournal[];
}

/** Reads the journals of earlier runs. */
export const journal_info: Module<Args, State> = {
  name: "journal_info",
  readOnly: true,
  schema,
  observe({ run }) {
    if (run !== undefined && !/^[\w-]+$/.test(run))
      throw new TaskFailure(
        `"${run}" is not the name of a run`,
        "hullwright runs -i INVENTORY lists them",
      );
    const probes =
      run === undefined ? { all: ask(journals, null) } : { one: ask(journal, { run }) };
    return probes as unknown as { [K in keyof State]: Probe<State[K]> };
  },
  plan: () => null,
  result({ run }, { all, one }) {
    if (run === undefined) return { runs: [...runsOf(all.kept), ...goneRuns(all.gone)] };
    const [found, other] = one;
    if (other)
      throw new TaskFailure(
        `several runs are named "${run}": ${one.map(runName).join(", ")}`,
        "write out the whole name",
      );
    if (!found) return { found: "", undo: [], late: [], stay: [] };
    return { found: runName(found), ...undoableOf(found) };
  },
};

// The run's name: its directory's without the number in front.
function runName({ name }: Pick<RunJournal, "name">): string {
  return name.replace(/^\d+-/, "");
}

/** One run, as it is reported. */
export interface RunInfo extends Partial<Omit<JournalHead, "version">> {
  run: string;
  /** Counts up on each host, whatever the clocks say. */
  number: number;
  changes: number;
  failed: number;
  undone: number;
  /** Whether its journal still exists, so that it can be rolled back. */
  kept: boolean;
}

// The runs whose journals still exist, the newest first.
function runsOf(kept: readonly RunJournal[]): RunInfo[] {
  return kept
    .map((one) => {
      const last = new Map(one.log.map(([word, number, kind]) => [number, { word, kind }]));
      const changed = one.log.filter(([word, , kind]) => word === "done" && kind === "change");
      const count = (word: string): number =>
        [...last.values()].filter((entry) => entry.word === word).length;
      return {
        ...(one.head as JournalHead | null),
        run: runName(one),
        number: Number.parseInt(one.name, 10),
        changes: new Set(changed.map(([, number]) => number)).size,
        failed: count("failed") + count("begun"),
        undone: count("undone"),
        kept: true,
      };
    })
    .toReversed();
}

// The runs whose journals are gone, as far as they are known.
function goneRuns(heads: readonly unknown[]): RunInfo[] {
  return (heads as JournalHead[])
    .filter(({ run }) => typeof run === "string")
    .map((head) => ({ ...head, number: 0, changes: 0, failed: 0, undone: 0, kept: false }))
    .toReversed();
}
