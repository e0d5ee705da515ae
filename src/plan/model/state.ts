import type { UnreachableError } from "../../errors.ts";
import type { LocalRequest } from "../../controller/files.ts";
import type { Common, Handler, Play, Role } from "../../playbook/play.ts";
import type { Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Entry, FailedEntry, Notice } from "./entry.ts";
import type { Added, ChosenHosts, Fleet, InventoryView } from "./fleet.ts";
import type { Journal } from "./journal.ts";
import type { Position } from "./position.ts";
import { act, chain, later, type Rest, type Steps } from "./steps.ts";
import type { HostView } from "../view/host-view.ts";
import type { Host, HostKnowledge, Missing, OtherLogin } from "./host.ts";

/** One pass over the playbook for one host. Pure: it asks nobody, but lists what it would ask. */
export interface Walk {
  /** The pass that it is part of, where the other hosts are found. */
  readonly pass: Pass;
  readonly host: Host;
  readonly known: HostKnowledge;
  /** The machine that it is on, with its other names. */
  readonly machine: MachineWalks;
  view: HostView;
  readonly entries: Entry[];
  /** Questions to the host that this pass could not do without. */
  readonly missing: Map<string, Missing>;
  /** Questions to the controller's disk. */
  readonly wanted: Map<string, LocalRequest>;
  /** What register and set_fact have made. */
  readonly registered: Map<string, unknown>;
  /** The names that were made of what may be otherwise by then -> the task that may change it. */
  readonly doubts: Map<string, string>;
  /** What include_vars has read. */
  readonly included: Map<string, YamlNode>;
  /** Set once it is not known what it will read: then no variable is known that is not stronger. */
  includes: Unknown | undefined;
  /** Set once an include's content is not known: it may set names that nothing else sets. */
  brings: Unknown | undefined;
  /** Facts that modules answered in this run, as `ansible_facts` has them. */
  readonly madeFacts: Map<string, unknown>;
  /** What includes brought to the play; `uses` are the uses of roles that are done with. */
  broughtByIncludes: {
    readonly handlers: readonly Handler[];
    readonly roles: readonly Role[];
    readonly uses: ReadonlySet<string>;
  };
  /** A play or a setup task has gathered the host's facts. */
  gathered: boolean;
  /** How many changes were made on the host before this task. */
  changesMade: number;
  /** How many there were when facts were gathered last. */
  factsSince: number;
  /** A task that is not done yet and may change facts that are gathered after it. */
  factsDoubt: { task: string; bySetup: boolean } | undefined;
  /** The play that gathered them last, and its login (undefined: the usual one). */
  gatheredBy: { play: Play; login: OtherLogin | Unknown | undefined } | undefined;
  /** A task goes to this other machine, and nothing planned before could make it answer. */
  mustAnswer: boolean;
  /** The host was lost as a task's own login failed. */
  lostLogin: UnreachableError | undefined;
  /** Handlers that will run at the next flush: id -> the notice on the host, if there is one. */
  readonly notified: Map<string, string>;
  /** Those among them that an earlier run left behind, and that no task of this run notified. */
  readonly leftOver: Map<string, Notice>;
  /** Answers whose `until` does not hold, to be asked for again: seconds to wait first, by key. */
  readonly retry: Map<string, { seconds: number; id: string }>;
  /**
   * It is not known what the plays before will have made on this machine: once they are done,
   * the host is walked again.
   */
  awaitsController: boolean;
  /** The items of the loops that this pass came by. */
  readonly loops: Map<string, unknown[]>;
  /** A suffix for the ids of tasks that a looped include repeats. */
  suffix: string;
  /** Where in the playbook the walk is. */
  readonly at: Position;
  /** How many blocks with a rescue are around the task: a failure there is not the host's. */
  rescueDepth: number;
  /** The rescues around the task, with the results of their blocks, the innermost last. */
  rescues: readonly Rescue[];
  /** Whether the task that is planned looked at what tasks made known of other hosts. */
  readOtherHosts: boolean;
  /** Facts by name as they were looked up; they stay as they are for the whole pass. */
  readonly facts: Map<string, unknown>;
  /** meta: clear_facts: what was gathered is forgotten. */
  factsCleared: boolean;
  /** Counts what register and set_fact made, so that others see that something is new. */
  version: number;
  /** Play number while it is walked. */
  play: number;
  /** A guess was used: what this pass asks is worth asking, what it plans is not to be believed. */
  guessed: boolean;
  /** A change is planned that has not been made: what a command would print is not known. */
  hasPendingChange: boolean;
  /** The entry that failed the host; nothing after it is planned. */
  failed: FailedEntry | undefined;
  /** A failure that meta: clear_host_errors took back; the host takes part again. */
  clearedFailure: FailedEntry | undefined;
  /** The play is over for the host: meta: end_host and the like. */
  ended: boolean;
  /** It cannot go on: the host is lost, or another one's failure stopped all. */
  stopped: "lost" | "with others" | undefined;
  /** Why the run, or the play, ended before this host's part of it was done. */
  cut: string | undefined;
}

/** The result of a block that is rescued: its entries, and the one that failed. */
export interface Rescue {
  from: number;
  to: number;
  failed: FailedEntry;
}

/** Tells a view of a machine what a task means for the tasks after it. */
export type MachineNote = (view: HostView) => void;

/** The walks of one machine, which the inventory may know under several names. */
export interface MachineWalks {
  walks: Walk[];
  /** What is planned on it and not done yet, for names that are met later. */
  notes: MachineNote[];
}

// Whether nothing more of this play will be planned for the host.
export function isOver(walk: Walk): boolean {
  return walk.failed !== undefined || walk.ended || walk.stopped !== undefined;
}

// Notes that a task looked at another host, or that others may look at what it makes: what a
// partial pass plans is not to be believed.
export function couple(pass: Pass): void {
  pass.coupled ||= pass.partial;
}

// Notes that a change is planned that has not been made.
export function noteChange({ machine }: Walk): void {
  for (const walk of machine.walks) walk.hasPendingChange = true;
}

// Notes that a change was made on a machine.
export function noteMade({ machine }: Walk): void {
  for (const walk of machine.walks) walk.changesMade++;
}

// An entry ends the host's part.
export function failHost(walk: Walk, failed: FailedEntry): void {
  walk.failed = failed;
}

// Takes the failure of a host back, and answers it.
export function takeFailure(walk: Walk): FailedEntry | undefined {
  const { failed } = walk;
  walk.failed = undefined;
  return failed;
}

// The host has failed by this entry again, unless it has failed otherwise since.
export function returnFailure(walk: Walk, failed: FailedEntry | undefined): void {
  walk.failed ??= failed;
}

// The host is lost to the run.
export function loseHost(walk: Walk, login?: UnreachableError): void {
  walk.stopped = "lost";
  walk.lostLogin = login;
}

// A failure on another host stops this one, too.
export function stopWithOthers(walk: Walk, why: string): void {
  walk.stopped = "with others";
  walk.cut = why;
}

// The run, or the play, ends before this host's part of it is done.
export function cutShort(walk: Walk, why: string): void {
  walk.cut ??= why;
}

// Walks with a longer suffix for the ids of tasks, and restores the previous one afterwards.
export function withSuffix(walk: Walk, more: string, steps: Steps): Steps {
  return later(() => {
    const outer = walk.suffix;
    return chain(
      act(() => (walk.suffix = outer + more)),
      steps,
      act(() => (walk.suffix = outer)),
    );
  });
}

// The directory of the play that is walked, which another playbook may have imported.
export function folderOfPlay({ host, play }: Walk): string {
  return host.playbook.plays[play]!.folder;
}

// Where commands on this machine run: beside the playbook; elsewhere where the login begins.
export function localDirectory(walk: Walk, { host }: Walk): string | undefined {
  return host.isLocal ? folderOfPlay(walk) : undefined;
}

// The handlers that can be notified by now, in the order in which they run. A role that is brought
// again brings the same ones; what is around them is then what was around it the last time.
export function handlersOf({ broughtByIncludes: brought }: Walk, play: Play): readonly Handler[] {
  return [
    ...new Map(
      [...play.handlers, ...brought.handlers].map((handler) => [handler.id, handler]),
    ).values(),
  ];
}

// Replaces an entry that a walk has noted before, so that it can be taken back.
export function replaceEntry(walk: Walk, old: Entry, entry: Entry): void {
  const { entries } = walk;
  const index = entries.lastIndexOf(old);
  if (index < 0) return;
  entries[index] = entry;
  walk.pass.journal.note(() => (entries[index] = old));
}

// The innermost of the items around a task that has a keyword.
export function keyword(around: readonly Common[], name: string): YamlNode | undefined {
  return around.findLast((item) => item.keywords.has(name))?.keywords.get(name);
}

/** The variables of all hosts. */
export interface HostVariables {
  of(name: string): VariablesOfHost | undefined;
}

/** The variables of one host, for all that look at it. */
export interface VariablesOfHost {
  readonly name: string;
  /** A variable, and whether its value depends on what tasks made known. */
  lookup(key: string): { value: unknown; isRegistered: boolean };
  names(): Set<string>;
}

/**
 * One pass over the playbook for hosts that are walked together: task by task, and in each task
 * host by host, as Ansible's linear strategy does it. Pure, as each of its walks is.
 */
export interface Pass {
  readonly fleet: Fleet;
  view: InventoryView;
  /** What the tasks of this pass have added to the inventory. */
  readonly added: Added[];
  /**
   * The hosts of plays that depend on what the plays before have made known, and why some
   * of them are not known yet.
   */
  chosen: ChosenHosts;
  unknownHosts: { readonly [play: number]: Unknown };
  /** The walks by host; those of hosts that are only delegated to are made when needed. */
  readonly walks: Map<string, Walk>;
  /** The machines of its walks, by their addresses. */
  readonly machines: Map<string, MachineWalks>;
  /** It holds only some of the run's hosts, and so must not look at others. */
  readonly partial: boolean;
  /** A task looked at another host: what a partial pass planned is not to be believed. */
  coupled: boolean;
  /** Some value of some host may be otherwise by then: there were `doubts`. */
  hasDoubts: boolean;
  /** The results of tasks that run once, by batch and id. */
  readonly once: Map<string, unknown>;
  hostvars: HostVariables;
  /** The play that is walked, by number, its hosts, and those of its batch. */
  play: number;
  playHosts: readonly string[];
  batch: readonly string[];
  /** The play was ended for all hosts (meta: end_play), or just its batch (meta: end_batch). */
  ends: "batch" | "play" | undefined;
  /** Nothing more is done on any host, and why. */
  over: string | undefined;
  /**
   * The walk stops where no host can continue before it has made a change that may alter anything:
   * what comes then is asked for again.
   */
  stopsAtOpaque: boolean;
  /**
   * The walk stops at the first task that wants a file of this machine that was not read yet,
   * if it can go on from there.
   */
  readonly stopsAtFiles: boolean;
  /** Each host at work has such a change; with `stopsAtOpaque`, the walk has stopped there. */
  isHeld: boolean;
  /** The writes to the maps of the pass and of its walks since its mark. */
  readonly journal: Journal;
  /** The last place up to which all tasks are done with. */
  mark: Mark | undefined;
}

// The inventory, after hosts or groups were added, or the hosts of a play were found.
export function viewAgain(pass: Pass): void {
  pass.view = pass.fleet.view(pass.added, pass.chosen);
}

/** A place of a pass from which it can go on again, and all that was known there. */
export interface Mark {
  readonly rest: Rest;
  readonly pass: Pass;
  readonly added: number;
  readonly walks: readonly WalkMark[];
}

/** A walk as it was at a mark; its maps are in the journal. */
export interface WalkMark {
  readonly walk: Walk;
  readonly fields: Walk;
  readonly entries: number;
  readonly at: Position;
  /** How often the host had come back by then. */
  readonly returns: number;
  /** What its view of the host had begun with. */
  readonly begun: HostView["begun"];
}

// Whether all tasks should be seen, whatever fails. A failure inside a rescued block is rescued.
export function seesAll({ host, rescueDepth }: Walk): boolean {
  return host.options.ignoreFailures === true && rescueDepth === 0;
}
