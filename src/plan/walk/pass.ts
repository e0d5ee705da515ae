import { basename } from "node:path";
import type { Play, Playbook } from "../../playbook/play.ts";
import { allowedFailures, batchesOf } from "../model/batches.ts";
import type { Fleet } from "../model/fleet.ts";
import { RenderedOnce } from "../scope/hostvars.ts";
import { Journal, RecordedMap } from "../model/journal.ts";
import {
  canComeBack,
  forgetMark,
  goBack,
  isDoneSince,
  isOutdated,
  setMark,
  wantsFiles,
} from "../model/marks.ts";
import { couple, cutShort, type Walk, type Pass } from "../model/state.ts";
import {
  act,
  chain,
  each,
  later,
  nextStop,
  nothing,
  type Rest,
  type Steps,
} from "../model/steps.ts";
import { batchVariables } from "../scope/play-flags.ts";
import { walkOf } from "../model/pass-walks.ts";
import { findLateHosts } from "./late-hosts.ts";
import { hasFailed, walkTogether } from "./linear.ts";
import { endRun, setEnded, setHeld } from "../model/ends.ts";

/**
 * A pass that is on its way: it pauses between tasks, so that something else may be done
 * meanwhile that is no walk.
 */
export type Walking = Generator<Pass, Pass, undefined>;

// Plans all plays for hosts that are walked together, without a pause.
export function walkFleet(...what: Parameters<typeof walkingFleet>): Pass {
  return withoutPause(walkingFleet(...what));
}

// Plans again with what has become known since, without a pause.
export function walkAgain(...what: Parameters<typeof walkingAgain>): Pass {
  return withoutPause(walkingAgain(...what));
}

// Walks to the end.
export function withoutPause(walking: Walking): Pass {
  for (;;) {
    const { done, value } = walking.next();
    if (done) return value;
  }
}

/**
 * Plans all plays for hosts that are walked together, with what is known of them by now. A
 * pass over some of a fleet's hosts is partial: where a task looks at others, it only
 * notes that it did (`coupled`).
 */
export function* walkingFleet(
  fleet: Fleet,
  playbook: Playbook,
  names: readonly string[],
  stopsAtOpaque = false,
  stopsAtFiles = false,
): Walking {
  const added: Pass["added"] = [];
  const journal = new Journal();
  const pass = {
    fleet,
    view: fleet.view(added),
    added,
    chosen: {},
    unknownHosts: {},
    walks: new RecordedMap(journal),
    machines: new Map(),
    partial: names.length < fleet.size,
    coupled: false,
    hasDoubts: false,
    once: new RecordedMap(journal),
    play: 0,
    playHosts: [],
    batch: [],
    ends: undefined,
    over: undefined,
    stopsAtOpaque,
    stopsAtFiles,
    isHeld: false,
    journal,
    mark: undefined,
  } as unknown as Pass;
  Object.assign(pass, { hostvars: new RenderedOnce(pass) });
  for (const name of names) pass.view.member(name).host.files.expectNothing();
  for (const name of names) walkOf(pass, name);
  const plays = each(playbook.plays, (_, number) => walkPlayOf(pass, playbook, number, names));
  yield* goOn(pass, () => plays(() => undefined));
  return pass;
}

/**
 * Plans all plays up to the first task that wants a file of this machine that was not read yet, or
 * to the end; `before` is how far such a walk came, and from there it goes on. The result is the
 * same as walking from the top.
 */
export function* walkingToFiles(
  before: Pass | undefined,
  fleet: Fleet,
  playbook: Playbook,
  names: readonly string[],
): Walking {
  if (before?.mark) return yield* walkingAgain(before, fleet, playbook, names);
  return yield* walkingFleet(fleet, playbook, names, false, true);
}

/**
 * Plans again with what has become known since: from the last position before which all tasks were
 * settled, if there is one, otherwise from the top. The result is the same as walking from the top.
 */
export function* walkingAgain(
  before: Pass | undefined,
  fleet: Fleet,
  playbook: Playbook,
  names: readonly string[],
  stopsAtOpaque = false,
): Walking {
  const mark = before?.mark;
  if (!before || !mark || isOutdated(mark))
    return yield* walkingFleet(fleet, playbook, names, stopsAtOpaque);
  goBack(before, mark);
  before.hostvars = new RenderedOnce(before);
  before.stopsAtOpaque = stopsAtOpaque;
  yield* goOn(before, mark.rest);
  return before;
}

// Walks on until nothing is left, or no host can go on, and marks how far all tasks are done with.
function* goOn(pass: Pass, rest: Rest): Generator<Pass, void, undefined> {
  let isDone = [...pass.walks.values()].some(({ known }) => known.completed.size > 0);
  for (let stop = nextStop(rest); stop; stop = nextStop(stop.go)) {
    isDone &&= isDoneSince(pass, pass.mark);
    if (isDone) setMark(pass, stop.go);
    else if (pass.stopsAtFiles && !goesPastFiles(pass, stop.go)) return;
    if (pass.stopsAtOpaque && pass.isHeld) return;
    yield pass;
  }
  if (pass.stopsAtFiles && !wantsFiles(pass)) forgetMark(pass);
  setHeld(pass, false);
}

// Whether a walk that stops at files goes on to its next task. One that cannot come back
// here goes through to its end.
function goesPastFiles(pass: Pass, rest: Rest): boolean {
  if (wantsFiles(pass)) return pass.mark === undefined;
  if (canComeBack(pass)) setMark(pass, rest);
  else forgetMark(pass);
  return true;
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
    findLateHosts(pass, play, number);
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
  if (pass.partial || !failed || pass.over !== undefined) return;
  const [before, next] = [plays[number - 1]!, plays[number]!].map(({ book }) => basename(book));
  endRun(pass, `${failed.host.name} failed in ${before!}, and ${next!} is not started`);
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

// Records on hosts that the run does not reach, or no longer reaches, that this is so; those that
// failed have their own reason.
function cutOff(pass: Pass, hosts: readonly string[], names: readonly string[], why: string): void {
  for (const name of hosts) {
    if (pass.partial && !names.includes(name)) continue;
    const walk = walkOf(pass, name);
    if (!hasFailed(walk)) cutShort(walk, why);
  }
}

// The hosts of a play as ansible_play_hosts has them, whatever the order in
// which the play takes them.
function inventoryOrder({ view }: Pass, play: Play): string[] {
  return [
    ...[...view.hosts].filter((name) => view.isIn(play, name)),
    ...view.hostsOf(play).filter((name) => !view.hosts.has(name)),
  ];
}

// A host that ended its part in an earlier play takes part again; one that failed does not.
function beginPlay(walk: Walk, number: number, batch: number): void {
  setEnded(walk, false);
  walk.play = number;
  walk.at.splice(0, walk.at.length, number, batch);
}
