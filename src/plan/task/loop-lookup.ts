import { InputError, UndefinedUseError } from "../../errors.ts";
import { Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Variables } from "../model/variables.ts";
import { insteadOf } from "../../instead-of.ts";

/**
 * Loops that refuse a mapping, and those that take it as it is; all others go
 * over its keys, as in Ansible.
 */
const LISTS_ALONE: ReadonlySet<string> = new Set(["list", "indexed_items", "random_choice"]);
const TAKES_WHOLE: ReadonlySet<string> = new Set([
  "dict",
  "first_found",
  "subelements",
  "inventory_hostnames",
]);

// with_NAME is the lookup NAME over what is given.
export function lookUp(
  name: string,
  node: YamlNode,
  variables: Variables,
  action: string,
): unknown {
  const given = name === "first_found" ? definedTerms(node, variables) : variables.renderData(node);
  if (given instanceof Unknown) return given;
  const isMapping = typeof given === "object" && given !== null && !Array.isArray(given);
  if (isMapping && name === "random_choice" && Object.keys(given).length === 0) return [];
  if (isMapping && LISTS_ALONE.has(name))
    throw new InputError(
      `with_${name} expects a list`,
      node.place,
      "for a mapping, use with_dict, or loop over {{ x | dict2items }}",
    );
  const terms = new Map<string, unknown>([["loop_terms", Array.isArray(given) ? given : [given]]]);
  const those = isMapping && !TAKES_WHOLE.has(name) ? "(loop_terms[0] | list)" : "loop_terms";
  return variables
    .with({ values: terms })
    .evaluateText(
      `query('${name}', *${those}${name === "first_found" ? `, _subdir='${directoryOf(action)}'` : ""})`,
      node.place,
    );
}

// What with_first_found is given: a term with something undefined inside counts as no file that is
// there, as in Ansible, whatever else the term says.
function definedTerms(node: YamlNode, variables: Variables): unknown {
  const terms = node.kind === "seq" ? node.items : [node];
  const defined = terms.flatMap((term) => {
    return insteadOf([UndefinedUseError], [], () => [variables.renderData(term)]);
  });
  return node.kind === "seq" || defined.length === 0 ? defined : defined[0];
}

// Where with_first_found looks first: where the module of its task looks.
function directoryOf(action: string): string {
  if (action.includes("template")) return "templates";
  return action.includes("var") ? "vars" : "files";
}
