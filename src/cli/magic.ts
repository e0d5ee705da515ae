import { dirname } from "node:path";
import type { HostRun } from "../apply/host-run.ts";
import { groupNames } from "../inventory/precedence.ts";
import type { Inventory } from "../inventory/model.ts";
import { LazyDict, type Environment } from "../jinja/template.ts";
import { OMIT } from "../plan/arguments.ts";
import { Variables, type Layer } from "../plan/variables.ts";
import { factVariables } from "../probes/facts.ts";
import { Unknown } from "../value.ts";

/** What the magic variables of all hosts are made from. */
export interface Fleet {
  inventory: Inventory;
  playbook: string;
  checkMode: boolean;
  env: Environment;
  /** All hosts of the run, by name; filled while the run is prepared. */
  runs: Map<string, HostRun>;
  /** Variables of any host of the inventory. */
  layers(host: string): { inventory: Layer; extra: Layer };
}

// The variables that Ansible sets by itself, and that nothing overrides.
export function magicLayer(fleet: Fleet, host: string): Layer {
  const groups = Object.fromEntries([...fleet.inventory.groups.keys()].map((name) => [name, groupMembers(fleet.inventory, name)]));
  const hosts = [...fleet.runs.keys()];
  const values: Record<string, unknown> = {
    inventory_hostname: host, inventory_hostname_short: host.split(".")[0], groups, group_names: groupNames(fleet.inventory, host),
    hostvars: new HostVars(fleet), playbook_dir: dirname(fleet.playbook), ansible_check_mode: fleet.checkMode, omit: OMIT,
    play_hosts: hosts, ansible_play_hosts: hosts, ansible_play_hosts_all: hosts, ansible_play_batch: hosts,
  };
  return { values: { get: (name) => (Object.hasOwn(values, name) ? values[name] : undefined) } };
}

// All hosts of a group and of those inside it, in the order of the inventory.
function groupMembers(inventory: Inventory, name: string): string[] {
  return [...inventory.hosts.values()].filter((host) => name === "all" || host.groups.includes(name)).map((host) => host.name);
}

/** hostvars: the variables of any host, worked out when they are looked at. */
class HostVars extends LazyDict {
  private readonly fleet: Fleet;
  private readonly hosts = new Map<string, VariablesOfHost>();

  constructor(fleet: Fleet) {
    super();
    this.fleet = fleet;
  }

  get(key: unknown): unknown {
    const name = String(key);
    if (!this.fleet.inventory.hosts.has(name)) return undefined;
    const known = this.hosts.get(name) ?? new VariablesOfHost(this.fleet, name);
    this.hosts.set(name, known);
    return known;
  }

  keys(): Iterable<unknown> {
    return this.fleet.inventory.hosts.keys();
  }
}

/** One host of hostvars: inventory, facts, and what register and set_fact made there. */
class VariablesOfHost extends LazyDict {
  private readonly variables: Variables;

  constructor(fleet: Fleet, name: string) {
    super();
    const { inventory, extra } = fleet.layers(name);
    const facts: Layer = { values: { get: (variable) => (variable.startsWith("ansible_") ? factOf(fleet.runs.get(name), variable, name) : fleet.runs.get(name)?.walk?.registered.get(variable)) } };
    const own = new Map<string, unknown>([["inventory_hostname", name], ["group_names", groupNames(fleet.inventory, name)]]);
    this.variables = new Variables([inventory, facts, extra, { values: own }], fleet.env);
  }

  get(key: unknown): unknown {
    return this.variables.lookup(String(key));
  }

  keys(): Iterable<unknown> {
    return this.variables.names();
  }
}

// A fact of another host, if that host was asked for it in this run.
function factOf(run: HostRun | undefined, variable: string, name: string): unknown {
  const answers = [...(run?.known.answers ?? [])].filter(([key]) => /\n(facts|basics) /.test(key));
  for (const [, answer] of answers) {
    const value = factVariables(answer as never).get(variable);
    if (value !== undefined) return value;
  }
  return run && !run.failed && answers.length === 0 ? new Unknown(`facts of ${name}`) : undefined;
}
