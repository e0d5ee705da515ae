import { InputError, TaskFailure } from "../../errors.ts";
import { isTruthy } from "../../jinja/template.ts";
import { Unasked, Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Variables } from "../model/variables.ts";

/** The result of a list of conditions; `by` is the one that is false. */
export interface ConditionsResult {
  holds: boolean | Unknown;
  by?: YamlNode;
}

// Whether a list of conditions holds; the first that is false or unknown decides.
export function holds(variables: Variables, conditions: readonly YamlNode[]): boolean | Unknown {
  return decideConditions(variables, conditions).holds;
}

// The same, with the condition that is false. Among unknown conditions, one that the host
// can still answer takes precedence. An error after an unknown condition is not an error
// yet: it may never be reached.
export function decideConditions(
  variables: Variables,
  conditions: readonly YamlNode[],
): ConditionsResult {
  let unknown: Unknown | undefined;
  for (const condition of conditions) {
    const value = evaluated(variables, condition, unknown);
    if (value instanceof Unknown) unknown = value instanceof Unasked ? value : (unknown ?? value);
    else if (!isTruthy(value)) return { holds: false, by: condition };
  }
  return { holds: unknown ?? true };
}

// The value of a condition; where an earlier one is not known, an error is not known either.
function evaluated(
  variables: Variables,
  condition: YamlNode,
  unknown: Unknown | undefined,
): unknown {
  if (isNothing(condition)) return true;
  try {
    return variables.evaluateCondition(condition);
  } catch (error) {
    if (unknown && (error instanceof InputError || error instanceof TaskFailure)) return unknown;
    throw error;
  }
}

// Whether nothing is written where a condition is expected, which asks for nothing.
function isNothing(condition: YamlNode): boolean {
  return condition.kind === "scalar" && (condition.value === null || condition.value === "");
}

// A condition as it is written.
export function textOf(condition: YamlNode): string {
  return condition.kind === "scalar" ? String(condition.value) : "its condition";
}
