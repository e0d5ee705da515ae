import { breakOff } from "../model/host.ts";
import { defectOf, InputError } from "../../errors.ts";
import type { Play, Playbook } from "../../playbook/play.ts";
import { allowedFailures, batchesOf } from "../model/batches.ts";
import type { Fleet } from "../model/fleet.ts";
import { HostVars } from "../scope/hostvars.ts";
import { retryOf, type Entry } from "../model/entry.ts";
import { Journal, RecordedMap } from "../model/journal.ts";
import { goBack, isDoneSince, isOutdated, markOf } from "../model/marks.ts";
import { comparePositions } from "../model/position.ts";
import {
  couple,
  cutShort,
  loseHost,
  stopWithOthers,
  isOver,
  type Walk,
  type Pass,
} from "../model/state.ts";
import {
  act,
  chain,
  each,
  later,
  nextStop,
  nothing,
  type Onward,
  type Rest,
  type Steps,
  type NextTask,
} from "../model/steps.ts";
import { batchVariables } from "../scope/play-flags.ts";
import { walkOf } from "../model/pass-walks.ts";
import { walkPlay } from "./walk.ts";

/**
 * Plans all plays for hosts that are walked together, with what is known of them by now. A pass over some of a
 * fleet's hosts is partial: where a task looks at others, it only notes that it did (`coupled`).
 */
export function walkFleet(
  fleet: Fleet,
  playbook: Playbook,
  names: readonly string[],
  stopsAtOpaque = false,
): Pass {
  const added: Pass["added"] = [];
  const journal = new Journal();
  const pass = {
    fleet,
    view: fleet.view(added),
    added,
    walks: new RecordedMap(journal),
    partial: names.length < fleet.size,
    coupled: false,
    once: new RecordedMap(journal),
    reader: undefined,
    play: 0,
    playHosts: [],
    batch: [],
    ends: undefined,
    over: undefined,
    stopsAtOpaque,
    isHeld: false,
    journal,
    mark: undefined,
  } as unknown as Pass;
  Object.assign(pass, { hostvars: new HostVars(pass) });
  for (const name of names) walkOf(pass, name).host.files.expectNothing();
  const plays = each(playbook.plays, (_, number) => walkPlayOf(pass, playbook, number, names));
  goOn(pass, () => plays(() => undefined));
  return pass;
}

/**
 * Plans again with what has become known since: from the last position before which all tasks were settled, if there is one,
 * otherwise from the top. The result is the same as walking from the top.
 */
export function walkAgain(
  before: Pass | undefined,
  fleet: Fleet,
  playbook: Playbook,
  names: readonly string[],
  stopsAtOpaque = false,
): Pass {
  const mark = before?.mark;
  if (!before || !mark || isOutdated(mark)) return walkFleet(fleet, playbook, names, stopsAtOpaque);
  goBack(before, mark);
  before.hostvars = new HostVars(before);
  before.stopsAtOpaque = stopsAtOpaque;
  goOn(before, mark.rest);
  return before;
}

// Walks on until nothing is left, or no host can go on, and marks how far all tasks are done with.
function goOn(pass: Pass, rest: Rest): void {
  let isDone = [...pass.walks.values()].some(({ known }) => known.completed.size > 0);
  for (let stop = nextStop(rest); stop; stop = nextStop(stop.go)) {
    isDone &&= isDoneSince(pass, pass.mark);
    if (isDone) pass.mark = markOf(pass, stop.go);
    if (pass.stopsAtOpaque && pass.isHeld) return;
  }
  pass.isHeld = false;
}

// Plans one play, unless the run is over by then.
function walkPlayOf(
  pass: Pass,
  playbook: Playbook,
  number: number,
  names: readonly string[],
): Steps {
  return later(() => {
    const play = playbook.plays[number]!;
    stopBetween(pass, playbook, number);
    if (pass.over === undefined) return playThrough(pass, play, number, names);
    cutOff(pass, pass.view.hostsOf(play), names, pass.over);
    return nothing;
  });
}

// If there are several playbooks, the next one is skipped once a host has failed, as in Ansible.
function stopBetween(pass: Pass, { plays }: Playbook, number: number): void {
  if (number === 0 || plays[number]!.book === plays[number - 1]!.book) return;
  couple(pass);
  const failed = [...pass.walks.values()].find(
    (walk) => hasFailed(walk) || walk.known.broken !== undefined,
  );
  if (!pass.partial && failed)
    pass.over ??= `${failed.host.name} failed in ${plays[number - 1]!.book.split("/").at(-1)!}, and ${plays[number]!.book.split("/").at(-1)!} is not started`;
}

// Goes through one play, batch after batch.
function playThrough(pass: Pass, play: Play, number: number, names: readonly string[]): Steps {
  const hosts = pass.view.hostsOf(play);
  Object.assign(pass, {
    play: number,
    playHosts: play.keywords.has("order") ? inventoryOrder(pass, play) : hosts,
    ends: undefined,
  });
  const mine = new Set(names);
  const variables = batchVariables(play, pass, hosts);
  const batches = batchesOf(play, hosts, variables);
  const limit = play.keywords.get("max_fail_percentage");
  const isOver = (): boolean => pass.ends === "play" || pass.over !== undefined;
  // a host that is walked alone does not go through all the others
  const mineOf = (batch: readonly string[]): readonly string[] => {
    if (!pass.partial) return batch;
    if (batches.length > 1 || names.length > 1) return batch.filter((name) => mine.has(name));
    return names.filter((name) => pass.view.isIn(play, name));
  };
  const walkBatch = (batch: readonly string[], index: number): Steps => {
    const walked = mineOf(batch);
    if (batches.length > 1 && walked.length > 0) couple(pass);
    pass.batch = batch;
    const walks = walked.map((name) => walkOf(pass, name));
    for (const walk of walks) beginPlay(walk, number, index);
    return chain(
      walkTogether(pass, play, walks, allowedFailures(limit, variables)),
      act(() => {
        const why = pass.over ?? "the play ended before it was reached";
        if (isOver()) cutOff(pass, batches.slice(index + 1).flat(), names, why);
      }),
    );
  };
  return each(batches, (batch, index) => later(() => walkBatch(batch, index)), isOver);
}

// Records on hosts that the run does not reach, or no longer reaches, that this is so; those that failed have their own reason.
function cutOff(pass: Pass, hosts: readonly string[], names: readonly string[], why: string): void {
  for (const name of hosts) {
    if (pass.partial && !names.includes(name)) continue;
    const walk = walkOf(pass, name);
    if (!hasFailed(walk)) cutShort(walk, why);
  }
}

// The hosts of a play as ansible_play_hosts has them, whatever the order in which the play takes them.
function inventoryOrder({ view }: Pass, play: Play): string[] {
  return [
    ...[...view.hosts].filter((name) => view.isIn(play, name)),
    ...view.hostsOf(play).filter((name) => !view.hosts.has(name)),
  ];
}

// A host that ended its part in an earlier play takes part again; one that failed does not.
function beginPlay(walk: Walk, number: number, batch: number): void {
  walk.ended = false;
  walk.play = number;
  walk.at.splice(0, walk.at.length, number, batch);
}

/**
 * What stops a host until it has done something: a change that may alter anything, or a command that only further commands with
 * no questions may follow.
 */
type Hold = "none" | "command" | "held";

/** A host that is walked together with others: its position, and what stops it. */
interface Turn {
  readonly walk: Walk;
  readonly next: NextTask | undefined;
  readonly hold: Hold;
}

// Walks the hosts of a batch task by task: the host at the earliest task of the play goes next.
function walkTogether(pass: Pass, play: Play, walks: readonly Walk[], allowed: number): Steps {
  return later(() => {
    pass.ends = undefined;
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
        pass.over = "no host is left";
      return then;
    }
    pass.isHeld = open.every(({ hold, walk }) => hold === "held" && !isInHandler(walk));
    const first = open
      .map(({ next }) => next!.at)
      .reduce((a, b) => (comparePositions(a, b) <= 0 ? a : b));
    const go = (): Onward => {
      const known = pass.added.length;
      const after = open.map((turn) =>
        comparePositions(turn.next!.at, first) === 0 ? advance(turn, turn.next!.go) : turn,
      );
      if (pass.added.length > known) pass.view = pass.fleet.view(pass.added);
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

// Tells whether a walk is among the tasks that a handler brings: only at its end it is known which of them crosses its notice off.
function isInHandler({ suffix }: Walk): boolean {
  return suffix.includes("@");
}

// What stops a host after an entry and those before it.
function holdBy(walk: Walk, entry: Entry, before: Hold): Hold {
  if (before === "held" || !awaits(walk, entry)) return before === "none" ? "none" : "held";
  return entry.change?.standsAlone ? "command" : "held";
}

// Tells whether an entry is a change that may alter anything and is still to be made: all that the host has answered is forgotten then.
function awaits({ known }: Walk, entry: Entry): boolean {
  const { change } = entry;
  if (!change?.opaque || change.silent === true) return false;
  return !known.completed.has(entry.id) || retryOf(entry) !== undefined;
}

// Tells whether the host's part of the run is over before its end.
export function hasFailed({ failed, stopped }: Walk): boolean {
  return failed !== undefined || stopped === "lost";
}

// A failure that any_errors_fatal, run_once or max_fail_percentage make one of all hosts stops those that are still at work.
function stopAll(
  pass: Pass,
  allowed: number,
  batch: readonly Walk[],
  working: readonly Walk[],
): boolean {
  const failed = batch.filter(hasFailed);
  const fatal = failed.find((walk) => walk.failed?.verdict.scope === "all");
  if (!fatal && (failed.length / batch.length) * 100 <= allowed) return false;
  pass.over = fatal
    ? `"${fatal.failed!.about ?? fatal.failed!.task}" failed on ${fatal.host.name}`
    : `more than ${allowed} % of the hosts failed`;
  for (const walk of working) if (!hasFailed(walk)) stopWithOthers(walk, pass.over);
  return true;
}
