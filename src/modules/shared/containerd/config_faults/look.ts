import { writeKey } from "../../../../toml/stringify.ts";
import { at, isTable, type TomlTable } from "../../../../toml/value.ts";
import type { Version } from "../version.ts";

export type FileVersion = 2 | 3;

/** Lists what is wrong with a file in one way, each with its hint. */
export type Rule = (tree: TomlTable, file: FileVersion, containerd: Version) => string[];

// The keys of a table; none where there is no table.
export function keysOf(tree: Parameters<typeof at>[0], ...path: string[]): string[] {
  const table = at(tree, ...path);
  return isTable(table) ? Object.keys(table) : [];
}

// A list above all tables, as texts.
export function listOf(tree: TomlTable, key: string): string[] {
  const list = at(tree, key);
  return Array.isArray(list) ? list.map(String) : [];
}

// Every key below a value, with its whole name.
export function walk(
  value: Parameters<typeof at>[0],
  path = "plugins",
): { path: string; key: string; value: unknown }[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => walk(item, `${path}[${i}]`));
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    { path: `${path}.${writeKey(key)}`, key, value: item },
    ...walk(item, `${path}.${writeKey(key)}`),
  ]);
}
