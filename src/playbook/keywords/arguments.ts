import { perObject } from "../../remember.ts";
import { ArgumentError, InputError, UnsupportedError } from "../../errors.ts";
import { Fault } from "../../jinja/core/fault.ts";
import {
  joinArguments,
  plainWord,
  readPair,
  splitArguments,
  type WordAt,
} from "../../jinja/formats/key-values.ts";
import { coerceArgument } from "../../modules/contract/coerce.ts";
import { whyMissing } from "../../modules/catalogue/foreign-parameters.ts";
import type { Argument, Schema } from "../../modules/contract/schema.ts";
import { didYouMean } from "../../suggest.ts";
import { toValue, wrapScalar } from "../../yaml/data.ts";
import {
  kindName,
  mapGet,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  type YamlNode,
} from "../../yaml/node.ts";
import { KEYWORDS } from "./keywords.ts";

/** A word where quotes need not be closed. */
const LOOSE_WORD = /(?:\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|"(?:\\.|[^"\\])*"|'[^']*'|[^\s])+/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** A name that may hold templates, as set_fact takes it. */
const ANY_NAME = /^(?:[A-Za-z_]|\{\{[\s\S]*?\}\})(?:[A-Za-z0-9_]|\{\{[\s\S]*?\}\})*$/;

// Turns the value after a module's name into a mapping: `copy: src=a dest=b`, `command: ls
// creates=x`, or a mapping already.
export function freeFormArguments(
  schema: Schema,
  module: string,
  { key, value }: MapEntry,
): MapNode {
  if (value.kind === "map") return value;
  if (value.kind === "seq")
    throw new InputError(
      `"${module}" takes parameters, but this is ${kindName(value)}`,
      value.place,
      "write them as a mapping below it",
    );
  if (value.value === null) return { kind: "map", entries: [], place: key.place };
  const text = String(value.value);
  const pairs: MapEntry[] = [];
  const free: string[] = [];
  for (const { word, start } of splitText(text)) {
    const pair = readPair(word);
    if (pair && takesPair(schema, pair.name))
      pairs.push({
        key: wrapScalar(pair.name, value.at(start)),
        value: scalarPart(value, pair.value, start + pair.name.length + 1),
      });
    else free.push(pair ? word : plainWord(word));
  }
  if (free.length > 0)
    pairs.push(freeForm(schema, module, value, free, freeText(text, free, pairs.length > 0)));
  return { kind: "map", entries: pairs, place: value.place };
}

// The text without its parameters; lines that a backslash joins are one, as in Ansible.
function freeText(text: string, free: readonly string[], hasPairs: boolean): string {
  if (hasPairs) return joinArguments(free);
  return /(^| )\\\n/.test(text) ? joinArguments(free) : text;
}

// Whether `name=value` is a parameter: of a module that takes a command, only those that it knows.
function takesPair(schema: Schema, name: string): boolean {
  if (schema.isCommand) return Object.hasOwn(schema.arguments, name) && name !== schema.freeForm;
  return (schema.anyArgument ? ANY_NAME : NAME).test(name);
}

// The text that is no key=value goes to the one parameter that takes it.
function freeForm(
  schema: Schema,
  module: string,
  value: ScalarNode,
  free: string[],
  text: string,
): MapEntry {
  if (schema.freeForm === undefined)
    throw new InputError(
      `"${module}" takes key=value pairs, not "${free[0]}"`,
      value.place,
      spaceMend(schema, free[0]!) ?? "write the parameters as a mapping under it",
    );
  return {
    key: wrapScalar(schema.freeForm, value.place),
    value: text === value.value ? value : scalarPart(value, text, 0),
  };
}

// The hint for `name:value`, which is a single string.
function spaceMend(schema: Schema, word: string): string | undefined {
  const [, name = "", rest = ""] = /^(\w+):(.+)$/.exec(word) ?? [];
  return parameterNames(schema.arguments).has(name)
    ? `write a space after the colon: ${name}: ${rest}`
    : undefined;
}

// A part of a scalar, whose places stay those of the file.
export function scalarPart(value: ScalarNode, text: string, start: number): ScalarNode {
  return {
    kind: "scalar",
    value: text,
    style: value.style,
    place: value.at(start),
    at: (offset) => value.at(start + offset),
  };
}

// Splits at blanks outside quotes and templates. Unclosed quotes, which Ansible
// refuses, are ordinary characters.
export function splitText(text: string): WordAt[] {
  try {
    return splitArguments(text);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return Array.from(text.matchAll(LOOSE_WORD), (match) => ({
      word: match[0],
      start: match.index,
    }));
  }
}

// Refuses parameters that the module does not have, and values that can be seen to be wrong
// before any variable is known.
export function checkGiven(schema: Schema, module: string, args: MapNode): void {
  const names = parameterNames(schema.arguments);
  for (const { key, value } of args.entries) {
    const name = String(key.value);
    const known = names.get(name);
    if (!known && schema.anyArgument) continue;
    const why = whyMissing(module, name);
    if (!known && why !== undefined)
      throw new UnsupportedError(`"${module}" has no parameter "${name}"`, key.place, why);
    if (!known)
      throw new ArgumentError(
        `"${module}" has no parameter "${name}"`,
        key.place,
        parameterMend(name, module, names.keys()),
      );
    checkStatic(schema.arguments[known]!, `${module}.${name}`, value);
  }
}

// The same, and refuses what is missing or does not go together.
export function checkArguments(
  schema: Schema,
  module: string,
  args: MapNode,
  place: InputError["place"],
): MapNode {
  checkGiven(schema, module, args);
  const names = parameterNames(schema.arguments);
  for (const [name, argument] of Object.entries(schema.arguments)) {
    const given = [name, ...(argument.aliases ?? [])].some((word) => mapGet(args, word));
    if (argument.required && !given)
      throw new ArgumentError(
        `"${module}" needs the parameter "${name}"`,
        place,
        `${name}: ${argument.description}`,
      );
  }
  for (const set of schema.mutuallyExclusive ?? []) {
    const given = args.entries.filter(
      ({ key, value }) => set.includes(names.get(String(key.value)) ?? "") && !mayBeOmitted(value),
    );
    if (given.length > 1)
      throw new ArgumentError(
        `"${module}" takes only one of ${given.map(({ key }) => `"${String(key.value)}"`).join(" and ")}`,
        given[1]!.key.place,
        "remove one of them",
      );
  }
  for (const set of schema.requiredOneOf ?? []) {
    const given = set.some((name) =>
      [name, ...(schema.arguments[name]?.aliases ?? [])].some((word) => mapGet(args, word)),
    );
    if (!given)
      throw new ArgumentError(
        `"${module}" needs one of ${set.map((name) => `"${name}"`).join(", ")}`,
        place,
        set.map((name) => `${name}: ${schema.arguments[name]?.description ?? ""}`).join(" "),
      );
  }
  return args;
}

// Whether a value is a template as a whole, which may give `omit`: then the
// parameter counts as not given.
function mayBeOmitted(node: YamlNode): boolean {
  return (
    node.kind === "scalar" &&
    typeof node.value === "string" &&
    node.tag !== "!unsafe" &&
    /^\s*\{[{%][\s\S]*[}%]\}\s*$/.test(node.value)
  );
}

// The hint for a parameter that the module does not have.
function parameterMend(name: string, module: string, known: Iterable<string>): string {
  if (Object.hasOwn(KEYWORDS.task, name))
    return `it is a keyword of the task: indent it like "${module}"`;
  const names = [...known];
  return didYouMean(name, names) ?? `it takes ${names.join(", ") || "none"}`;
}

/**
 * Every name that a parameter goes by -> its own name; tasks ask for those of a
 * module again and again.
 */
export const parameterNames = perObject(
  (spec: { readonly [name: string]: Argument }): ReadonlyMap<string, string> =>
    new Map(
      Object.entries(spec).flatMap(([name, { aliases = [] }]) =>
        [name, ...aliases].map((word) => [word, name]),
      ),
    ),
);

// Checks a value without templates against its type, with the place of the very part that is wrong.
function checkStatic(argument: Argument, path: string, node: YamlNode): void {
  if (hasTemplate(node)) {
    if (node.kind === "map" && argument.options)
      for (const { key, value } of node.entries) checkOption(argument, path, key, value);
    return;
  }
  if (argument.options && node.kind === "map")
    for (const { key, value } of node.entries) checkOption(argument, path, key, value);
  if (argument.type === "mode") checkDecimal(path, node);
  try {
    coerceArgument(argument, path, toValue(node));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new (error instanceof UnsupportedError ? UnsupportedError : ArgumentError)(
      error.message,
      error.place ?? node.place,
      error.hint,
    );
  }
}

// A mode that is a number without a leading zero is decimal: 644 would be 1204 in
// octal, which nobody means.
function checkDecimal(path: string, node: YamlNode): void {
  if (node.kind !== "scalar" || typeof node.value !== "number") return;
  const written = /^[1-9]\d*/.exec(
    node.place.text?.split("\n")[node.place.line - 1]?.slice(node.place.column - 1) ?? "",
  )?.[0];
  if (written === undefined) return;
  const hint = /^[0-7]{3,4}$/.test(written)
    ? `mode: "${written.padStart(4, "0")}"`
    : `mode: "${node.value.toString(8).padStart(4, "0")}"`;
  throw new InputError(
    `${path} is the decimal number ${written}, which is ${node.value.toString(8).padStart(4, "0")} in octal`,
    node.place,
    `write it in octal and in quotes: ${hint}`,
  );
}

// One key of a dict parameter.
function checkOption(argument: Argument, path: string, key: ScalarNode, value: YamlNode): void {
  const names = parameterNames(argument.options!);
  const known = names.get(String(key.value));
  if (!known)
    throw new InputError(
      `${path} has no key "${String(key.value)}"`,
      key.place,
      didYouMean(String(key.value), names.keys()),
    );
  checkStatic(argument.options![known]!, `${path}.${known}`, value);
}

// Whether there is a template, or something to decrypt, anywhere inside.
function hasTemplate(node: YamlNode): boolean {
  if (node.kind === "scalar")
    return node.tag === "!vault" || (typeof node.value === "string" && /\{\{|\{%/.test(node.value));
  return node.kind === "seq"
    ? node.items.some(hasTemplate)
    : node.entries.some(({ value }) => hasTemplate(value));
}
