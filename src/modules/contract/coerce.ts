import { InputError, UnplacedError, UnsupportedError } from "../../errors.ts";
import { toBoolean } from "../../boolean.ts";
import { Float } from "../../jinja/core/value.ts";
import { didYouMean } from "../../suggest.ts";
import { writtenChoices } from "../../choices.ts";
import type { Argument, ArgumentType, Schema } from "./schema.ts";
import { defined } from "../../defined.ts";
import { dictOfText } from "./dict-text.ts";

/**
 * Turns rendered values into a module's arguments as Ansible's argument_spec does: "yes" is
 * true where a boolean is wanted, 0644 is a mode, one text is a list of one. Throws
 * InputError (without a place).
 */
export function coerceArguments(
  schema: Schema,
  module: string,
  values: ReadonlyMap<string, unknown>,
): { [name: string]: unknown } {
  const args = coerceOptions(schema.arguments, module, values);
  if (schema.anyArgument) for (const [name, value] of values) args[name] ??= value;
  checkTogether(schema, module, values);
  for (const rule of schema.requiredIf ?? []) {
    const missing =
      args[rule.if] === rule.is ? rule.then.find((name) => args[name] === undefined) : undefined;
    if (missing)
      throw new InputError(
        `"${module}" with ${rule.if}: ${String(rule.is)} needs the parameter "${missing}"`,
      );
  }
  return args;
}

// Refuses what does not go together, and what is missing, among the parameters that are given.
function checkTogether(
  { arguments: known, mutuallyExclusive = [], requiredOneOf = [] }: Schema,
  module: string,
  values: ReadonlyMap<string, unknown>,
): void {
  const wordOf = (name: string): string | undefined =>
    [name, ...(known[name]?.aliases ?? [])].find((word) => (values.get(word) ?? null) !== null);
  for (const set of mutuallyExclusive) {
    const given = set.flatMap((name) => wordOf(name) ?? []);
    if (given.length > 1)
      throw new UnplacedError(
        `"${module}" takes only one of ${given.map((name) => `"${name}"`).join(" and ")}`,
        "remove one of them, or use omit",
      );
  }
  for (const set of requiredOneOf) {
    const isGiven = set.some((name) => wordOf(name) !== undefined);
    if (!isGiven)
      throw new UnplacedError(
        `"${module}" needs one of ${set.map((name) => `"${name}"`).join(", ")}`,
        set.map((name) => `${name}: ${known[name]?.description ?? ""}`).join(" "),
      );
  }
}

// Reads the keys of one level; aliases become the parameter's own name.
function coerceOptions(
  spec: { readonly [name: string]: Argument },
  path: string,
  values: ReadonlyMap<string, unknown>,
): { [name: string]: unknown } {
  const args: { [name: string]: unknown } = {};
  for (const [name, argument] of Object.entries(spec)) {
    const words = [name, ...(argument.aliases ?? [])].filter(
      (word) => values.get(word) !== undefined,
    );
    const given = words.find((word) => values.get(word) !== null) ?? words[0];
    const value = given === undefined ? argument.default : values.get(given);
    const coerced = coerceArgument(argument, `${path}.${name}`, value);
    if (coerced !== undefined) args[name] = coerced;
    else if (argument.required)
      throw new UnplacedError(`${path} needs "${name}"`, argument.description);
  }
  return args;
}

// Turns one value into what its parameter wants.
export function coerceArgument(argument: Argument, path: string, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (value === null) return coerceNull(argument, path);
  const coerced = coerceType(
    argument.type,
    argument,
    path,
    typeof value === "boolean" ? asChoice(argument, value) : value,
  );
  const chosen = Array.isArray(coerced) && argument.elements ? coerced : [coerced];
  for (const item of argument.choices ? chosen : []) {
    if (argument.choices!.includes(item as string)) continue;
    if (argument.foreignChoices?.includes(item as string))
      throw new UnsupportedError(
        `${path}: ${show(item)} is not supported`,
        undefined,
        `it takes ${writtenChoices(argument.choices!).join(", ")}`,
      );
    throw new UnplacedError(
      `${path} cannot be ${show(item)}`,
      didYouMean(String(item), writtenChoices(argument.choices!)) ??
        `it takes ${writtenChoices(argument.choices!).join(", ")}`,
    );
  }
  return coerced;
}

/**
 * What null means to a parameter, as in Ansible, where it takes the place of the default: no choice
 * has it, a switch is off, and a parameter without a default is not given. Where Ansible's modules
 * break on it, or write "None", it is refused.
 */
function coerceNull(argument: Argument, path: string): unknown {
  if (argument.null === "kept") return null;
  if (takesNull(argument))
    return argument.type === "bool" ? offUnlessOpen(argument) : argument.default;
  throw new UnplacedError(
    `${path} cannot be null`,
    argument.choices
      ? `it takes ${writtenChoices(argument.choices).join(", ")}; leave it out, or use omit`
      : "leave it out for its default, or use omit",
  );
}

// A switch with a default is off; one without is not given.
function offUnlessOpen({ default: fallback }: Argument): boolean | undefined {
  return fallback === undefined ? undefined : false;
}

/** Whether null may be written for a parameter. */
export function takesNull(argument: Argument): boolean {
  if (argument.null !== undefined || argument.type === "bool") return true;
  if (argument.choices) return false;
  const fallback = argument.default;
  return fallback === undefined || isEmpty(fallback);
}

// Whether a default is what Python takes for false, as it does null: 0, an
// empty text or an empty list.
function isEmpty(fallback: unknown): boolean {
  return fallback === 0 || fallback === "" || (Array.isArray(fallback) && fallback.length === 0);
}

// YAML reads a bare yes or no as a boolean; among choices that have one such
// word, that word is meant.
function asChoice({ type, choices = [] }: Argument, value: boolean): unknown {
  const words = type === "str" ? choices.filter((choice) => toBoolean(choice) === value) : [];
  return words.length === 1 ? words[0] : value;
}

// Turns a value into a type, or says that it cannot be.
function coerceType(type: ArgumentType, argument: Argument, path: string, value: unknown): unknown {
  switch (type) {
    case "raw":
      return value;
    case "bool":
      return toBool(path, value);
    case "int":
      return toNumber(path, value, true);
    case "float":
      return toNumber(path, value, false);
    case "mode":
      return toMode(path, value);
    case "list":
      return toList(argument, path, value);
    case "dict":
      return toDict(argument, path, value);
    case "expression":
      return Array.isArray(value)
        ? value.filter((item) => item !== null).map((item) => toExpression(path, item))
        : toExpression(path, value);
    case "str":
    case "path":
      return toText(path, value);
  }
}

function toExpression(path: string, value: unknown): string {
  return typeof value === "boolean" ? String(value) : toText(path, value);
}

function toText(path: string, value: unknown): string {
  if (value instanceof Float) return value.value.toFixed(1);
  if (typeof value === "object")
    throw new UnplacedError(
      `${path} takes text, but this is ${partsOf(value)}`,
      Array.isArray(value) ? "to do the same for each, loop over the list" : undefined,
    );
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

// A list or a mapping is no single value, even where its text would look like one.
function refuseParts(path: string, value: unknown, wanted: string): void {
  if (typeof value === "object" && !(value instanceof Float))
    throw new InputError(`${path} takes ${wanted}, but this is ${partsOf(value)}`);
}

// What something is that is no single value.
function partsOf(value: object | null): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : "a mapping";
}

function toBool(path: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  refuseParts(path, value, "true or false");
  const read = toBoolean(value);
  if (read !== undefined) return read;
  throw new InputError(`${path} takes true or false, but this is ${show(value)}`);
}

function toNumber(path: string, value: unknown, whole: boolean): number {
  refuseParts(path, value, whole ? "a whole number" : "a number");
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
  if (typeof value !== "boolean" && Number.isFinite(number) && (!whole || Number.isInteger(number)))
    return number;
  throw new InputError(
    `${path} takes ${whole ? "a whole number" : "a number"}, but this is ${show(value)}`,
  );
}

// A mode as text for chmod; a YAML number was written in octal (0644), so it is
// written back in octal.
function toMode(path: string, value: unknown): string {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0o7777)
    return value.toString(8).padStart(4, "0");
  refuseParts(path, value, "a file mode");
  const text = String(value);
  if (/^0?o?[0-7]{1,5}$/.test(text)) return text.replace("o", "").padStart(4, "0");
  if (
    text === "preserve" ||
    /^[ugoa]*([-+=][rwxXstugo]*)+(,[ugoa]*([-+=][rwxXstugo]*)+)*$/.test(text)
  )
    return text;
  throw new UnplacedError(
    `${path} takes a file mode, but this is ${show(value)}`,
    'write it in octal and in quotes, mode: "0644", or by letters, mode: u+x',
  );
}

function toList(argument: Argument, path: string, value: unknown): unknown[] {
  const items = listItems(value);
  const element: Argument = {
    type: argument.elements ?? "raw",
    description: "",
    ...defined({ options: argument.options ? argument.options : undefined }),
  };
  return items.map((item, i) => coerceType(element.type, element, `${path}[${i}]`, item));
}

// The items of a list; text is split at its commas, anything else is the one item.
function listItems(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === "string" ? value.split(",").map((part) => part.trim()) : [value];
}

function toDict(argument: Argument, path: string, written: unknown): unknown {
  const value = typeof written === "string" ? (dictOfText(written) ?? written) : written;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw noMapping(path, value);
  if (!argument.options) return value;
  const given = new Map<string, unknown>(
    value instanceof Map ? (value as Map<string, unknown>) : Object.entries(value),
  );
  const names = Object.entries(argument.options).flatMap(([name, option]) => [
    name,
    ...(option.aliases ?? []),
  ]);
  for (const name of given.keys())
    if (!names.includes(name))
      throw new UnplacedError(`${path} has no key "${name}"`, didYouMean(name, names));
  return coerceOptions(argument.options, path, given);
}

/** What to say where a mapping is wanted, and this is none. */
export function noMapping(path: string, value: unknown): InputError {
  return new InputError(`${path} takes a mapping, but this is ${show(value)}`);
}

function show(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  return typeof value === "string" ? `"${value}"` : JSON.stringify(value);
}
