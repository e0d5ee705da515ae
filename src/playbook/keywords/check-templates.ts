import { UnsupportedError } from "../../errors.ts";
import {
  checkExpression,
  checkValue,
  hasTemplate,
  standardEnvironment,
} from "../../jinja/template.ts";
import type { Schema } from "../../modules/contract/schema.ts";
import type { MapEntry, MapNode, ScalarNode, YamlNode } from "../../yaml/node.ts";

/** Keywords whose texts are bare expressions. */
const CONDITIONS = new Set(["when", "changed_when", "failed_when", "until"]);
/** Keywords that hold other tasks, which are checked by themselves. */
const ITEMS = new Set([
  "tasks",
  "pre_tasks",
  "post_tasks",
  "handlers",
  "roles",
  "block",
  "rescue",
  "always",
]);

const env = standardEnvironment();

/** What is done with something that Ansible has and we do not. */
export type Take = (error: UnsupportedError) => void;

// Parses every template in a keyword of a play, block or task, so that a mistake is found even
// where no host comes by it; variables may never be looked at.
export function checkKeywordTemplates(
  { key, value }: MapEntry,
  onUnsupported: Take,
  onUnusedUnsupported: Take,
): void {
  if (CONDITIONS.has(String(key.value))) checkConditions(value, onUnsupported);
  else if (key.value === "vars") checkNode(value, onUnusedUnsupported);
  else if (!ITEMS.has(String(key.value))) checkNode(value, onUnsupported);
}

// The same for a module's arguments, of which some are bare expressions.
export function checkArgumentTemplates(schema: Schema, args: MapNode, onUnsupported: Take): void {
  for (const { key, value } of args.entries) {
    const argument = schema.arguments[String(key.value)];
    const isExpression =
      argument?.expression === true &&
      value.kind === "scalar" &&
      typeof value.value === "string" &&
      !hasTemplate(value.value);
    if (argument?.type === "expression" || isExpression) checkConditions(value, onUnsupported);
    else checkNode(value, onUnsupported);
  }
}

// The same for variables, and for anything else that is rendered when it is looked at.
export function checkNode(node: YamlNode, onUnsupported: Take): void {
  if (node.kind === "seq") for (const item of node.items) checkNode(item, onUnsupported);
  else if (node.kind === "map")
    for (const { value } of node.entries) checkNode(value, onUnsupported);
  else if (typeof node.value === "string" && node.tag !== "!unsafe")
    parseText(checkValue, node.value, node, onUnsupported);
}

// Checks the expressions of a condition.
function checkConditions(node: YamlNode, onUnsupported: Take): void {
  if (node.kind === "seq") for (const item of node.items) checkConditions(item, onUnsupported);
  else if (node.kind === "scalar" && typeof node.value === "string" && node.value !== "")
    parseText(checkExpression, node.value, node, onUnsupported);
}

// Parses one text.
function parseText(
  parse: typeof checkValue,
  text: string,
  node: ScalarNode,
  onUnsupported: Take,
): void {
  try {
    parse(text, node, env);
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    onUnsupported(error);
  }
}
