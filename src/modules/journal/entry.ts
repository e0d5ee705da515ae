import type { LookedAt, RunJournal } from "../../probes/journal/journal.ts";
import type { LookSubject, LookWord } from "../../probes/probe.ts";
import type { UndoEffect } from "../../script/undo.ts";
import type { Diff } from "../contract/module.ts";

/** How one step of a change is taken back. */
export interface UndoStep {
  undo: string;
  does?: UndoEffect;
  /**
   * Reverts the undo; absent: nobody knows how. "kept": the undo itself does, from what it kept.
   */
  redo?: string;
  /** It waits until all else is undone, such as the restart of a daemon. */
  late?: true;
}

/**
 * The redo of a step that restores from the journal: the undo once more, on what it kept itself.
 */
export const KEPT = "kept";

/** One look at what a change changes; changes of the same subject are taken back in turn. */
export interface JournalLook extends LookSubject {
  /** Which line of what all looks of the change print it is. */
  line: number;
  /** Prints the state as words on one line. */
  script: string;
  before: LookWord[];
  after: LookWord[];
}

/**
 * One change of a run, as its journal on the host has it: what it was, and how it is taken back.
 */
export interface JournalEntry {
  /** Its number in the run on that host, and the name of its own directory in the journal. */
  number: string;
  task: string;
  item?: string;
  module: string;
  /** What people were shown of it; long texts are left out. */
  diff: Diff[];
  /** The last step first. */
  steps: UndoStep[];
  looks: JournalLook[];
  /** Done, and no line of the change list. */
  silent?: true;
}

/** What the journal says of a run as a whole. */
export interface JournalHead {
  version: number;
  run: string;
  /** Who ran it, and on which machine. */
  by: string;
  from: string;
  /** By the controller's clock, ISO 8601. */
  begun: string;
  /** The command line, without secrets. */
  command: string;
  playbooks: string[];
  /** The run that it rolled back. */
  undoes?: string;
}

/** One change to be undone, with everything that an undo needs. */
export interface Undoing {
  /** The directory of its journal. */
  journal: string;
  number: string;
  /** The task's name, with the item of its loop. */
  name: string;
  diff: Diff[];
  steps: UndoStep[];
  looks: LookedAt[];
  /** The program was cut off in the middle of it. */
  isCut: boolean;
  /**
   * What is noted when it is done: `undone`, or `part` where something waits until the end;
   * and the changes of which.
   */
  mark: "undone" | "part";
  marked: string[];
}

/** What can be undone of a run on a host. */
export interface Undoable {
  /** What can be undone now, the newest change first. */
  undo: Undoing[];
  /** What waits until then, in the order of the run. */
  late: Undoing[];
  /** Changes that have no undo. */
  stay: string[];
}

// What can be undone of a run: all changes that were begun and are not undone
// yet, the newest first.
export function undoableOf({ name: journal, entries, log, left }: RunJournal): Undoable {
  const status = new Map(log.map(([word, number]) => [number, word]));
  const all: Undoable = { undo: [], late: [], stay: [] };
  const lateSteps = new Map<string, Undoing>();
  for (const entry of entries as unknown as JournalEntry[]) {
    const word = status.get(entry.number);
    if (word === undefined || word === "undone") continue;
    const name = nameOf(entry);
    if (entry.steps.length === 0) {
      if (!entry.silent) all.stay.push(`${name} (${entry.module})`);
      continue;
    }
    const failed = word === "failed" ? left[entry.number]?.split("\n") : undefined;
    const seen = entry.looks.map((look, index) =>
      lookedAt(look, `${journal}/${entry.number}/${index}`, failed?.[look.line]),
    );
    // within the run itself nobody else can have interfered
    const looks = word === "failed" && journal === "" ? seen.map(fromAnywhere) : seen;
    const isWhole = word !== "failed" && word !== "begun";
    const undoSteps = isWhole
      ? entry.steps
      : entry.steps.map(withoutRerun).map((step) => asFarAsDone(step, looks));
    const undoing = {
      journal,
      number: entry.number,
      name,
      diff: entry.diff.map(reversed),
      looks,
      isCut: word === "begun",
    };
    const [now, late] = [false, true].map((is) =>
      undoSteps.filter((step) => (step.late ?? false) === is),
    ) as [UndoStep[], UndoStep[]];
    const mark = late.length > 0 ? "part" : "undone";
    if (now.length > 0 && word !== "part")
      all.undo.unshift({ ...undoing, steps: now, mark, marked: [entry.number] });
    const first = late.map(({ undo }) => lateSteps.get(undo)).find(Boolean);
    const fresh = late.filter(({ undo }) => !lateSteps.has(undo));
    first?.marked.push(entry.number);
    if (fresh.length === 0) continue;
    const last: Undoing = {
      ...undoing,
      steps: fresh.toReversed(),
      looks: looks.map(fromAnywhere),
      mark: "undone",
      marked: first ? [] : [entry.number],
    };
    all.late.push(last);
    for (const { undo } of fresh) lateSteps.set(undo, last);
  }
  return all;
}

// A step that did not succeed is not run again: its undo has an undo only if that
// puts back what was there.
function withoutRerun(step: UndoStep): UndoStep {
  if (step.redo === undefined || step.redo === KEPT) return step;
  const { redo: _redo, ...rest } = step;
  return rest;
}

// Nobody knows how far the step of a change came that did not succeed, or whether it was begun: its
// undo may find nothing to take back. Whether all is as before is then decided by the looks alone.
function asFarAsDone(step: UndoStep, looks: readonly LookedAt[]): UndoStep {
  if (step.does !== undefined || step.late || looks.length === 0) return step;
  return { ...step, undo: `(\n${step.undo}\n) || :` };
}

// How the undo looks at it. Where the change failed, what it left counts. Whether a daemon runs at
// the moment is no sign that somebody has changed the host.
function lookedAt(look: JournalLook, id: string, left?: string): LookedAt {
  const { line: _line, before, after, ...rest } = look;
  const from: LookWord[] = left === undefined ? [...after] : left.split(" ");
  if (look.lastPasses) from[from.length - 1] = null;
  return { id, ...rest, from: left === undefined ? from : joined(from), to: before };
}

// Words that the host printed itself, as one: a name in them may have blanks.
function joined(words: readonly LookWord[]): LookWord[] {
  if (words.at(-1) !== null) return [words.join(" ")];
  return [{ begins: words.slice(0, -1).join(" ") }];
}

// The same look, whatever it finds before.
function fromAnywhere<T extends LookedAt>(look: T): T {
  return { ...look, from: [null] };
}

// The task's name, with the item of its loop.
export function nameOf({ task, item }: Pick<JournalEntry, "task" | "item">): string {
  return item === undefined ? task : `${task} [${item}]`;
}

// What is shown of an undo: the same as of the change, the other way round.
export function reversed(diff: Diff): Diff {
  if (diff.kind === "note") return diff;
  return { ...diff, before: diff.after, after: diff.before } as Diff;
}

// The lists, in the journal of a change, of what it unpacked from archives.
export function unpackedLists(steps: readonly UndoStep[]): string[] {
  return steps.flatMap(({ does }) => (does?.kind === "restore unpacked" ? does.list : []));
}
