import { LOCAL_NAMES } from "../local-names.ts";
import { InputError } from "../errors.ts";
import type { Place } from "../errors.ts";
import { wrapScalar } from "../yaml/data.ts";
import type { YamlNode } from "../yaml/node.ts";
import { defined } from "../defined.ts";

/** Told about what is allowed but probably a slip. */
export type WarnOfInventory = (message: string, place?: Place) => void;

/**
 * Variables by name. The values are nodes: templates in them are rendered later,
 * and errors know their place.
 */
export type InventoryVariables = Map<string, YamlNode>;

/**
 * The hosts a run may touch, and the groups they are in. The groups `all` and
 * `ungrouped` always exist.
 */
export interface Inventory {
  hosts: Map<string, InventoryHost>;
  groups: Map<string, Group>;
  /** The contents of group_vars and host_vars next to each source, in the order of the sources. */
  folders: VariableFolder[];
}

export interface InventoryHost {
  name: string;
  /**
   * As set in the inventory itself; `hostVars` adds those of the groups and of the files beside it.
   */
  vars: InventoryVariables;
  /**
   * All its groups, also those it is in through others, in the order in which
   * their variables are merged.
   */
  groups: readonly string[];
  place?: Place;
}

export interface Group {
  name: string;
  vars: InventoryVariables;
  /** Groups directly in this one. */
  children: string[];
  /** Hosts directly in this one. */
  hosts: Set<string>;
  /** Length of the longest way from `all`, which has 0. */
  depth: number;
  /** From ansible_group_priority: among groups of equal depth, the higher one wins. */
  priority: number;
  place?: Place;
}

/** The variables in one directory's group_vars and host_vars, by the name of the group or host. */
export interface VariableFolder {
  groups: Map<string, InventoryVariables>;
  hosts: Map<string, InventoryVariables>;
}

// An inventory with nothing but the two groups that every inventory has.
export function emptyInventory(): Inventory {
  const inventory: Inventory = { hosts: new Map(), groups: new Map(), folders: [] };
  addGroup(inventory, "all");
  addGroup(inventory, "ungrouped");
  addChild(inventory, "all", "ungrouped");
  return inventory;
}

// The group of a name, made where it is new.
export function addGroup(inventory: Inventory, name: string, place?: Place): Group {
  const known = inventory.groups.get(name);
  if (known) return known;
  const group: Group = {
    name,
    vars: new Map(),
    children: [],
    hosts: new Set(),
    depth: 0,
    priority: 1,
    ...defined({ place: place ? place : undefined }),
  };
  inventory.groups.set(name, group);
  return group;
}

/** A host as one line or key of an inventory names it. */
export interface HostMention {
  name: string;
  port?: number | undefined;
  place: Place;
}

// The host of a name, made where it is new, put into a group. A port counts only
// where the host is first named.
export function addHost(
  inventory: Inventory,
  { name, port, place }: HostMention,
  group: Group,
): InventoryHost {
  let host = inventory.hosts.get(name);
  if (!host) {
    host = { name, vars: new Map(), groups: [], place };
    if (port !== undefined) host.vars.set("ansible_port", wrapScalar(port, place));
    inventory.hosts.set(name, host);
  }
  group.hosts.add(name);
  return host;
}

// Puts a group into another; what would make a group its own ancestor is refused.
export function addChild(inventory: Inventory, parent: string, child: string, place?: Place): void {
  if (parent === child)
    throw new InputError(
      `the group "${child}" is its own parent`,
      place,
      "remove it from its own children",
    );
  if (descendants(inventory, child).includes(parent)) {
    const hint = `remove "${child}" from the children of "${parent}", or the other way round`;
    throw new InputError(
      `the group "${parent}" is already inside "${child}", so it cannot contain it`,
      place,
      hint,
    );
  }
  const { children } = inventory.groups.get(parent)!;
  if (!children.includes(child)) children.push(child);
}

// A group's name and those of all groups inside, level by level.
export function descendants(inventory: Inventory, name: string): string[] {
  const found = new Set([name]);
  for (const group of found)
    for (const child of inventory.groups.get(group)?.children ?? []) found.add(child);
  return [...found];
}

// The names of all hosts in a group, also through groups inside of it, in inventory order.
export function groupHosts(inventory: Inventory, name: string): string[] {
  return [
    ...new Set(
      descendants(inventory, name).flatMap((group) => [
        ...(inventory.groups.get(group)?.hosts ?? []),
      ]),
    ),
  ];
}

// Sets a group's variable; the priority is none of the variables that hosts see.
export function setGroupVar(group: Group, name: string, value: YamlNode): void {
  if (name !== "ansible_group_priority") return void group.vars.set(name, value);
  const priority = value.kind === "scalar" ? Number(value.value ?? NaN) : NaN;
  if (!Number.isInteger(priority))
    throw new InputError("ansible_group_priority must be a whole number", value.place);
  group.priority = priority;
}

// The name under which the inventory knows the machine itself, where one of its names is asked for;
// that name as it is where the inventory does not know it.
export function localName(inventory: Inventory, name: string): string | undefined {
  if (!LOCAL_NAMES.includes(name)) return undefined;
  if (inventory.hosts.has(name)) return name;
  return [...inventory.hosts.keys()].find((host) => LOCAL_NAMES.includes(host)) ?? name;
}
