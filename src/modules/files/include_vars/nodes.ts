import { TaskFailure } from "../../../errors.ts";
import type { MapEntry, MapNode, YamlNode } from "../../../yaml/node.ts";

// Joins mappings; of equal keys the last counts.
export function joinMaps(maps: readonly MapNode[]): MapNode {
  const entries = new Map<unknown, MapEntry>();
  for (const entry of maps.flatMap((map) => map.entries)) entries.set(entry.key.value, entry);
  return {
    kind: "map",
    entries: [...entries.values()],
    place: maps[0]?.place ?? { file: "", line: 1, column: 1 },
  };
}

// A mapping as the one value of a variable.
export function named(name: string, value: MapNode): MapNode {
  const { place } = value;
  return {
    kind: "map",
    place,
    entries: [
      { key: { kind: "scalar", value: name, style: "plain", place, at: () => place }, value },
    ],
  };
}

// Joins what a variable is now with a new mapping, key by key; only mappings can be joined.
export function mergeInto(old: YamlNode | undefined, { key, value }: MapEntry): YamlNode {
  if (value.kind !== "map")
    throw new TaskFailure(
      `hash_behaviour: merge: "${String(key.value)}" is not a mapping in the file`,
    );
  if (old?.kind === "map") return mergeMaps(old, value);
  throw new TaskFailure(
    `hash_behaviour: merge: the variable "${String(key.value)}" is currently not a mapping`,
    "make it a mapping in the inventory or the play, or leave out hash_behaviour",
  );
}

function mergeMaps(old: MapNode, young: MapNode): MapNode {
  const join = (mine: MapEntry): MapEntry => {
    const other = old.entries.find((entry) => entry.key.value === mine.key.value)?.value;
    return other?.kind === "map" && mine.value.kind === "map"
      ? { ...mine, value: mergeMaps(other, mine.value) }
      : mine;
  };
  return joinMaps([old, { ...young, entries: young.entries.map(join) }]);
}

// The value as written in the file, including templates.
export function rawValue(node: YamlNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "seq") return node.items.map(rawValue);
  return Object.fromEntries(
    node.entries.map(({ key, value }) => [String(key.value), rawValue(value)]),
  );
}
