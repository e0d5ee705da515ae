import { Float, isDict } from "../jinja/core/value.ts";

/**
 * A TOML value. An integral `number` or a `bigint` is TOML's integer; a fractional `number`,
 * infinity, NaN or a `Float` is its float. Dates are as @iarna/toml gives them.
 */
export type Toml = string | number | bigint | boolean | Float | Date | Toml[] | TomlTable;

/** A table; keys keep the order in which they were written. */
export interface TomlTable {
  [key: string]: Toml;
}

// Tells tables from all other values.
export function isTable(value: Toml | undefined): value is TomlTable {
  return (
    typeof value === "object" &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Float)
  );
}

// Turns data from a playbook into TOML; `where` names it in the error for what TOML cannot hold.
export function toToml(value: unknown, where: string): Toml {
  if (
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "bigint" ||
    typeof value === "boolean"
  )
    return value;
  if (value instanceof Float || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item, i) => toToml(item, `${where}[${i}]`));
  if (isDict(value) && (value instanceof Map || !("get" in value))) return toTable(value, where);
  throw new TypeError(
    value === null
      ? `${where} is null, and TOML has no null: leave the key out`
      : `${where} is not a value that TOML knows`,
  );
}

// Turns a dict into a table without a prototype, so that no key can mean anything else.
function toTable(
  dict: Map<unknown, unknown> | { [key: string]: unknown },
  where: string,
): TomlTable {
  const table = newTable();
  for (const [key, value] of dict instanceof Map ? dict : Object.entries(dict))
    table[String(key)] = toToml(value, `${where}.${String(key)}`);
  return table;
}

// An empty table.
export function newTable(): TomlTable {
  return Object.create(null) as TomlTable;
}

// Lays one table over another: tables are joined key by key, everything else is replaced.
export function merge(base: TomlTable, over: TomlTable): TomlTable {
  const joined = Object.assign(newTable(), base);
  for (const [key, value] of Object.entries(over)) {
    const old = joined[key];
    joined[key] = isTable(value) && isTable(old) ? merge(old, value) : value;
  }
  return joined;
}

// Looks up a value by the keys that lead to it.
export function at(table: Toml | undefined, ...keys: string[]): Toml | undefined {
  return keys.reduce<Toml | undefined>(
    (value, key) => (isTable(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    table,
  );
}

// Puts a value in its place, making the tables on the way.
export function put(table: TomlTable, keys: readonly string[], value: Toml | undefined): void {
  if (value === undefined) return;
  let target = table;
  for (const key of keys.slice(0, -1)) {
    const next = target[key];
    target = isTable(next) ? next : (target[key] = newTable());
  }
  target[keys.at(-1)!] = value;
}

/** A value that is no table, and the keys that lead to it. */
export interface Leaf {
  path: string[];
  value: Toml;
}

// All values of a table and of those in it.
export function leafValues(table: TomlTable, above: readonly string[] = []): Leaf[] {
  return Object.entries(table).flatMap(([key, value]): Leaf[] => {
    const path = [...above, key];
    return isTable(value) ? leafValues(value, path) : [{ path, value }];
  });
}
