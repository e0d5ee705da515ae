import type { Environment } from "../../jinja/template.ts";
import type { ControllerFiles, LocalRequest } from "../../controller/files.ts";
import type { Common, Handler, Play, Playbook, Role } from "../../playbook/play.ts";
import type { Probe } from "../../probes/probe.ts";
import type { Json, Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Entry, Identity, Outcome } from "./entry.ts";
import type { Told, UnreachableError } from "../../errors.ts";
import type { Pass } from "./fleet.ts";
import type { Notice } from "../task/notify.ts";
import type { Position } from "./position.ts";
import type { Layer } from "./variables.ts";
import type { Observed, World } from "./host-view.ts";

/** Everything about a host that does not change while a run goes on. */
export interface Host {
  name: string;
  /** The user who logs in. */
  login: string;
  playbook: Playbook;
  /** The host is this machine itself. */
  isLocal: boolean;
  /** `-e`: stronger than all others. */
  extra: Layer;
  /** inventory_hostname, playbook_dir ...: cannot be overridden. Those that a run may change come from the pass. */
  magic: Layer;
  /** ansible_host, ansible_user ...: what tasks see of the connection where nothing else sets it. */
  connection?: Layer;
  options: WalkOptions;
  files: ControllerFiles;
  env: Environment;
}

/** What the command line says about the walk. */
export interface WalkOptions {
  tags: readonly string[];
  skipTags: readonly string[];
  checkMode: boolean;
  /** A person sits at a terminal. */
  isInteractive?: boolean;
  become: boolean;
  /** What earlier runs left of handlers is forgotten (--drop-handlers). */
  dropHandlers?: boolean;
  becomeUser?: string;
  becomeMethod?: string | undefined;
  becomeExe?: string | undefined;
  becomeFlags?: string | undefined;
  becomePassword?: string;
}

/** An entry that is done with, what became of it if it ran, and how often it ran. */
export interface Settled {
  entry: Entry;
  outcome?: Outcome;
  runs?: number;
}

/** What a run has learnt of a host so far. */
export interface Known extends Observed {
  /** Entries that are done with: what they were, and what became of those that ran. */
  settled: Map<string, Settled>;
  /** How often the question of a task with `until` was put in vain. */
  tries: Map<string, number>;
  /** Users whom nobody could become when they were asked as, as they are not there. */
  noUsers: Map<string, UnreachableError>;
  /** apply is at work: questions with `until` are put again until they hold. */
  applying: boolean;
  /** Facts as an earlier run saw them, by probe key: good for asking ahead, never for deciding. */
  guesses: ReadonlyMap<string, Json>;
  /** The items of loops that were begun, so that they stay the same when facts move on. */
  loops: Map<string, unknown[]>;
  /** Why the host did not answer when it was asked last; a play that first waits for it may go on all the same. */
  silent?: UnreachableError;
  /** Set once the host could not be reached, or was lost. */
  unreachable?: UnreachableError;
  /** Set where the host's part is over for a reason that is no task's: the lock, the stage. */
  broken?: Told & { task: string; stack?: string };
}

/** A question that is to be put to a host, and who asks. */
export interface Missing {
  probe: Probe<unknown>;
  identity: Identity;
  /** A task with no_log asks: neither the question nor its answer is shown. */
  noLog?: boolean;
}

/** One pass over the playbook for one host. Pure: it asks nobody; what it would need to ask, it lists. */
export interface Walk {
  /** The pass that it is part of, where the other hosts are found. */
  readonly pass: Pass;
  readonly host: Host;
  readonly known: Known;
  readonly world: World;
  readonly entries: Entry[];
  /** Questions to the host that this pass could not do without. */
  readonly missing: Map<string, Missing>;
  /** Questions to the controller's disk. */
  readonly wanted: Map<string, LocalRequest>;
  /** What register and set_fact have made. */
  readonly registered: Map<string, unknown>;
  /** What include_vars has read. */
  readonly included: Map<string, YamlNode>;
  /** Set once it is not known what it will read: then no variable is known that is not stronger. */
  includes: Unknown | undefined;
  /** Facts that modules answered in this run, as `ansible_facts` has them. */
  readonly madeFacts: Map<string, unknown>;
  /** What includes brought to the play: handlers, roles whose variables all see, and the uses of roles that are done with. */
  brought: { handlers: Handler[]; roles: Role[]; uses: Set<string> };
  /** A play or a setup task has gathered the host's facts. */
  gathered: boolean;
  /** Handlers that are to run at the next flush: id -> the notice on the host, if one stands there. */
  readonly notified: Map<string, string>;
  /** Those of them that an earlier run left behind, and that no task of this one notified. */
  readonly leftOver: Map<string, Notice>;
  /** Answers to be asked for anew, as their `until` does not hold: seconds to wait first, by key. */
  readonly again: Map<string, { seconds: number; id: string }>;
  /** It is not known what the plays before will have made on this machine: once they are done, the host is walked again. */
  awaitsHere: boolean;
  /** The items of the loops that this pass came by. */
  readonly loops: Map<string, unknown[]>;
  /** What stands behind the ids of tasks that a looped include repeats. */
  suffix: string;
  /** Where in the playbook the walk is. */
  readonly at: Position;
  /** How many blocks with a rescue are around the task: a failure there is not the host's. */
  protected: number;
  /** Whether the task that is planned looked at what tasks made known of other hosts. */
  looked: boolean;
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
  dirty: boolean;
  /** The entry that failed the host; nothing after it is planned. */
  failed: Entry | undefined;
  /** A failure that meta: clear_host_errors took back; the host takes part again. */
  pardoned: Entry | undefined;
  /** The play is over for the host: meta: end_host and the like. */
  ended: boolean;
  /** It cannot go on: the host is lost, or another one's failure stopped all. */
  stopped: "lost" | "with others" | undefined;
  /** Why the run, or the play, ended before this host's part of it was done. */
  cut: string | undefined;
}

// Tells whether nothing more of this play is to be planned for the host.
export function isOver(walk: Walk): boolean {
  return walk.failed !== undefined || walk.ended || walk.stopped !== undefined;
}

// The folder of the play that is walked, which another playbook may have imported.
export function folderOfPlay({ host, play }: Walk): string {
  return host.playbook.plays[play]!.folder;
}

// The handlers that can be notified by now, in the order in which they run. A role that is brought again brings
// the same ones; what is around them is then what was around it the last time.
export function handlersOf({ brought }: Walk, play: Play): readonly Handler[] {
  return [...new Map([...play.handlers, ...brought.handlers].map((handler) => [handler.id, handler])).values()];
}

// The innermost of the items around a task that has a keyword.
export function keyword(around: readonly Common[], name: string): YamlNode | undefined {
  return around.findLast((item) => item.keywords.has(name))?.keywords.get(name);
}
