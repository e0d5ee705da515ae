import type { Environment, LazyDict } from "../../jinja/template.ts";
import type { Play } from "../../playbook/play.ts";
import type { Asking } from "../../run/ask.ts";
import type { Host, Known, Walk } from "./state.ts";
import type { Layer } from "./variables.ts";

/** One host of a run: what does not change, what is known of it by now, and how it is asked. */
export interface Member {
  readonly host: Host;
  readonly known: Known;
  readonly asking: Asking;
}

/** A host that a run put into groups: add_host and group_by. Groups may be new, and so may the host. */
export interface Added {
  host: string;
  groups: readonly string[];
  /** Groups that hold these groups (group_by's parents). */
  parents: readonly string[];
  vars: ReadonlyMap<string, unknown>;
}

/** The inventory as a pass sees it: what was read, and what the run has added so far. */
export interface InventoryView {
  /** The hosts of a play, in the play's order. Throws InputError for a pattern that cannot be read. */
  hostsOf(play: Play): readonly string[];
  /** Tells whether a play is for a host. */
  isIn(play: Play, host: string): boolean;
  /** All groups with their hosts, as the variable `groups` has them. */
  readonly groups: { readonly [name: string]: readonly string[] };
  readonly hosts: ReadonlySet<string>;
  groupNames(host: string): readonly string[];
  /** The variables that inventory and files give a host. */
  variables(host: string): Layer;
  /** How a host is reached and who logs in there; a host of any name, made where the run had none. */
  member(host: string): Member;
}

/** All hosts that a run may come by. */
export interface Fleet {
  view(added: readonly Added[]): InventoryView;
  /** Variables of the command line, and what templates may use. */
  readonly extra: Layer;
  readonly env: Environment;
  /** How many hosts the whole run has: one that is alone cannot look at others. */
  readonly size: number;
}

/**
 * One pass over the playbook for hosts that are walked together: task by task, and in each task host by
 * host, as Ansible's linear strategy does it. Pure, as each of its walks is.
 */
export interface Pass {
  readonly fleet: Fleet;
  view: InventoryView;
  /** What the tasks of this pass have added to the inventory. */
  readonly added: Added[];
  /** The walks by host; those of hosts that only others delegate to are made when they are needed. */
  readonly walks: Map<string, Walk>;
  /** It holds only some of the run's hosts, and so must not look at others. */
  readonly partial: boolean;
  /** A task looked at another host: what a partial pass planned is not to be believed. */
  coupled: boolean;
  /** What tasks that run once came to, by batch and id. */
  readonly once: Map<string, unknown>;
  readonly hostvars: LazyDict;
  /** The walk whose task is planned, which is who looks at hostvars. */
  reader: Walk | undefined;
  /** The play that is walked, by number, its hosts, and those of its batch. */
  play: number;
  playHosts: readonly string[];
  batch: readonly string[];
  /** The play was ended for all hosts (meta: end_play), or just its batch (meta: end_batch). */
  ends: "batch" | "play" | undefined;
  /** Nothing more is done on any host, and why. */
  over: string | undefined;
}
