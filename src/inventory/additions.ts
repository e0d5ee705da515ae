import { addChild, addGroup, addHost, type Inventory, type InventoryVariables } from "./model.ts";
import { reconcile } from "./reconcile.ts";

/** What a run adds: a host, new or known, in groups, new or known, which other groups hold. */
export interface Addition {
  host: string;
  groups: readonly string[];
  parents: readonly string[];
  vars: InventoryVariables;
}

// A copy of an inventory with what a run has added to it.
export function withAdditions(inventory: Inventory, additions: readonly Addition[]): Inventory {
  const grown = copy(inventory);
  for (const addition of additions) add(grown, addition);
  reconcile(grown, () => {});
  return grown;
}

// Copies what may grow; variables of groups and files stay those that they were.
function copy({ hosts, groups, folders }: Inventory): Inventory {
  return {
    hosts: new Map([...hosts].map(([name, host]) => [name, { ...host, vars: new Map(host.vars) }])),
    groups: new Map(
      [...groups].map(([name, group]) => [
        name,
        { ...group, children: [...group.children], hosts: new Set(group.hosts) },
      ]),
    ),
    folders,
  };
}

function add(inventory: Inventory, { host, groups, parents, vars }: Addition): void {
  const place = { file: "a task that adds hosts", line: 1, column: 1 };
  const names = groupsToJoin(inventory, host, groups);
  for (const name of names) {
    const group = addGroup(inventory, name);
    addHost(inventory, { name: host, place }, group);
    for (const parent of parents)
      if (parent !== "all") addChild(inventory, addGroup(inventory, parent).name, name);
  }
  for (const [name, value] of vars) inventory.hosts.get(host)!.vars.set(name, value);
}

// The groups that a host comes into: a new one that names none is ungrouped.
function groupsToJoin(
  inventory: Inventory,
  host: string,
  groups: readonly string[],
): readonly string[] {
  if (groups.length > 0) return groups;
  return inventory.hosts.has(host) ? [] : ["ungrouped"];
}
