import type { YamlNode } from "../../src/yaml/node.ts";

// A node in a form that keeps the kinds of keys and numbers apart, as the oracles write it.
export function shape(node: YamlNode): unknown {
  if (node.kind === "seq") return node.items.map(shape);
  if (node.kind === "map")
    return { map: node.entries.map(({ key, value }) => [shape(key), shape(value)]) };
  if (!node.float) return node.value;
  const number = node.value as number;
  return { float: Number.isFinite(number) ? number : specialName(number) };
}

// The name of what is no finite number.
function specialName(number: number): string {
  if (Number.isNaN(number)) return "nan";
  return number > 0 ? "inf" : "-inf";
}
