import type { HostRun } from "../../../run/host-run.ts";
import { withAdditions } from "../../../inventory/additions.ts";
import { groupHosts, type Inventory, type VariableFolder } from "../../../inventory/model.ts";
import { matchHosts } from "../../../inventory/patterns.ts";
import { groupNames, hostVars } from "../../../inventory/precedence.ts";
import { LazyDict, type Environment } from "../../../jinja/template.ts";
import { remember } from "../../../remember.ts";
import type { Host } from "../../../plan/model/host.ts";
import type { Added, ChosenHosts, Fleet, InventoryView } from "../../../plan/model/fleet.ts";
import { batchVariables, playVariables } from "../../../plan/scope/play-flags.ts";
import { Variables, VariablesDict, type Layer } from "../../../plan/model/variables.ts";
import type { Play } from "../../../playbook/play.ts";
import { noteUnrepeatable } from "../../../disk/reading.ts";
import { InputError, type Place } from "../../../errors.ts";
import { readsHostvars } from "../../../plan/walk/late-hosts.ts";
import { findUnknown, Unknown } from "../../../value.ts";
import { renderedNode } from "../../../yaml/data.ts";
import { fromKeys } from "../../../records.ts";

const ADDED: Place = { file: "add_host", line: 1, column: 1 };

/** What the hosts of a run are found by. */
export interface FleetSources {
  inventory: Inventory;
  /** Variables next to the playbook. */
  folders: VariableFolder[];
  limit: string | undefined;
  /** Only these hosts are done, where a run is a part of another; tasks see all the same. */
  only?: ReadonlySet<string>;
  extra: Layer;
  env: Environment;
  warn(message: string, place?: Place): void;
  /** Makes the run of a host that none was made for yet. */
  open(name: string, view: InventoryView): HostRun;
}

/** All hosts that a run may visit: those of its plays, and those that tasks add or delegate to. */
export class InventoryFleet implements Fleet {
  readonly runs = new Map<string, HostRun>();
  readonly extra: Layer;
  readonly env: Environment;
  /** The hosts of the plays, before any task has added to them. */
  size = 0;
  private readonly sources: FleetSources;
  private readonly views = new Map<string, InventoryView>();
  /** The hosts of which runs were made, by their machines. */
  private readonly byMachine = new Map<string, string[]>();
  private plays: readonly Play[] = [];

  constructor(sources: FleetSources) {
    this.sources = sources;
    this.extra = sources.extra;
    this.env = sources.env;
  }

  // Finds the hosts of all plays, in the order of the plays.
  begin(plays: readonly Play[]): string[] {
    this.plays = plays;
    const names = [...new Set(plays.flatMap((play) => this.view([]).hostsOf(play)))];
    const { only } = this.sources;
    this.size = names.length;
    return only ? names.filter((name) => only.has(name)) : names;
  }

  view(added: readonly Added[], chosen: ChosenHosts = {}): InventoryView {
    const key = JSON.stringify([added.map(({ vars, ...one }) => [one, [...vars]]), chosen]);
    const known = this.views.get(key);
    if (known) return known;
    const additions = added.map(({ vars, ...one }) => ({
      ...one,
      vars: new Map([...vars].map(([name, value]) => [name, renderedNode(value, ADDED)])),
    }));
    const made = this.viewOf(
      additions.length === 0
        ? this.sources.inventory
        : withAdditions(this.sources.inventory, additions),
      chosen,
    );
    this.views.set(key, made);
    return made;
  }

  // What is known of a play's variables before it runs.
  variablesOf(play: Play): Variables {
    const view = this.view([]);
    return batchVariables(play, { fleet: this, view }, view.hostsOf(play));
  }

  // The run of a host, made where it is new.
  run(name: string, view: InventoryView): HostRun {
    const known = this.runs.get(name);
    if (known) return known;
    const opened = this.sources.open(name, view);
    this.runs.set(name, opened);
    const { machine } = opened.host;
    if (machine !== undefined) remember(this.byMachine, machine, () => []).push(name);
    return opened;
  }

  // Where others do a part of the hosts, names of one machine take turns instead.
  hasNamesake({ name, machine }: Host): boolean {
    if (machine === undefined || this.sources.only) return false;
    return this.byMachine.get(machine)!.some((other) => other !== name);
  }

  private viewOf(inventory: Inventory, chosen: ChosenHosts): InventoryView {
    const { folders } = this.sources;
    const plays = new Map<Play, { names: readonly string[]; set: ReadonlySet<string> }>();
    const found = (play: Play): { names: readonly string[]; set: ReadonlySet<string> } =>
      remember(plays, play, () => {
        const names = chosen[this.plays.indexOf(play)] ?? this.hostsOf(play, inventory, view);
        return { names, set: new Set(names) };
      });
    const layers = new Map<string, Layer>();
    const view: InventoryView = {
      hosts: new Set(inventory.hosts.keys()),
      groups: fromKeys([...inventory.groups.keys()], (name) =>
        name === "all" ? [...inventory.hosts.keys()] : groupHosts(inventory, name),
      ),
      hostsOf: (play) => found(play).names,
      choose: (play, hostvars) => this.choose(play, inventory, view, hostvars),
      isIn: (play, host) => found(play).set.has(host),
      groupNames: (host) => groupNames(inventory, host),
      isChild: (parent, group) => inventory.groups.get(parent)?.children.includes(group) === true,
      variables: (host) =>
        remember(layers, host, () => ({ nodes: hostVars(inventory, folders, host) })),
      member: (host) => this.run(host, view),
    };
    return view;
  }

  // The hosts of a play as far as inventory and command line show them. Where its turn shows
  // more, a mistake is told then.
  private hostsOf(play: Play, inventory: Inventory, view: InventoryView): readonly string[] {
    try {
      const hosts = this.choose(play, inventory, view, new InventoryVars(view, this));
      return hosts instanceof Unknown ? [] : hosts;
    } catch (error) {
      if (this.plays.indexOf(play) > 0 && readsHostvars(play) && error instanceof InputError)
        return [];
      throw error;
    }
  }

  // The hosts that match the play's pattern and the limit, in the play's order.
  private choose(
    play: Play,
    inventory: Inventory,
    view: InventoryView,
    hostvars: LazyDict,
  ): readonly string[] | Unknown {
    const { warn } = this.sources;
    const variables = playVariables(play, { fleet: this, groups: view.groups, hostvars });
    const pattern = variables.render(play.hosts);
    const unknown = findUnknown(pattern);
    if (unknown) return unknown;
    const patterns = Array.isArray(pattern) ? pattern.map(String) : String(pattern);
    if (patterns.length === 0) return []; // a list without hosts, and not the pattern that matches all
    const matching = matchHosts(inventory, patterns, undefined, (message) =>
      warn(message, play.hosts.place),
    );
    const hosts = this.limited(matching, inventory);
    const order = play.keywords.get("order");
    return ordered(hosts, order === undefined ? "inventory" : String(variables.render(order)));
  }

  // Those hosts that the limit matches, too; parts of it that match nothing are no play's mistake.
  private limited(hosts: string[], inventory: Inventory): string[] {
    const { limit, warn } = this.sources;
    if (limit === undefined) return hosts;
    const allowed = new Set(
      matchHosts(inventory, limit, undefined, (message) => warn(`--limit: ${message}`)),
    );
    return hosts.filter((host) => allowed.has(host));
  }
}

/** hostvars before any host is looked at: what inventory and command line say. */
class InventoryVars extends LazyDict {
  private readonly view: InventoryView;
  private readonly fleet: Pick<Fleet, "extra" | "env">;

  constructor(view: InventoryView, fleet: Pick<Fleet, "extra" | "env">) {
    super();
    [this.view, this.fleet] = [view, fleet];
  }

  get(key: unknown): unknown {
    const {
      view,
      fleet: { extra, env },
    } = this;
    const name = String(key);
    if (!view.hosts.has(name)) return undefined;
    const own = new Map<string, unknown>([
      ["inventory_hostname", name],
      ["group_names", view.groupNames(name)],
    ]);
    return new VariablesDict(new Variables([view.variables(name), extra, { values: own }], env));
  }

  keys(): Iterable<unknown> {
    return this.view.hosts;
  }
}

/** Ansible's orders of a play's hosts. */
const ORDERS: ReadonlyMap<string, (hosts: readonly string[]) => string[]> = new Map<
  string,
  (hosts: readonly string[]) => string[]
>([
  ["inventory", (hosts) => [...hosts]],
  ["reverse_inventory", (hosts) => hosts.toReversed()],
  ["sorted", (hosts) => hosts.toSorted()],
  ["reverse_sorted", (hosts) => hosts.toSorted().reverse()],
  ["shuffle", shuffled],
]);

function ordered(hosts: readonly string[], order: string): string[] {
  return (ORDERS.get(order) ?? ORDERS.get("inventory")!)(hosts);
}

// A new order in every run, which stays the same during the run, because each view keeps it.
function shuffled(hosts: readonly string[]): string[] {
  noteUnrepeatable("the order of the hosts");
  return hosts
    .map((host) => ({ host, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ host }) => host);
}
