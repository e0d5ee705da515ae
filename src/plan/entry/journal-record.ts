import type { Diff, Step } from "../../modules/contract/module.ts";
import {
  KEPT,
  type JournalEntry,
  type JournalLook,
  type UndoStep,
} from "../../modules/journal/entry.ts";
import type { Entry } from "../model/entry.ts";
import type { Probe } from "../../probes/probe.ts";
import { keepsWhatItReplaces } from "../../script/undo.ts";
import { looksOf, wordsOf, type Looked } from "../model/looks.ts";

/** The journal holds at most this many characters of a text. */
const LONGEST_TEXT = 4000;

// The number of an entry, as the journal names it.
export function entryNumber(number: number): string {
  return String(number).padStart(5, "0");
}

// What the journal keeps of an entry. `hide` takes secrets out of what people see.
export function journalEntry(
  entry: Entry,
  number: string,
  hide: <T>(value: T) => T = (value) => value,
): JournalEntry {
  const { change } = entry;
  const looks = change ? looksOf(entry) : [];
  const record: JournalEntry = {
    number,
    task: hide(entry.title),
    module: entry.module,
    diff: hide(shortened(entry.diff)),
    steps: (change?.steps ?? []).flatMap((step) => undoOf(step, entry.noLog, hide)).reverse(),
    looks: looks.flatMap((one, line) => (isChanged(one) ? [lookOf(one, line, change)] : [])),
  };
  if (entry.item !== undefined) record.item = hide(entry.item);
  if (change?.silent) record.silent = true;
  return record;
}

// One look at what an entry changes.
function lookOf(one: Looked, line: number, change: Entry["change"]): JournalLook {
  const { look, probe } = one;
  return {
    line,
    ...(look.about?.(probe.arg) ?? { subject: subjectOf(probe) }),
    script: look.script(probe.arg).sh,
    before: wordsOf(one, "before", false),
    after: wordsOf(one, "after", Boolean(change?.opaque)),
  };
}

// What a change only looked at, and did not change, is none of its undo's business.
function isChanged(one: Looked): boolean {
  const [before, after] = [wordsOf(one, "before", false), wordsOf(one, "after", false)];
  return JSON.stringify(before) !== JSON.stringify(after);
}

// What a probe is about, with its kind.
function subjectOf({ kind, arg }: Probe<unknown>): string {
  return `${kind.name} ${kind.subject(arg as never)}`;
}

// How a step is taken back; none: it cannot be. A step with a secret in it is not written
// down, so its undo has no undo.
function undoOf(
  { run, undo, late }: Step,
  noLog: boolean,
  hide: (text: string) => string,
): UndoStep[] {
  if (!undo) return [];
  const step: UndoStep = { undo: undo.sh };
  if (undo.does) step.does = undo.does;
  if (keepsWhatItReplaces(undo)) step.redo = KEPT;
  else if (!noLog && hide(run.sh) === run.sh) step.redo = run.sh;
  if (late) step.late = true;
  return [step];
}

// Long texts are not stored twice; what was replaced is in the journal anyway.
function shortened(diffs: readonly Diff[]): Diff[] {
  return diffs.map((diff) =>
    diff.kind === "text" && diff.before.length + diff.after.length > LONGEST_TEXT
      ? { kind: "note", title: `${diff.title}: the text, too long to be shown` }
      : diff,
  );
}
