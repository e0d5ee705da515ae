import { factNames } from "../../modules/contract/module.ts";
import { ArgumentError, InputError, UnsupportedError } from "../../errors.ts";
import { hasTemplate, isTruthy } from "../../jinja/template.ts";
import { coerceArguments } from "../../modules/contract/coerce.ts";
import type { Argument, ArgumentType, Schema } from "../../modules/contract/schema.ts";
import type { Task } from "../../playbook/play.ts";
import { findUnknown } from "../../value.ts";
import { mapGet, type YamlNode } from "../../yaml/node.ts";
import { isOmitted } from "../model/omit.ts";
import { NotKnown } from "../model/signals.ts";
import type { Variables } from "../model/variables.ts";

// Renders and reads the arguments; errors get the place of the parameter.
export function argumentsOf(task: Task, variables: Variables): unknown {
  const { schema, name } = task.module;
  const values = new Map<string, unknown>();
  for (const { key, value } of task.args.entries) {
    const argument = argumentNamed(schema, String(key.value));
    const rendered =
      argument?.expression === true
        ? variables.renderExpression(value)
        : rendering(argument?.type, value, variables);
    if (isOmitted(rendered)) continue;
    const named =
      factNames(task.module) === "parameters"
        ? String(wantKnown(variables.render(key)))
        : String(key.value);
    const isFree = schema.anyArgument && argument === undefined;
    values.set(named, isFree ? rendered : wantKnown(rendered));
  }
  try {
    return coerceArguments(schema, name, values);
  } catch (error) {
    if (!(error instanceof InputError) || error.place) throw error;
    const parameter = /^\w+\.(\w+)/.exec(error.message)?.[1] ?? "";
    const node = mapGet(task.args, parameter);
    const isRendered =
      node?.kind === "scalar" && typeof node.value === "string" && hasTemplate(node.value);
    const kind = isRendered ? ArgumentError : InputError;
    throw new (error instanceof UnsupportedError ? UnsupportedError : kind)(
      error.message,
      node?.place ?? task.place,
      error.hint,
    );
  }
}

// A parameter, whose alias may have been written; undefined: there is none.
function argumentNamed({ arguments: known }: Schema, word: string): Argument | undefined {
  return (
    known[word] ?? Object.values(known).find(({ aliases }) => aliases?.includes(word) === true)
  );
}

// Renders what a parameter of some type is given. What wants text gets it as it was written,
// even if it looks like data.
function rendering(type: ArgumentType | undefined, node: YamlNode, variables: Variables): unknown {
  if (type === "expression") return expressionsOf(node, variables);
  return type === "list" || type === "dict" || type === "raw" || type === undefined
    ? variables.renderData(node)
    : variables.render(node);
}

// Bare expressions travel as text to the module, which asks for their value. As in Ansible, what is
// nothing at all is no condition: what is written so, and what a template for all of them makes.
function expressionsOf(node: YamlNode, variables: Variables): unknown {
  if (node.kind === "seq") return node.items.map(expressionText).filter(isCondition);
  const text = expressionText(node);
  if (typeof text !== "string" || !hasTemplate(text)) return isCondition(text) ? text : [];
  const made = variables.renderData(node);
  if (Array.isArray(made)) return made.filter(isCondition).map(textOrTruth);
  return isCondition(made) ? text : [];
}

function expressionText(node: YamlNode): unknown {
  return node.kind === "scalar" ? node.value : undefined;
}

// Whether something written or made is a condition, and not nothing.
function isCondition(made: unknown): boolean {
  return made !== null && made !== "";
}

// A condition that a template makes, as text; data counts as what it is.
function textOrTruth(made: unknown): unknown {
  return typeof made === "string" ? made : isTruthy(made);
}

// A value that must be known to go on.
export function wantKnown(value: unknown): unknown {
  const unknown = findUnknown(value);
  if (unknown) throw new NotKnown(unknown);
  return value;
}
