import type { Group, Inventory } from "./model.ts";
import { stringifyToml } from "../toml/stringify.ts";
import { toToml, type TomlTable } from "../toml/value.ts";

/** Where the variables come from. */
interface VariablesOf {
  ofHost(name: string): Record<string, unknown>;
  ofGroup(group: Group): Record<string, unknown>;
}

// All groups next to each other, each host with its variables where it occurs first, as
// `ansible-inventory --toml` prints it; and the names of values that TOML cannot express.
export function tomlList(
  inventory: Inventory,
  hosts: ReadonlySet<string>,
  variables: VariablesOf,
): { text: string; lost: string[] } {
  const tables: Record<string, object> = {};
  const [seen, lost] = [new Set<string>(), new Set<string>()];
  const add = (group: Group): void => {
    const own: Record<string, unknown> = {};
    tables[group.name] = own;
    const children = group.children.filter(
      (name) => name !== "ungrouped" || inventory.groups.get(name)!.hosts.size > 0,
    );
    for (const name of children) add(inventory.groups.get(name)!);
    const members = group.name === "all" ? [] : [...group.hosts].filter((name) => hosts.has(name));
    const rows = members.map((name): [string, object] => {
      const vars = seen.has(name) ? {} : variables.ofHost(name);
      seen.add(name);
      return [name, vars];
    });
    if (group.name !== "all" && children.length > 0) own["children"] = children;
    if (rows.length > 0) own["hosts"] = Object.fromEntries(rows);
    const vars = variables.ofGroup(group);
    if (Object.keys(vars).length > 0) own["vars"] = vars;
    if (Object.keys(own).length === 0) delete tables[group.name];
  };
  add(inventory.groups.get("all")!);
  const kept = withoutNulls(tables, "", lost);
  return {
    text: stringifyToml(toToml(kept, "the inventory") as TomlTable).trimEnd(),
    lost: [...lost],
  };
}

// The same without what is null, whose names are noted.
function withoutNulls(value: unknown, name: string, lost: Set<string>): unknown {
  const pairs = pairsOf(value);
  if (Array.isArray(value))
    return value
      .filter((item) => item !== null || !lost.add(name))
      .map((item) => withoutNulls(item, name, lost));
  if (!pairs) return value;
  const kept = pairs.filter(([key, item]) => item !== null || !lost.add(key));
  return new Map(kept.map(([key, item]) => [key, withoutNulls(item, key, lost)]));
}

// The pairs of a dict; undefined for what is none.
function pairsOf(value: unknown): [string, unknown][] | undefined {
  if (value instanceof Map)
    return [...(value as Map<unknown, unknown>)].map(([key, item]) => [String(key), item]);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.getPrototypeOf(value) === Object.prototype ? Object.entries(value) : undefined;
}
