import { toBoolean } from "../boolean.ts";
import type { YamlNode } from "../yaml/node.ts";

// A keyword that is written as plain true or false; undefined: absent, or a template.
export function keywordBool(node: YamlNode | undefined): boolean | undefined {
  return node?.kind === "scalar" ? toBoolean(node.value) : undefined;
}

// Whether a condition is plainly false. It is an expression, so that other words for
// false are variables there.
export function isFalseCondition(node: YamlNode | undefined): boolean {
  return node?.kind === "scalar" && /^\s*(false|False|0)\s*$/.test(String(node.value));
}

// A value that may be one node or a list of them.
export function nodesOf(node: YamlNode | undefined): readonly YamlNode[] {
  if (!node || (node.kind === "scalar" && node.value === null)) return [];
  return node.kind === "seq" ? node.items : [node];
}

// The texts of a value that may be one or a list.
export function wordsOf(node: YamlNode | undefined): string[] {
  return nodesOf(node).map((item) => (item.kind === "scalar" ? String(item.value) : ""));
}
