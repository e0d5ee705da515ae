import type { Place } from "../../errors.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Variables } from "./variables.ts";

/** A value that is one variable, with or without a default: the variable is what the user wrote. */
const ONE_VARIABLE = /^\s*\{\{\s*([A-Za-z_]\w*)\s*(\|\s*default\(.*\))?\s*\}\}\s*$/;

// The name of the variable that a value consists of; undefined: it is more than that, or none.
export function variableIn(node: YamlNode | undefined): string | undefined {
  if (node?.kind !== "scalar" || typeof node.value !== "string") return undefined;
  return ONE_VARIABLE.exec(node.value)?.[1];
}

// What a mistake in the value of a keyword is called, and where it is: the variable that holds it, if it is one that is set.
export function blamed(
  keyword: string,
  node: YamlNode,
  variables: Variables,
): { name: string; place: Place } {
  const name = variableIn(node);
  const set = name === undefined ? undefined : variables.node(name);
  return name === undefined || set === undefined
    ? { name: keyword, place: node.place }
    : { name: `${name} (${keyword} of the play)`, place: set.place };
}
