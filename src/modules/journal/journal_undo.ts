import { undone } from "../../probes/journal/journal.ts";
import { ask, type Probe } from "../../probes/probe.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import type { Change, Module, Step } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { checkBrought } from "../../probes/journal/brought.ts";
import { KEPT, unpackedLists, type Undoing, type UndoStep } from "./entry.ts";

const schema = {
  collection: "hullwright.journal",
  description:
    "Undoes one change of an earlier run, by its journal on the host: only if the host is as the change left it.",
  example: `name: Undo
journal_undo: {change: "{{ item }}"}
loop: "{{ checked.undo }}"`,
  returns: [],
  arguments: {
    change: {
      type: "raw",
      required: true,
      description: "One of what `journal_info` found that can be undone.",
    },
  },
} as const satisfies Schema;

type Args = ArgsOf<typeof schema>;
type State = { [look: string]: "from" | "to" };

/** Undoes one change of an earlier run. */
export const journal_undo: Module<Args, State> = {
  name: "journal_undo",
  schema,
  observe: ({ change }) =>
    Object.fromEntries(
      (change as Undoing).looks.map((look): [string, Probe<"from" | "to">] => [
        look.id,
        ask(undone, look),
      ]),
    ),
  plan({ change }, before): Change<State> | null {
    const { journal, number, steps, diff, looks, mark, marked } = change as Undoing;
    if (looks.length > 0 && looks.every(({ id }) => before[id] === "to")) return null;
    const all = [
      ...steps.map((step) => undoStep(step, journal, number)),
      note(journal, mark, marked),
    ];
    return {
      after: Object.fromEntries(looks.map(({ id }) => [id, "to"])),
      steps: steps.every(({ redo }) => redo !== undefined) ? all : all.map(withoutUndo),
      diff,
    };
  },
  result: () => ({}),
};

// Where one step cannot be done again, the change as a whole cannot.
function withoutUndo({ undo: _undo, ...step }: Step): Step {
  return step;
}

// The undo as a step that can be undone itself.
export function undoStep(
  { undo, does, redo, late }: UndoStep,
  journal: string,
  number: string,
): Step {
  const step: Step = { run: lines([entryOf(journal, number), { sh: undo }]) };
  if (redo === KEPT) step.undo = { sh: undo, does: does ?? { kind: "restore" } };
  else if (redo !== undefined)
    step.undo = does?.kind === "restore below" ? { sh: redo, does } : { sh: redo };
  if (late) step.late = true;
  return step;
}

// The step that checks, before anything of this very run is undone, that nobody has changed what
// its archives brought; `undo`: the newest change first. undefined: there were none.
export function checkStep(undo: readonly Undoing[]): Step | undefined {
  const lists = undo.flatMap(({ number, steps }) =>
    unpackedLists(steps).map((list) => sh`"$HW_RUN_DIR/"${`${number}/unpacked.${list}`}`),
  );
  if (lists.length === 0) return undefined;
  const others = undo.filter(({ steps }) => unpackedLists(steps).length === 0);
  const restored = others.flatMap(({ looks }) => looks.flatMap(({ path }) => path?.path ?? []));
  return { run: checkBrought(lists, restored) };
}

// Where the journal keeps what belongs to a change; "": the journal of this very run.
function entryOf(journal: string, number: string): Script {
  return journal === ""
    ? sh`U="$HW_RUN_DIR/"${number}`
    : sh`U="$HW_STATE_DIR/journal/"${`${journal}/${number}`}`;
}

// Notes in the journal of the run that changes of it are undone, or done again.
export function note(journal: string, mark: string, numbers: readonly string[]): Step {
  const log =
    journal === "" ? sh`"$HW_RUN_DIR/log"` : sh`"$HW_STATE_DIR/journal/"${`${journal}/log`}`;
  const write = (word: string, kind: string): Script =>
    sh`[ ! -f ${log} ] || printf ${`${word} %s${kind}\\n`} ${numbers} >> ${log}`;
  if (numbers.length === 0) return { run: sh`:`, undo: sh`:` };
  return { run: write(mark, ""), undo: write("done", " change") };
}
