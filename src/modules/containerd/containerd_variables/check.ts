import { InputError, type Place } from "../../../errors.ts";
import { didYouMean } from "../../../suggest.ts";
import type { YamlNode } from "../../../yaml/node.ts";
import { coerceArgument, noMapping } from "../../contract/coerce.ts";
import type { TextForm } from "./forms.ts";
import type { VariableRule } from "./rules.ts";

/**
 * A value, what it is called in messages (`containerd_registries[0].name`), and
 * where it is written.
 */
interface Named {
  path: string;
  value: unknown;
  node: YamlNode;
}

/**
 * Refuses a value that its variable cannot hold. Throws InputError with the
 * place of the wrong part.
 */
export function checkValue(rule: VariableRule, { path, value, node }: Named): void {
  if (value === null || value === undefined)
    throw new InputError(`${path} has no value`, node.place, rule.description);
  if (value === "" && rule.mayBeEmpty) return;
  const entries = rule.type === "dict" ? entriesOf(value) : undefined;
  if (entries) return checkEntries(rule, entries, { path, value, node });
  if (rule.type === "list" && !Array.isArray(value) && !rule.mayBeText)
    throw new InputError(
      `${path} takes a list, but this is ${JSON.stringify(value)}`,
      node.place,
      rule.description,
    );
  if (rule.options && Array.isArray(value)) return checkItems(rule, value, path, node);
  const read = coerce(rule, { path, value, node });
  for (const part of Array.isArray(read) ? (read as unknown[]) : [read])
    checkForm(rule.form, path, part, node.place);
}

// The values of a mapping, by the names that the rule knows.
function checkEntries(
  { options, names, form, description }: VariableRule,
  entries: readonly [string, unknown][],
  { path, node }: Named,
): void {
  for (const [name, value] of entries) {
    const place = entryOf(node, name)?.key.place ?? node.place;
    const inner = entryOf(node, name)?.value ?? node;
    if (options && !(name in options))
      throw new InputError(
        `${path} has no key "${name}"`,
        place,
        didYouMean(name, Object.keys(options)) ?? `its keys are ${Object.keys(options).join(", ")}`,
      );
    if (names && !names.pattern.test(name))
      throw new InputError(`${path}: "${name}" is not ${names.is}`, place, names.hint);
    const within = `${path}.${name}`;
    if (options) checkValue(options[name]!, { path: within, value, node: inner });
    else if (form) checkScalars(form, { path: within, value, node: inner });
  }
  const missing = Object.entries(options ?? {}).find(
    ([name, option]) => option.required && !entries.some(([given]) => given === name),
  );
  if (missing) throw new InputError(`${path} needs "${missing[0]}"`, node.place, description);
}

function checkItems(
  rule: VariableRule,
  items: readonly unknown[],
  path: string,
  node: YamlNode,
): void {
  const item: VariableRule = { ...rule, type: "dict" };
  for (const [i, value] of items.entries()) {
    const inner = (node.kind === "seq" ? node.items[i] : undefined) ?? node;
    checkValue(item, { path: `${path}[${i}]`, value, node: inner });
  }
}

// Texts and numbers, or a list of them; anything else would be written as Python shows it.
function checkScalars(form: TextForm, { path, value, node }: Named): void {
  for (const part of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (part === null || typeof part === "object")
      throw new InputError(`${path} takes text, a number, or a list of them`, node.place);
    checkForm(form, path, part, node.place);
  }
}

// Reads a value as its type, and says how the variable is written where it is of another. A mapping
// is not read from text, as a module's parameter is: what uses the variable needs it as one.
function coerce(rule: VariableRule, { path, value, node }: Named): unknown {
  try {
    if (rule.type === "dict" && typeof value === "string") throw noMapping(path, value);
    return coerceArgument(rule, path, value);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      error.message,
      node.place,
      (rule.choices && error.hint) ?? rule.description,
    );
  }
}

function checkForm(form: TextForm | undefined, path: string, value: unknown, place: Place): void {
  if (form && !form.pattern.test(String(value)))
    throw new InputError(`${path} is not ${form.is}: ${JSON.stringify(value)}`, place, form.hint);
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (value instanceof Map)
    return [...(value as Map<unknown, unknown>)].map(([name, inner]) => [String(name), inner]);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value);
}

function entryOf(node: YamlNode, name: string): { key: YamlNode; value: YamlNode } | undefined {
  if (node.kind !== "map") return undefined;
  return node.entries.find(({ key }) => String(key.value) === name);
}
