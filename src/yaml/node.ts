import type { Place } from "../errors.ts";
import type { Unknown } from "../value.ts";

export type YamlNode = ScalarNode | MapNode | SeqNode;

/** One value: text, number, boolean or null, as YAML 1.1 reads it. */
export interface ScalarNode {
  kind: "scalar";
  /**
   * Whole numbers beyond 2^53 are their digits, so that none is lost; dates are text in ISO form.
   */
  value: null | boolean | number | string;
  style: "plain" | "single" | "double" | "literal" | "folded";
  /** The explicit tag, if any: `!vault`, `!unsafe`, `!!str` ... */
  tag?: string;
  /** Set if the number was written as a float: 1.0 is printed as 1.0, not as 1. */
  float?: true;
  /** Set where the value is the digits of a whole number that no double holds. */
  big?: true;
  /** Set where nobody knows the value yet, as a task that adds a host may say one; it is null. */
  unknown?: Unknown;
  place: Place;
  /** The place in the file of the character at an offset of the value's text. */
  at(offset: number): Place;
}

/**
 * A mapping with its merges (`<<`) applied; each key occurs once, with the
 * value that was given last.
 */
export interface MapNode {
  kind: "map";
  entries: MapEntry[];
  place: Place;
}

export interface MapEntry {
  key: ScalarNode;
  value: YamlNode;
}

export interface SeqNode {
  kind: "seq";
  items: YamlNode[];
  place: Place;
}

/**
 * Told about what is allowed but probably a slip, such as a key given twice; `rule` is
 * lint's, if it is another one.
 */
export type Warn = (message: string, place: Place, rule?: "deprecated-include") => void;

// The value that a mapping holds under a text key.
export function mapGet(node: MapNode, key: string): YamlNode | undefined {
  return node.entries.find((entry) => entry.key.value === key)?.value;
}

// Names the kind of a node as people call it, for messages.
export function kindName(node: YamlNode): string {
  if (node.kind === "map") return "a mapping";
  if (node.kind === "seq") return "a list";
  if (node.value === null) return "nothing";
  return { string: "text", number: "a number", boolean: "a boolean" }[
    typeof node.value as "string" | "number" | "boolean"
  ];
}
