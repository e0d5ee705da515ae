import type { Environment, LazyDict } from "../../jinja/template.ts";
import type { Unknown } from "../../value.ts";
import type { Play } from "../../playbook/play.ts";
import type { Layer } from "./variables.ts";
import type { HostQuestions } from "./session.ts";
import type { Host, HostKnowledge } from "./host.ts";

/** One host of a run: what does not change, what is known of it by now, and how it is asked. */
export interface Member {
  readonly host: Host;
  readonly known: HostKnowledge;
  readonly asking: HostQuestions;
}

/**
 * A host that a run put into groups: add_host and group_by. Groups may be new, and so may the host.
 */
export interface Added {
  host: string;
  groups: readonly string[];
  /** Groups that hold these groups (group_by's parents). */
  parents: readonly string[];
  vars: ReadonlyMap<string, unknown>;
}

/** Hosts of plays, by the plays' numbers. */
export interface ChosenHosts {
  readonly [play: number]: readonly string[];
}

/** The inventory as a pass sees it: what was read, and what the run has added so far. */
export interface InventoryView {
  /**
   * The hosts of a play, in the play's order. Throws InputError for a pattern that cannot be read.
   */
  hostsOf(play: Play): readonly string[];
  /** The hosts of a play, by what is known of hosts at its turn. */
  choose(play: Play, hostvars: LazyDict): readonly string[] | Unknown;
  /** Whether a play is for a host. */
  isIn(play: Play, host: string): boolean;
  /** All groups with their hosts, as the variable `groups` has them. */
  readonly groups: { readonly [name: string]: readonly string[] };
  readonly hosts: ReadonlySet<string>;
  groupNames(host: string): readonly string[];
  /** Whether a group holds another one directly. */
  isChild(parent: string, group: string): boolean;
  /** The variables that inventory and files give a host. */
  variables(host: string): Layer;
  /**
   * How a host is reached and who logs in there; a host of any name, made where the run had none.
   */
  member(host: string): Member;
}

/** All hosts that a run may visit. */
export interface Fleet {
  /**
   * The inventory with what the run has added, and the hosts of plays for which
   * only their turn shows them.
   */
  view(added: readonly Added[], chosen?: ChosenHosts): InventoryView;
  /** Variables of the command line, and what templates may use. */
  readonly extra: Layer;
  readonly env: Environment;
  /** How many hosts the whole run has: a single host cannot look at others. */
  readonly size: number;
  /** Whether another host that is planned beside this one is the same machine. */
  hasNamesake?(host: Host): boolean;
}
