import { isTable, type Toml, type TomlTable } from "./value.ts";
import { writeKey, writeValue } from "./stringify.ts";
import { fromKeys } from "../records.ts";

/** One key that differs, with both values as TOML writes them; null: the key does not exist. */
export interface TomlDifference {
  key: string;
  before: string | null;
  after: string | null;
}

// Whether two values are the same, whatever their comments, format and order of
// keys. 1 and 1.0 are not.
export function equalToml(one: Toml, other: Toml): boolean {
  if (!isTable(one) || !isTable(other)) return writeSorted(one) === writeSorted(other);
  return differences(one, other).length === 0;
}

// Lists by key what differs, in the order of the wanted table, removed keys last.
export function differences(before: TomlTable, after: TomlTable): TomlDifference[] {
  return compareTables(before, after, "");
}

function compareTables(before: TomlTable, after: TomlTable, prefix: string): TomlDifference[] {
  const keys = [
    ...Object.keys(after),
    ...Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
  ];
  return keys.flatMap((key) => compareValues(before[key], after[key], prefix + writeKey(key)));
}

// Two tables are compared inside; a table that comes or goes is listed by its
// keys, an empty one by its own.
function compareValues(
  before: Toml | undefined,
  after: Toml | undefined,
  key: string,
): TomlDifference[] {
  const sides = [before, after].filter((side) => side !== undefined);
  const inside = sides.every(isTable) && (sides.length === 2 || Object.keys(sides[0]!).length > 0);
  if (inside)
    return compareTables((before ?? {}) as TomlTable, (after ?? {}) as TomlTable, `${key}.`);
  if (before !== undefined && after !== undefined && writeSorted(before) === writeSorted(after))
    return [];
  return [
    {
      key,
      before: before === undefined ? null : writeValue(before),
      after: after === undefined ? null : writeValue(after),
    },
  ];
}

// A value as text that is the same for the same value.
function writeSorted(value: Toml): string {
  return writeValue(sortKeys(value));
}

function sortKeys(value: Toml): Toml {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isTable(value)) return value;
  return fromKeys(Object.keys(value).sort(), (key) => sortKeys(value[key]!));
}
