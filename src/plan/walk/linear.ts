import { breakOff } from "../model/host.ts";
import { defectOf, InputError } from "../../errors.ts";
import type { Play } from "../../playbook/play.ts";
import { retryOf, type Entry } from "../model/entry.ts";
import { comparePositions } from "../model/position.ts";
import {
  loseHost,
  stopWithOthers,
  isOver,
  viewAgain,
  type Walk,
  type Pass,
} from "../model/state.ts";
import {
  later,
  nextStop,
  type Onward,
  type Rest,
  type Steps,
  type NextTask,
} from "../model/steps.ts";
import { walkPlay } from "./walk.ts";
import { endRun, setEnds, setHeld } from "../model/ends.ts";

/**
 * What stops a host until it has done something: a change that may alter anything, or a command
 * that only further commands with no questions may follow.
 */
type Hold = "none" | "command" | "held";

/** A host that is walked together with others: its position, and what stops it. */
interface Turn {
  readonly walk: Walk;
  readonly next: NextTask | undefined;
  readonly hold: Hold;
}

// Walks the hosts of a batch task by task: the host at the earliest task of the play goes next.
export function walkTogether(
  pass: Pass,
  play: Play,
  walks: readonly Walk[],
  allowed: number,
): Steps {
  return later(() => {
    setEnds(pass, undefined);
    const alive = walks.filter((walk) => !isOver(walk));
    const turns = alive.map((walk) =>
      advance({ walk, next: undefined, hold: "none" }, () => walkPlay(walk, play)(() => undefined)),
    );
    return rounds({ pass, alive, allowed, isWhole: alive.length === walks.length }, turns);
  });
}

/** The hosts of a batch that are walked together. */
interface Batch {
  pass: Pass;
  alive: readonly Walk[];
  /** How many percent of them may fail before all stop. */
  allowed: number;
  /** No host of the batch was lost before. */
  isWhole: boolean;
}

// Resumes the host at the earliest task, again and again, until none is left or all are stopped.
function rounds(batch: Batch, turns: readonly Turn[]): Steps {
  const { pass, alive, allowed, isWhole } = batch;
  return (then) => {
    const open = turns.filter(({ next }) => next !== undefined);
    if (open.length === 0) {
      const lost = alive.filter(hasFailed).length;
      if (!pass.partial && isWhole && alive.length > 0 && lost === alive.length)
        endRun(pass, "no host is left");
      return then;
    }
    setHeld(
      pass,
      open.every(({ hold, walk }) => hold === "held" && !isInHandler(walk)),
    );
    const first = open
      .map(({ next }) => next!.at)
      .reduce((a, b) => (comparePositions(a, b) <= 0 ? a : b));
    const go = (): Onward => {
      const known = pass.added.length;
      const after = open.map((turn) =>
        comparePositions(turn.next!.at, first) === 0 ? advance(turn, turn.next!.go) : turn,
      );
      if (pass.added.length > known) viewAgain(pass);
      const working = after.map(({ walk }) => walk);
      if (stopAll(pass, allowed, alive, working) || pass.ends !== undefined) return then;
      return () => rounds(batch, after)(then);
    };
    return { at: first, go };
  };
}

// Walks a host up to its next task. An unexpected error ends this host's part, and no other's.
function advance({ walk, hold }: Turn, rest: Rest): Turn {
  const from = walk.entries.length;
  try {
    const next = nextStop(rest);
    const made = walk.entries.slice(from);
    return { walk, next, hold: made.reduce((before, entry) => holdBy(walk, entry, before), hold) };
  } catch (error) {
    if (error instanceof InputError) throw error;
    if (!walk.known.broken) breakOff(walk.known, defectOf(error));
    loseHost(walk);
    return { walk, next: undefined, hold };
  }
}

// Whether a walk is among the tasks that a handler brings: only at its end it is known which of
// them crosses its notice off.
function isInHandler({ suffix }: Walk): boolean {
  return suffix.includes("@");
}

// What stops a host after an entry and those before it.
function holdBy(walk: Walk, entry: Entry, before: Hold): Hold {
  if (before === "held" || !awaits(walk, entry)) return before === "none" ? "none" : "held";
  return entry.change?.standsAlone ? "command" : "held";
}

// Whether an entry is a change that may alter anything and is still to be made: all that the host
// has answered is forgotten then.
function awaits({ known }: Walk, entry: Entry): boolean {
  const { change } = entry;
  if (!change?.opaque || change.silent === true) return false;
  return !known.completed.has(entry.id) || retryOf(entry) !== undefined;
}

// Whether the host's part of the run is over before its end.
export function hasFailed({ failed, stopped }: Walk): boolean {
  return failed !== undefined || stopped === "lost";
}

// What ended the part of all hosts: a task that failed on one of them, or at which it was lost.
function whyFatal({ failed, host, stopped }: Walk): string {
  const task = `"${failed!.title}"`;
  return stopped === "lost"
    ? `${host.name} is unreachable at ${task}`
    : `${task} failed on ${host.name}`;
}

// A failure that any_errors_fatal, run_once or max_fail_percentage make one of all hosts stops
// those that are still at work.
function stopAll(
  pass: Pass,
  allowed: number,
  batch: readonly Walk[],
  working: readonly Walk[],
): boolean {
  const failed = batch.filter(hasFailed);
  const fatal = failed.find((walk) => walk.failed?.verdict.scope === "all");
  if (!fatal && (failed.length / batch.length) * 100 <= allowed) return false;
  const why = fatal ? whyFatal(fatal) : `more than ${allowed} % of the hosts failed`;
  endRun(pass, why);
  for (const walk of working) if (!hasFailed(walk)) stopWithOthers(walk, why);
  return true;
}
