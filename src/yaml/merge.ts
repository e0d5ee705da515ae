import { InputError } from "../errors.ts";
import { kindName } from "./node.ts";
import type { MapEntry, MapNode, ScalarNode, Warn, YamlNode } from "./node.ts";

// Joins a mapping's own entries with those it merges in (`<<`): its own win, of several merged
// mappings the first in a list does. A key given twice is warned about, and the last one counts.
export function mergeEntries(own: MapEntry[], merged: YamlNode[], warn: Warn): MapEntry[] {
  const entries = new Map<string, MapEntry>();
  for (const { key, value } of merged.flatMap(mergedEntries))
    entries.set(identity(key), { key: entries.get(identity(key))?.key ?? key, value });
  const given = new Set<string>();
  for (const entry of own) {
    const name = identity(entry.key);
    if (given.has(name))
      warn(`the key "${entry.key.value}" is given twice; the last one counts`, entry.key.place);
    given.add(name);
    entries.set(name, { key: entries.get(name)?.key ?? entry.key, value: entry.value });
  }
  return [...entries.values()];
}

// The entries that a merge brings, weakest first.
function mergedEntries(node: YamlNode): MapEntry[] {
  if (node.kind === "map") return node.entries;
  if (node.kind === "seq" && node.items.every((item): item is MapNode => item.kind === "map"))
    return node.items.toReversed().flatMap((item) => item.entries);
  throw new InputError(
    `"<<" merges a mapping or a list of mappings, but this is ${kindName(node)}`,
    node.place,
    'if a key named "<<" is meant, quote it',
  );
}

// The text 1 and the number 1 are two keys; true is 1, and 1.0 too.
function identity({ value }: ScalarNode): string {
  return typeof value === "boolean" ? `number:${Number(value)}` : `${typeof value}:${value}`;
}
