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

// What a mistake in the value of a keyword is called, and where it is: the variable that holds it,
// if it is one that is set. A variable that consists of another one is followed to it.
export function blamed(
  keyword: string,
  node: YamlNode,
  variables: Variables,
): { name: string; place: Place } {
  const names: string[] = [];
  let written = node;
  for (;;) {
    const name = variableIn(written);
    const set = name === undefined ? undefined : variables.node(name);
    if (name === undefined || set === undefined || names.includes(name)) break;
    names.push(name);
    written = set;
  }
  const last = names.at(-1);
  return {
    name: last === undefined ? keyword : `${last} (${keyword} of the play)`,
    place: written.place,
  };
}
