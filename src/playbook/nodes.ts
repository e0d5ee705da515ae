import type { YamlNode } from "../yaml/node.ts";

// A keyword that is written as plain true or false; undefined: absent, or a template.
export function keywordBool(node: YamlNode | undefined): boolean | undefined {
  if (node?.kind !== "scalar") return undefined;
  if (/^(yes|true|on|1)$/i.test(String(node.value))) return true;
  return /^(no|false|off|0)$/i.test(String(node.value)) ? false : undefined;
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
