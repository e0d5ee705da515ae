import { defectOf, InputError } from "../../errors.ts";
import type { Play, Playbook } from "../../playbook/play.ts";
import { allowedFailures, batchesOf } from "../model/batches.ts";
import type { Fleet } from "../model/fleet.ts";
import { HostVars } from "../scope/hostvars.ts";
import { comparePositions, type Position } from "../model/position.ts";
import { isOver, type Walk, type Pass } from "../model/state.ts";
import type { Steps } from "../model/steps.ts";
import { batchVariables } from "../scope/play-flags.ts";
import { walkOf } from "../model/pass-walks.ts";
import { walkPlay } from "./walk.ts";

/**
 * Plans all plays for hosts that are walked together, with what is known of them by now. A pass over some of a
 * fleet's hosts is partial: where a task looks at others, it only notes that it did (`coupled`).
 */
export function walkFleet(fleet: Fleet, playbook: Playbook, names: readonly string[]): Pass {
  const added: Pass["added"] = [];
  const pass = {
    fleet,
    view: fleet.view(added),
    added,
    walks: new Map(),
    partial: names.length < fleet.size,
    coupled: false,
    once: new Map(),
    reader: undefined,
    play: 0,
    playHosts: [],
    batch: [],
    ends: undefined,
    over: undefined,
  } as unknown as Pass;
  Object.assign(pass, { hostvars: new HostVars(pass) });
  for (const name of names) walkOf(pass, name).host.files.expectNothing();
  playbook.plays.forEach((play, number) => {
    stopBetween(pass, playbook, number);
    if (pass.over === undefined) playThrough(pass, play, number, names);
    else cutOff(pass, pass.view.hostsOf(play), names, pass.over);
  });
  return pass;
}

// Of several playbooks, the next is for nobody once a host has failed, as in Ansible.
function stopBetween(pass: Pass, { plays }: Playbook, number: number): void {
  if (number === 0 || plays[number]!.book === plays[number - 1]!.book) return;
  pass.coupled ||= pass.partial;
  const failed = [...pass.walks.values()].find(
    (walk) => hasFailed(walk) || walk.known.broken !== undefined,
  );
  if (!pass.partial && failed)
    pass.over ??= `${failed.host.name} failed in ${plays[number - 1]!.book.split("/").at(-1)!}, and ${plays[number]!.book.split("/").at(-1)!} is not begun`;
}

// Goes through one play, batch after batch.
function playThrough(pass: Pass, play: Play, number: number, names: readonly string[]): void {
  const hosts = pass.view.hostsOf(play);
  Object.assign(pass, {
    play: number,
    playHosts: play.keywords.has("order") ? inventoryOrder(pass, play) : hosts,
    ends: undefined,
  });
  const mine = new Set(names);
  const variables = batchVariables(play, pass, hosts);
  const batches = batchesOf(play, hosts, variables);
  for (const [index, batch] of batches.entries()) {
    if (pass.partial && batches.length > 1 && batch.some((name) => mine.has(name)))
      pass.coupled = true;
    pass.batch = batch;
    const walks = batch
      .filter((name) => !pass.partial || mine.has(name))
      .map((name) => walkOf(pass, name));
    for (const walk of walks) beginPlay(walk, number, index);
    walkTogether(
      pass,
      play,
      walks,
      allowedFailures(play.keywords.get("max_fail_percentage"), variables),
    );
    if (pass.ends !== "play" && pass.over === undefined) continue;
    return cutOff(
      pass,
      batches.slice(index + 1).flat(),
      names,
      pass.over ?? "the play was ended before its turn",
    );
  }
}

// Notes of hosts that the run does not come to, or not any more, that it is so; those that failed have their own reason.
function cutOff(pass: Pass, hosts: readonly string[], names: readonly string[], why: string): void {
  for (const name of hosts) {
    if (pass.partial && !names.includes(name)) continue;
    const walk = walkOf(pass, name);
    if (!hasFailed(walk)) walk.cut ??= why;
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

interface Turn {
  walk: Walk;
  steps: Steps;
  next: IteratorResult<Position, void>;
}

// Walks the hosts of a batch task by task: whoever stands before the first task in the order of the play goes next.
function walkTogether(pass: Pass, play: Play, walks: readonly Walk[], allowed: number): void {
  pass.ends = undefined;
  const alive = walks.filter((walk) => !isOver(walk));
  let turns = alive.map((walk) => begin(walk, play));
  while ((turns = turns.filter(({ next }) => next.done !== true)).length > 0) {
    const known = pass.added.length;
    const first = turns
      .map(({ next }) => next.value as Position)
      .reduce((a, b) => (comparePositions(a, b) <= 0 ? a : b));
    for (const turn of turns)
      if (comparePositions(turn.next.value as Position, first) === 0) advance(turn);
    if (pass.added.length > known) pass.view = pass.fleet.view(pass.added);
    if (
      stopAll(
        pass,
        allowed,
        alive,
        turns.map(({ walk }) => walk),
      ) ||
      pass.ends !== undefined
    )
      return;
  }
  const lost = alive.filter(hasFailed).length;
  if (!pass.partial && alive.length > 0 && lost === alive.length && alive.length === walks.length)
    pass.over = "no host is left";
}

function begin(walk: Walk, play: Play): Turn {
  const turn: Turn = { walk, steps: walkPlay(walk, play), next: { done: true, value: undefined } };
  advance(turn);
  return turn;
}

// Walks a host up to its next task. What nobody expected ends this host's part, and no other's.
function advance(turn: Turn): void {
  const { walk, steps } = turn;
  try {
    turn.next = steps.next();
  } catch (error) {
    if (error instanceof InputError) throw error;
    turn.next = { done: true, value: undefined };
    walk.known.broken ??= defectOf(error);
    walk.stopped = "lost";
  }
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
  const fatal = failed.find((walk) => walk.failed?.fatal);
  if (!fatal && (failed.length / batch.length) * 100 <= allowed) return false;
  pass.over = fatal
    ? `"${fatal.failed!.about ?? fatal.failed!.task}" failed on ${fatal.host.name}`
    : `more than ${allowed} % of the hosts failed`;
  for (const walk of working)
    if (!hasFailed(walk)) Object.assign(walk, { stopped: "with others", cut: pass.over });
  return true;
}
