import type { Environment } from "../jinja/template.ts";
import type { ControllerFiles, LocalRequest } from "../playbook/files.ts";
import type { Common, Playbook } from "../playbook/play.ts";
import type { Probe } from "../probes/probe.ts";
import type { Json, Unknown } from "../value.ts";
import type { YamlNode } from "../yaml/node.ts";
import type { Entry, Identity, Outcome } from "./entry.ts";
import type { Layer } from "./variables.ts";
import type { Observed, World } from "./world.ts";

/** Everything about a host that does not change while a run goes on. */
export interface Host {
  name: string;
  /** The user who logs in. */
  login: string;
  playbook: Playbook;
  /** The host is this machine itself. */
  isLocal: boolean;
  /** The plays that this host is in, by their place in the playbook. */
  plays: ReadonlySet<number>;
  /** Variables of the inventory, weakest first. */
  inventory: Layer;
  /** `-e`: stronger than all others. */
  extra: Layer;
  /** inventory_hostname, groups, hostvars ...: cannot be overridden. */
  magic: Layer;
  options: WalkOptions;
  files: ControllerFiles;
  env: Environment;
}

/** What the command line says about the walk. */
export interface WalkOptions {
  tags: readonly string[];
  skipTags: readonly string[];
  checkMode: boolean;
  become: boolean;
  becomeUser?: string;
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
  /** apply is at work: questions with `until` are put again until they hold. */
  applying: boolean;
  /** Facts as an earlier run saw them, by probe key: good for asking ahead, never for deciding. */
  guesses: ReadonlyMap<string, Json>;
  /** The items of loops that were begun, so that they stay the same when facts move on. */
  loops: Map<string, unknown[]>;
}

/** One pass over the playbook for one host. Pure: it asks nobody; what it would need to ask, it lists. */
export interface Walk {
  readonly host: Host;
  readonly known: Known;
  readonly world: World;
  readonly entries: Entry[];
  /** Questions to the host that this pass could not do without. */
  readonly missing: Map<string, { probe: Probe<unknown>; identity: Identity }>;
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
  /** A play or a setup task has gathered the host's facts. */
  gathered: boolean;
  /** Handlers that are to run at the next flush: id -> the notice on the host, if one stands there. */
  readonly notified: Map<string, string>;
  /** Answers to be asked for anew, as their `until` does not hold: seconds to wait first, by key. */
  readonly again: Map<string, { seconds: number; id: string }>;
  /** Files of the controller that planned tasks will bring from the host, and which task. */
  readonly coming: Map<string, string>;
  /** The items of the loops that this pass came by. */
  readonly loops: Map<string, unknown[]>;
  /** What stands behind the ids of tasks that a looped include repeats. */
  suffix: string;
  /** Play number while it is walked. */
  play: number;
  /** A guess was used: what this pass asks is worth asking, what it plans is not to be believed. */
  guessed: boolean;
  /** A change is planned that has not been made: what a command would print is not known. */
  dirty: boolean;
  /** The entry that failed the host; nothing after it is planned. */
  failed: Entry | undefined;
  /** meta: end_host. */
  ended: boolean;
}

// Tells whether nothing more is to be planned for the host.
export function isOver(walk: Walk): boolean {
  return walk.failed !== undefined || walk.ended;
}

// The innermost of the items around a task that has a keyword.
export function keyword(around: readonly Common[], name: string): YamlNode | undefined {
  return around.findLast((item) => item.keywords.has(name))?.keywords.get(name);
}
