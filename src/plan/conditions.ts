import { isTruthy } from "../jinja/template.ts";
import { Unknown } from "../value.ts";
import type { YamlNode } from "../yaml/node.ts";
import type { Variables } from "./variables.ts";

// Whether a list of conditions holds; the first that is false or unknown decides.
export function holds(variables: Variables, conditions: readonly YamlNode[]): boolean | Unknown {
  let unknown: Unknown | undefined;
  for (const condition of conditions) {
    const value = variables.evaluate(condition);
    if (value instanceof Unknown) unknown ??= value;
    else if (!isTruthy(value)) return false;
  }
  return unknown ?? true;
}
