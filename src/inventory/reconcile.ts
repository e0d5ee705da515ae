import { addChild } from "./model.ts";
import type { Group, Inventory, WarnOfInventory } from "./model.ts";

// Brings an inventory whose sources have all been read into its final order: every group
// is inside of `all`, hosts in no other group are in `ungrouped`, depths are known, and
// each host knows its groups.
export function reconcile(inventory: Inventory, warn: WarnOfInventory): void {
  attachToAll(inventory);
  sortOutUngrouped(inventory);
  measureDepths(inventory);
  collectGroups(inventory);
  for (const [name, group] of inventory.groups) {
    if (inventory.hosts.has(name))
      warn(`"${name}" is the name of both a group and a host`, group.place);
  }
}

function attachToAll(inventory: Inventory): void {
  const inside = new Set([...inventory.groups.values()].flatMap((group) => group.children));
  for (const { name, place } of inventory.groups.values()) {
    if (name !== "all" && !inside.has(name)) addChild(inventory, "all", name, place);
  }
}

function sortOutUngrouped({ hosts, groups }: Inventory): void {
  const grouped = new Set<string>();
  for (const group of groups.values()) {
    if (group.name !== "all" && group.name !== "ungrouped")
      for (const host of group.hosts) grouped.add(host);
  }
  const ungrouped = groups.get("ungrouped")!;
  const all = [...ungrouped.hosts, ...hosts.keys()];
  ungrouped.hosts = new Set(all.filter((host) => !grouped.has(host)));
}

// Lets each group push its children down until nothing moves; there are no cycles, so this ends.
function measureDepths({ groups }: Inventory): void {
  const moved = [...groups.values()];
  for (const group of moved) {
    for (const name of group.children) {
      const child = groups.get(name)!;
      if (child.depth > group.depth) continue;
      child.depth = group.depth + 1;
      moved.push(child);
    }
  }
}

function collectGroups({ hosts, groups }: Inventory): void {
  const parents = new Map<string, Group[]>();
  for (const group of groups.values()) {
    for (const child of group.children) parents.set(child, [...(parents.get(child) ?? []), group]);
  }
  const memberships = membershipsOf(groups.values());
  const orders = new Map<readonly Group[], readonly string[]>();
  for (const host of hosts.values()) {
    const direct = memberships.get(host.name) ?? NO_GROUPS;
    const names = orders.get(direct) ?? mergeOrder(direct, parents);
    orders.set(direct, names);
    host.groups = names;
  }
}

const NO_GROUPS: readonly Group[] = [];

// The groups in which each host is directly. Hosts that are in the same ones share the list.
function membershipsOf(groups: Iterable<Group>): Map<string, readonly Group[]> {
  const memberships = new Map<string, readonly Group[]>();
  for (const group of groups) {
    const longer = new Map<readonly Group[], readonly Group[]>();
    for (const host of group.hosts) {
      const before = memberships.get(host) ?? NO_GROUPS;
      const after = longer.get(before) ?? [...before, group];
      longer.set(before, after);
      memberships.set(host, after);
    }
  }
  return memberships;
}

// All groups that hold some groups, and these, in the order in which their variables are merged.
function mergeOrder(
  direct: readonly Group[],
  parents: ReadonlyMap<string, readonly Group[]>,
): readonly string[] {
  const found = new Set(direct);
  for (const group of found) for (const parent of parents.get(group.name) ?? []) found.add(parent);
  return [...found].toSorted(byMergeOrder).map((group) => group.name);
}

// What is merged later wins: deeper groups, then the higher priority, then the later name.
function byMergeOrder(one: Group, other: Group): number {
  return (
    one.depth - other.depth || one.priority - other.priority || (one.name < other.name ? -1 : 1)
  );
}
