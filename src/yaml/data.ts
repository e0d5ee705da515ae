import type { Place } from "../errors.ts";
import { Float } from "../jinja/core/value.ts";
import { Unknown } from "../value.ts";
import type { MapEntry, MapNode, ScalarNode, YamlNode } from "./node.ts";

type ToScalar = (value: unknown, place: Place) => ScalarNode;

// Turns nodes into plain data; 1.0 becomes a Float, so that it prints as it was written. A mapping
// becomes an object without prototype; where an object would lose the kind or the order of its keys
// (numbers, booleans, null), it becomes a Map.
export function toValue(node: YamlNode): unknown {
  return convert(node, new Map());
}

// What an alias shares in the nodes is shared in the data too, so aliases cannot blow it up.
function convert(node: YamlNode, seen: Map<YamlNode, unknown>): unknown {
  if (node.kind === "scalar" && node.unknown) return node.unknown;
  if (node.kind === "scalar" && node.big) return BigInt(node.value as string);
  if (node.kind === "scalar")
    return node.float && Number.isInteger(node.value)
      ? new Float(node.value as number)
      : node.value;
  if (seen.has(node)) return seen.get(node);
  const value =
    node.kind === "seq" ? node.items.map((item) => convert(item, seen)) : convertMap(node, seen);
  seen.set(node, value);
  return value;
}

function convertMap(node: MapNode, seen: Map<YamlNode, unknown>): unknown {
  const pairs = node.entries.map(({ key, value }) => [key.value, convert(value, seen)] as const);
  if (pairs.some(([key]) => typeof key !== "string" || isIndex(key))) return new Map(pairs);
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of pairs) object[key as string] = value;
  return object;
}

// Objects list such keys first, in the order of their numbers, whatever the
// order they were given in.
function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(key);
}

// Wraps plain data (a -e option, an answer in JSON) as nodes, all with the
// place at the file's beginning.
export function nodeOf(value: unknown, file: string): YamlNode {
  return nodeAt(value, { file, line: 1, column: 1 });
}

// Wraps plain data as nodes that all have one place.
export function nodeAt(value: unknown, place: Place): YamlNode {
  return wrap(value, place, wrapScalar);
}

// The same for data that was rendered: braces in it are no template, and it may hold what nobody
// knows yet.
export function renderedNode(value: unknown, place: Place): YamlNode {
  return wrap(value, place, (scalar) =>
    scalar instanceof Unknown
      ? { ...wrapScalar(null, place), unknown: scalar }
      : { ...wrapScalar(scalar, place), tag: "!unsafe" },
  );
}

function wrap(value: unknown, place: Place, scalar: ToScalar): YamlNode {
  if (Array.isArray(value))
    return { kind: "seq", items: value.map((item) => wrap(item, place, scalar)), place };
  if (value instanceof Map) return wrapMap(value, place, scalar);
  if (isObject(value)) return wrapMap(Object.entries(value), place, scalar);
  return scalar(value, place);
}

// What numbers and values that are not known are made of is no data.
function isObject(value: unknown): value is object {
  const isData = !(value instanceof Float) && !(value instanceof Unknown);
  return typeof value === "object" && value !== null && isData;
}

function wrapMap(
  pairs: Iterable<readonly [unknown, unknown]>,
  place: Place,
  scalar: ToScalar,
): MapNode {
  const entries: MapEntry[] = [];
  for (const [key, value] of pairs)
    entries.push({ key: wrapScalar(key, place), value: wrap(value, place, scalar) });
  return { kind: "map", entries, place };
}

// Wraps one scalar; what YAML has no value for (undefined, functions) becomes null or its text.
export function wrapScalar(value: unknown, place: Place): ScalarNode {
  if (value instanceof Float) return { ...wrapScalar(value.value, place), float: true };
  if (typeof value === "bigint") return { ...wrapScalar(value.toString(), place), big: true };
  return { kind: "scalar", value: scalarOf(value), style: "plain", place, at: () => place };
}

// The value as YAML has it.
function scalarOf(value: unknown): ScalarNode["value"] {
  if (value === undefined) return null;
  return isScalar(value) ? value : String(value);
}

function isScalar(value: unknown): value is ScalarNode["value"] {
  return value === null || ["boolean", "number", "string"].includes(typeof value);
}
