import { InputError, TaskFailure } from "../../errors.ts";
import { toText } from "../../jinja/core/text.ts";
import { Float } from "../../jinja/core/value.ts";
import { didYouMean } from "../../suggest.ts";
import { coerceArgument } from "./coerce.ts";
import type { Argument, ArgumentType } from "./schema.ts";
import { insteadOf } from "../../instead-of.ts";

/** Values or specifications by name. */
type Mapping = { [name: string]: unknown };

/**
 * Ansible's names of types, and our equivalents. What only Python could judge is accepted as it is.
 */
const TYPES: { readonly [name: string]: ArgumentType } = {
  str: "str",
  int: "int",
  float: "float",
  bool: "bool",
  path: "path",
  list: "list",
  dict: "dict",
  raw: "raw",
  bytes: "raw",
  bits: "raw",
  json: "raw",
  jsonarg: "raw",
  sid: "raw",
};

/**
 * All that is wrong with values, in Ansible's words and order: what is missing, of a wrong type, no
 * choice; then the keys within; what is not known comes last.
 */
export function argumentErrors(spec: Mapping, values: Mapping): string[] {
  const unknown: string[] = [];
  const errors = errorsIn(spec, values, [], unknown);
  return unknown.length === 0 ? errors : [...errors, unknown.join(" ")];
}

// What is wrong on one level; `context` names the mappings around it. Names that are not known
// are gathered in `unknown`.
function errorsIn(
  spec: Mapping,
  values: Mapping,
  context: readonly string[],
  unknown: string[],
): string[] {
  const within = context.length === 0 ? "" : ` found in ${context.join(" -> ")}`;
  for (const name of Object.keys(spec)) typeOf(name, attributesOf(spec, name)["type"] ?? "str");
  noteUnknown(spec, values, context, unknown);
  const given = givenValues(spec, values);
  const missing = Object.keys(spec)
    .filter((name) => attributesOf(spec, name)["required"] === true && !given.has(name))
    .sort();
  const errors =
    missing.length > 0 ? [`missing required arguments: ${missing.join(", ")}${within}`] : [];
  for (const [name, value] of given)
    errors.push(
      ...typeErrors(name, attributesOf(spec, name), value, context, (read) =>
        given.set(name, read),
      ),
    );
  for (const [name, value] of given)
    errors.push(...choiceErrors(name, attributesOf(spec, name), value, within));
  for (const [name, value] of given)
    errors.push(...innerErrors(name, attributesOf(spec, name), value, context, unknown));
  return errors;
}

// The values by their arguments' own names; what is not given has its default.
function givenValues(spec: Mapping, values: Mapping): Map<string, unknown> {
  const given = new Map<string, unknown>();
  for (const name of Object.keys(spec)) {
    const word = [name, ...aliasesOf(spec[name])].find((one) => one in values);
    const fallback = attributesOf(spec, name)["default"];
    if (word !== undefined) given.set(name, values[word]);
    else if (fallback !== undefined && fallback !== null) given.set(name, fallback);
  }
  return given;
}

function noteUnknown(
  spec: Mapping,
  values: Mapping,
  context: readonly string[],
  unknown: string[],
): void {
  const [names, aliases] = [Object.keys(spec), Object.values(spec).flatMap(aliasesOf)];
  const strange = Object.keys(values)
    .filter((name) => !names.includes(name) && !aliases.includes(name))
    .sort();
  if (strange.length === 0) return;
  const more = aliases.length > 0 ? ` (${aliases.toSorted().join(", ")})` : "";
  unknown.push(
    `${strange.map((name) => [...context, name].join(".")).join(", ")}. Supported parameters include: ${names.toSorted().join(", ")}${more}.`,
  );
}

// A value that is not of its type, and cannot be made so; `keep` gets it as it was read.
function typeErrors(
  name: string,
  attributes: Mapping,
  value: unknown,
  context: readonly string[],
  keep: (read: unknown) => void,
): string[] {
  if (value === null || value === undefined) return [];
  const type = typeOf(name, attributes["type"] ?? "str");
  const elements =
    attributes["elements"] === undefined ? undefined : typeOf(name, attributes["elements"]);
  const place = context.length === 0 ? "" : ` found in '${context.join(" -> ")}'.`;
  const read = readAs(type, value, elements === "dict" ? { elements } : {});
  if (read === undefined)
    return [
      `argument '${name}' is of type ${pythonType(value)}${place} and we were unable to convert to ${type}: ${pythonType(value)} cannot be converted to ${article(type)}`,
    ];
  keep(typeof value === "boolean" ? value : read); // among choices, yes may mean a word
  const wrong =
    elements && Array.isArray(read)
      ? read.filter((item) => readAs(elements, item) === undefined)
      : [];
  return wrong.map(
    (item) =>
      `Elements value for option '${name}' is of type ${pythonType(item)}${place} and we were unable to convert to ${elements!}: ${pythonType(item)} cannot be converted to ${article(elements!)}`,
  );
}

// A value as a type reads it; undefined: it cannot.
function readAs(type: ArgumentType, value: unknown, more: Partial<Argument> = {}): unknown {
  if (!isTaken(type, value)) return undefined;
  const taken = READ[type]?.(value);
  if (taken !== undefined) return taken;
  return insteadOf([InputError], undefined, () =>
    coerceArgument({ type, description: "", ...more }, "argument", value),
  );
}

/**
 * What a specification reads otherwise than a module its parameters: lists and mappings as
 * Python's text of them, and switches as numbers.
 */
const READ: { readonly [type in ArgumentType]?: (value: unknown) => unknown } = {
  str: textOfParts,
  path: textOfParts,
  int: numberOfSwitch,
  float: numberOfSwitch,
};

function textOfParts(value: unknown): string | undefined {
  return isParts(value) ? toText(value) : undefined;
}

function numberOfSwitch(value: unknown): number | undefined {
  return typeof value === "boolean" ? Number(value) : undefined;
}

// Whether a specification lets a value be read as a type at all: no number with a point is a whole
// one or a mapping, and no mapping is a list.
function isTaken(type: ArgumentType, value: unknown): boolean {
  if (value instanceof Float) return type !== "int" && type !== "dict";
  if (type === "int") return !/[.e]/i.test(scalarText(value));
  return type !== "list" || !isParts(value) || Array.isArray(value);
}

function scalarText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function isParts(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(value instanceof Float);
}

function choiceErrors(
  name: string,
  { choices, type }: Mapping,
  value: unknown,
  within: string,
): string[] {
  if (!Array.isArray(choices)) return [];
  const known = choices as (string | number | boolean)[];
  const wrong = (item: unknown): boolean =>
    !known.includes(item as string) &&
    readAs(typeOf(name, type ?? "str"), item, { choices: known }) === undefined;
  if (!Array.isArray(value))
    return wrong(value)
      ? [`value of ${name} must be one of: ${known.join(", ")}, got: ${String(value)}${within}`]
      : [];
  const others = value.filter((item) => !known.includes(item as string));
  return others.length > 0
    ? [
        `value of ${name} must be one or more of: ${known.join(", ")}. Got no match for: ${others.join(", ")}${within}`,
      ]
    : [];
}

// What is wrong within a mapping, or within each mapping of a list.
function innerErrors(
  name: string,
  { options }: Mapping,
  value: unknown,
  context: readonly string[],
  unknown: string[],
): string[] {
  if (options === undefined || options === null || value === null || value === undefined) return [];
  const inner = mappingOf(options, `${name}.options`);
  return (Array.isArray(value) ? value : [value]).flatMap((part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part))
      return [`value of '${name}' must be of type dict or list of dicts`];
    return errorsIn(inner, mappingOf(part, name), [...context, name], unknown);
  });
}

function typeOf(name: string, type: unknown): ArgumentType {
  const found = TYPES[String(type)];
  if (!found)
    throw new TaskFailure(
      `argument_spec.${name}: there is no type "${String(type)}"`,
      didYouMean(String(type), Object.keys(TYPES)),
    );
  return found;
}

function attributesOf(spec: Mapping, name: string): Mapping {
  return mappingOf(spec[name], `argument_spec.${name}`);
}

function aliasesOf(attributes: unknown): string[] {
  const aliases = mappingOf(attributes, "argument_spec")["aliases"];
  return Array.isArray(aliases) ? aliases.map(String) : [];
}

// Python's name of a value's type, as Ansible shows it.
function pythonType(value: unknown): string {
  if (Array.isArray(value)) return "<class 'list'>";
  const names: { [type: string]: string } = {
    string: "str",
    boolean: "bool",
    number: Number.isInteger(value) ? "int" : "float",
  };
  return `<class '${names[typeof value] ?? "dict"}'>`;
}

function article(type: ArgumentType): string {
  return type === "int" ? "an int" : `a ${type}`;
}

/** A value that must be a mapping. Throws TaskFailure. */
export function mappingOf(value: unknown, what: string): Mapping {
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Mapping;
  throw new TaskFailure(`${what} must be a mapping`);
}
