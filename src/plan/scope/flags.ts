import { toBoolean } from "../../boolean.ts";
import { InputError, type Place } from "../../errors.ts";
import type { Common } from "../../playbook/play.ts";
import { Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { isOmitted } from "../model/omit.ts";
import type { Variables } from "../model/variables.ts";
import { insteadOf } from "../../instead-of.ts";

/** What a keyword is looked up with. */
export interface Keyed {
  around: readonly Common[];
  variables: Variables;
}

/** A keyword as the innermost item has it that does not omit it. */
export interface KeywordValue {
  value: unknown;
  node: YamlNode;
}

/** Keywords of a task that are true or false, besides `become`. */
const FLAGS = [
  "ignore_errors",
  "ignore_unreachable",
  "no_log",
  "check_mode",
  "diff",
  "any_errors_fatal",
  "run_once",
  "delegate_facts",
];

// The value of a keyword of the task, or of what surrounds it. A value of
// `omit` is treated as absent.
export function keywordValue({ around, variables }: Keyed, name: string): KeywordValue | undefined {
  for (let index = around.length - 1; index >= 0; index--) {
    const node = around[index]!.keywords.get(name);
    if (!node) continue;
    const value = variables.render(node);
    if (!isOmitted(value)) return { value, node };
  }
  return undefined;
}

// A keyword of the task, or of what is around it, that is true or false; undefined: there is none.
export function flagOf(keyed: Keyed, name: string): boolean | Unknown | undefined {
  const found = keywordValue(keyed, name);
  if (!found || found.value instanceof Unknown) return found?.value as Unknown | undefined;
  const isEmpty = found.node.kind === "scalar" && found.node.value === null;
  return isEmpty ? false : asFlag(name, found.value, found.node);
}

// Reads a boolean; undefined: it is not set. Throws InputError with its name if
// it is something else.
export function asFlag(
  name: string,
  value: unknown,
  node: YamlNode | undefined,
  place?: Place,
): boolean | undefined {
  if (value === undefined) return undefined;
  const read = toBoolean(value);
  if (read !== undefined) return read;
  const shown = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
  throw new InputError(
    `"${name}" takes true or false, but here it is ${shown}`,
    node?.place ?? place,
  );
}

// Whether such a keyword is true; what is not known yet is not.
export function isSet(keyed: Keyed, name: string): boolean {
  return flagOf(keyed, name) === true;
}

// The same for one that decides what becomes of a failure: where it cannot be read, it is not set.
export function isSetAfterAll(keyed: Keyed, name: string): boolean {
  return insteadOf([InputError], false, () => isSet(keyed, name));
}

// Refuses boolean keywords whose value is not a boolean.
export function checkFlags(keyed: Keyed): void {
  for (const name of FLAGS) flagOf(keyed, name);
}
