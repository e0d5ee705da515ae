import { undoableOf, type JournalEntry, type Undoing } from "../../modules/journal/entry.ts";
import { checkStep, journal_undo } from "../../modules/journal/journal_undo.ts";
import type { Task } from "../../playbook/play.ts";
import { undone } from "../../probes/journal/journal.ts";
import { ask } from "../../probes/probe.ts";
import { Unknown, type Json } from "../../value.ts";
import {
  hasStatus,
  hasSteps,
  isUnknown,
  type Entry,
  type FailedEntry,
  type FailedVerdict,
  type Outcome,
  type Verdict,
} from "../model/entry.ts";
import { defined } from "../../defined.ts";
import { failedVerdict } from "../entry/write-entry.ts";
import { noteChange, failHost, replaceEntry, type Rescue, type Walk } from "../model/state.ts";
import { outcomeFailure } from "../call/status.ts";
import { entryNumber, journalEntry } from "../entry/journal-record.ts";
import { overlay } from "../call/overlay.ts";
import { relate } from "../entry/together.ts";
import type { Keyed } from "../scope/flags.ts";

/** The maximum number of lines that are shown of the reason. */
const REASON_LINES = 3;

/**
 * Plans the undo of what a block has done on this host: an entry for each change, the newest first,
 * then whatever waits until everything is restored; then the failure that the block ended with.
 * Nobody knows what that is before the whole block is settled.
 */
export function planRollback(
  walk: Walk,
  task: Task,
  keyed: Keyed,
  entry: Entry,
  isWanted: boolean,
): void {
  const rescue = walk.rescues.at(-1);
  if (!rescue) return misplaced(walk, entry);
  const done = isWanted ? walk.entries.slice(rescue.from, rescue.to).filter(hasSteps) : [];
  const isOpen = (one: Entry): boolean =>
    one.change !== undefined &&
    !hasStatus(one, "failed") &&
    !walk.known.completed.get(one.id)?.outcome;
  if (done.some((one) => isOpen(one) || isUnknown(one))) return putOff(walk, entry);
  const { undo, late, stay } = undoableOf(journalOf(walk, done));
  const check = checkEntry(walk, entry, undo);
  if (check) {
    walk.entries.push(check);
    relate(walk, task, keyed, check);
    if (hasStatus(check, "failed")) return failWith(walk, check, rescue.failed, "was to be undone");
    if (!walk.known.completed.get(check.id)) noteChange(walk);
  }
  const byNumber = new Map(done.map((one) => [numberOf(walk, one), one]));
  for (const [index, one] of [...undo, ...late].entries()) {
    const undoing = undoEntry(walk, entry, byNumber.get(one.number)!, one, index);
    walk.entries.push(undoing);
    relate(walk, task, keyed, undoing);
    if (hasStatus(undoing, "failed")) return failWith(walk, undoing, rescue.failed, "was undone");
    overlay(walk, undoing);
    if (!walk.known.completed.get(undoing.id)) noteChange(walk);
  }
  const isDone = [...undo, ...late].every((_, index) =>
    walk.known.completed.get(undoId(entry, index)),
  );
  if (!isDone) return putOff(walk, entry);
  const full = undo.filter((_, index) => {
    const outcome = walk.known.completed.get(undoId(entry, index))?.outcome;
    return outcome?.status === "failed";
  });
  const kept = full.flatMap(madeDirectories);
  const final = failureEntry(walk, entry, rescue, undo.length - full.length, { stay, kept });
  walk.entries.push(final);
  failHost(walk, final);
  relate(walk, task, keyed, final);
}

// The changes of the block, as a journal has them: those that ran.
function journalOf(walk: Walk, done: readonly Entry[]): Parameters<typeof undoableOf>[0] {
  const ran = done.filter((one) => numberOf(walk, one) !== undefined);
  const words = { done: "done", failed: "failed", already: "already" } as const;
  return {
    name: "",
    head: null,
    entries: ran.map((one): JournalEntry =>
      journalEntry(one, numberOf(walk, one)!),
    ) as unknown as Json[],
    log: ran.flatMap((one) => {
      const word = words[walk.known.completed.get(one.id)!.outcome!.status];
      return word === "already" ? [] : [[word, numberOf(walk, one)!, ""]];
    }),
    left: {},
  };
}

// The number of an entry in the journal of this run on its host; undefined: it did not run.
function numberOf({ known }: Walk, { id }: Entry): string | undefined {
  const number = known.completed.get(id)?.outcome?.number;
  return number === undefined ? undefined : entryNumber(number);
}

function undoId({ id }: Entry, index: number): string {
  return `${id}<${index}`;
}

// Checks, before anything is undone, that nobody has changed what archives brought;
// undefined: nothing was unpacked.
function checkEntry(walk: Walk, rollback: Entry, undo: readonly Undoing[]): Entry | undefined {
  const step = checkStep(undo);
  if (!step) return undefined;
  const { action: _action, ...rest } = rollback;
  const title = "Check that nothing has changed since";
  const id = `${rollback.id}<check`;
  return {
    ...rest,
    id,
    at: [...walk.at, -1],
    task: title,
    title,
    verdict: verdictOfUndo(walk.known.completed.get(id)?.outcome, []),
    change: { after: {}, steps: [step], files: [], diff: [], silent: true },
    readOnly: false,
    result: { changed: false, failed: false },
  };
}

// The undo of one change, as an entry like any other.
function undoEntry(walk: Walk, rollback: Entry, of: Entry, undoing: Undoing, index: number): Entry {
  const id = undoId(rollback, index);
  const completed = walk.known.completed.get(id);
  const probes = undoing.looks.map((look) => ask(undone, look));
  const before = Object.fromEntries(undoing.looks.map((look) => [look.id, "from"] as const));
  const change = journal_undo.plan({ change: undoing }, before, undefined as never)!;
  const { outcome } = completed ?? {};
  const title = `Undo: ${of.title}`;
  return {
    ...of,
    id,
    at: [...walk.at, index],
    task: title,
    title,
    crossesOff: [],
    module: "rollback",
    place: rollback.place,
    verdict: verdictOfUndo(outcome, madeDirectories(undoing)),
    change: { ...change, files: [] },
    probes: probes.map((probe) => [probe, "from", "to"]),
    diff: of.noLog ? of.diff : undoing.diff,
    wouldNotify: [],
    notifies: [],
    readOnly: false,
    result: { changed: true, failed: false },
  };
}

// The directories that a change made, where it did nothing else: those that others filled
// since, such as a daemon, stay.
function madeDirectories({ steps }: Undoing): string[] {
  const made = steps.flatMap(({ does }) => (does?.kind === "remove directory" ? does.path : []));
  return made.length === steps.length ? made : [];
}

// The result of an undo, done or about to be done; `made`: the directories that it only
// removes if they are empty.
function verdictOfUndo(outcome: Outcome | undefined, made: readonly string[]): Verdict {
  switch (outcome?.status) {
    case "already":
      return { status: "ok" };
    case "failed": {
      if (made.length > 0) return { status: "ok", shows: keptWords(made) };
      const { message, hint } = outcomeFailure(outcome);
      return failedVerdict(hint === undefined ? { message } : { message, hint });
    }
    case "done":
    case undefined:
      return { status: "changed" };
  }
}

function keptWords(kept: readonly string[]): string {
  return `stays, as others have put something in it: ${kept.join(", ")}`;
}

// What the host fails with: the reason of the block, in short, and that it was put back.
function failureEntry(
  walk: Walk,
  entry: Entry,
  { failed }: Rescue,
  count: number,
  { stay, kept }: { stay: readonly string[]; kept: readonly string[] },
): FailedEntry {
  const { message, hint, place } = failed.verdict.failure;
  const undid = count === 1 ? "1 change was undone" : `${count} changes were undone`;
  const isWhole = stay.length === 0 && kept.length === 0;
  const back = count === 0 ? [] : [isWhole ? `${undid}: all is as it was before` : undid];
  const left =
    stay.length === 0 ? [] : [`not undone, because it is not known how: ${stay.join(", ")}`];
  const full = kept.length === 0 ? [] : [keptWords(kept)];
  const failure: FailedVerdict["failure"] = {
    message: [...inShort(message, count === 0), ...back, ...full, ...left].join("\n"),
  };
  if (hint !== undefined) failure.hint = hint;
  if (place) failure.place = place;
  const { action: _action, ...rest } = entry;
  return {
    ...rest,
    id: `${entry.id}<failed`,
    at: [...walk.at, count + 1],
    task: failed.title,
    title: failed.title,
    verdict: failedVerdict(failure),
    noLog: failed.noLog,
    result: { changed: false, failed: true, msg: failure.message },
    ...defined({ item: failed.item }),
  };
}

/** What systemd says of a unit that fails, whatever the reason. */
const OF_SYSTEMD = /^(\S+\.\w+: |(Failed to start|Start\w*|Stop\w*) \S+\.\w+)/;

// The first line of a reason, and what says most of the rest: the last words of errors.
function inShort(message: string, isWhole: boolean): string[] {
  const [first = "", ...rest] = message.split("\n").filter((line) => line.trim() !== "");
  if (isWhole || rest.length < REASON_LINES) return [first, ...rest];
  const own = rest.filter((line) => !OF_SYSTEMD.test(line));
  const telling = own.filter((line) => /fatal|error|fail|panic|cannot|denied|invalid/i.test(line));
  const fatal = own.filter((line) => /fatal|panic/i.test(line)).slice(0, 1);
  const told = [telling, own, rest].find((lines) => lines.length > 0)!;
  const last = told.filter((line) => !fatal.includes(line));
  return [first, ...fatal, ...last.slice(1 - REASON_LINES + fatal.length)];
}

// An undo that failed ends the host's part, with what was undone for.
function failWith(
  walk: Walk,
  undoing: FailedEntry,
  { verdict, task }: FailedEntry,
  what: "was undone" | "was to be undone",
): void {
  const { message, ...more } = undoing.verdict.failure;
  const [why = "failed"] = verdict.failure.message.split("\n");
  const failure = { ...more, message: `${message}\nit ${what} for: ${task}: ${why}` };
  const told: FailedEntry = { ...undoing, verdict: { ...undoing.verdict, failure } };
  replaceEntry(walk, undoing, told);
  failHost(walk, told);
}

// What is not known before the block is done with, and its undo.
function putOff(walk: Walk, entry: Entry): void {
  const why = "what becomes of its block";
  const { action: _action, ...rest } = entry;
  walk.entries.push({
    ...rest,
    id: `${entry.id}<failed`,
    at: [...walk.at, Number.MAX_SAFE_INTEGER],
    verdict: { status: "deferred", why, unknown: new Unknown(why) },
    readOnly: false,
  });
  noteChange(walk);
}

// It is not inside a rescue.
function misplaced(walk: Walk, entry: Entry): void {
  const { action: _action, ...rest } = entry;
  const failed: FailedEntry = {
    ...rest,
    verdict: failedVerdict({
      message: "rollback undoes what a block has done, but it is not in a rescue",
      hint: "put it under rescue: of the block",
      place: entry.place,
    }),
  };
  replaceEntry(walk, entry, failed);
  failHost(walk, failed);
}
