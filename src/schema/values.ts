import { toBoolean } from "../boolean.ts";
import { takesNull } from "../modules/contract/coerce.ts";
import type { Argument, ArgumentType } from "../modules/contract/schema.ts";
import { anyOf, described, needsOne, ref, type JsonSchema } from "./json.ts";
import { defined } from "../defined.ts";
import { mapValues } from "../records.ts";

const BOOL_WORDS = ["yes", "true", "on", "y", "t", "no", "false", "off", "n", "f"];

/** One whole number, or several with commas in one text. */
const WHOLE_NUMBERS: JsonSchema = {
  anyOf: [
    { type: "integer" },
    { type: "string", pattern: "^\\s*[-+]?[0-9]+\\s*(,\\s*[-+]?[0-9]+\\s*)*$" },
  ],
};

/** A mapping as text, in braces or as pairs `a=1, b=2`. */
const DICT_TEXT = "^\\{[\\s\\S]*\\}\\s*$|^[^{=]*=";

/**
 * What each type takes without a template: Ansible turns texts to numbers and
 * booleans, and numbers to text.
 */
const TYPES: { readonly [type in ArgumentType]: JsonSchema } = {
  raw: {},
  str: { type: ["string", "number", "boolean", "null"] },
  path: { type: ["string", "number", "boolean", "null"] },
  bool: {
    anyOf: [
      { type: ["boolean", "null"] },
      { enum: [0, 1, "0", "1"] },
      { type: "string", pattern: `^(${BOOL_WORDS.map(anyCase).join("|")})$` },
    ],
  },
  int: {
    anyOf: [{ type: ["integer", "null"] }, { type: "string", pattern: "^\\s*[-+]?[0-9]+\\s*$" }],
  },
  float: {
    anyOf: [
      { type: ["number", "null"] },
      { type: "string", pattern: "^\\s*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?\\s*$" },
    ],
  },
  mode: {
    anyOf: [
      { type: "null" },
      { type: "integer", minimum: 0, maximum: 0o7777 },
      {
        type: "string",
        pattern:
          "^(0?o?[0-7]{1,5}|preserve|[ugoa]*([-+=][rwxXstugo]*)+(,[ugoa]*([-+=][rwxXstugo]*)+)*)$",
      },
    ],
  },
  list: { type: ["array", "string", "number", "boolean", "null"] },
  dict: { type: ["object", "null"] },
  expression: {
    anyOf: [
      { type: ["string", "boolean", "number", "null"] },
      { type: "array", items: { type: ["string", "boolean", "number", "null"] } },
    ],
  },
};

/** Definitions that the schemas of values refer to. */
export const VALUES: { readonly [name: string]: JsonSchema } = {
  template: { type: "string", pattern: "\\{\\{|\\{%" },
  ...mapValues(TYPES, (schema, type) => (type === "raw" ? schema : anyOf(schema, ref("template")))),
};

// What a parameter takes.
export function argumentSchema(argument: Argument): JsonSchema {
  return described(valueSchema(argument), argument.description, argument.default);
}

// What a parameter takes, null only where it may be null.
function valueSchema(argument: Argument): JsonSchema {
  const schema = typeSchema(argument);
  return takesNull(argument) ? schema : butNull(schema);
}

function butNull(schema: JsonSchema): JsonSchema {
  return { allOf: [schema, { not: { type: "null" } }] };
}

function typeSchema({ type, elements, options, ...argument }: Argument): JsonSchema {
  const choices = argument.choices && [...argument.choices, ...(argument.foreignChoices ?? [])];
  if (type === "list") {
    const item = typeSchema({
      type: elements ?? "raw",
      description: "",
      ...defined({
        choices: choices ? choices : undefined,
        options: options ? options : undefined,
      }),
    });
    const items = elements === undefined || elements === "raw" ? item : butNull(item);
    return anyOf(
      { type: "array", items },
      ref("template"),
      { type: "null" },
      loneItem(elements, choices !== undefined, item),
    );
  }
  if (choices)
    return anyOf(
      { enum: [...choices.flatMap(spellings), ...asBooleans(argument.choices!)] },
      { type: "null" },
      ref("template"),
    );
  if (type !== "dict") return ref(type);
  return options
    ? anyOf(optionsSchema(options), { type: "null" }, ref("template"))
    : anyOf(ref(type), { type: "string", pattern: DICT_TEXT });
}

// What is accepted instead of a list: one item, or a string that is split at its commas.
function loneItem(
  elements: Argument["elements"],
  hasChoices: boolean,
  item: JsonSchema,
): JsonSchema {
  if (elements === "int") return WHOLE_NUMBERS;
  return elements === "dict" || hasChoices ? item : { type: ["string", "number", "boolean"] };
}

/**
 * What a mapping of parameters takes: its keys under all their names, and those that it must have.
 */
export function optionsSchema(options: { readonly [name: string]: Argument }): JsonSchema {
  const names = Object.entries(options).map(([name, argument]) => ({
    name,
    argument,
    words: [name, ...(argument.aliases ?? [])],
  }));
  const needed = names.filter(({ argument }) => argument.required);
  const plain = needed.filter(({ words }) => words.length === 1).map(({ name }) => name);
  const either = needed.filter(({ words }) => words.length > 1).map(({ words }) => needsOne(words));
  return {
    type: "object",
    properties: Object.fromEntries(
      names.flatMap(({ argument, words }) => words.map((word) => [word, argumentSchema(argument)])),
    ),
    additionalProperties: false,
    ...defined({
      required: plain.length > 0 ? plain : undefined,
      allOf: either.length > 0 ? either : undefined,
    }),
  };
}

// The booleans that mean a choice: among choices with one word for yes, a bare yes means that word.
function asBooleans(choices: readonly unknown[]): boolean[] {
  return [true, false].filter(
    (value) =>
      choices.filter((choice) => typeof choice === "string" && toBoolean(choice) === value)
        .length === 1,
  );
}

// A choice as YAML may read it: a bare 1 is a number.
function spellings(choice: string | number | boolean): unknown[] {
  if (typeof choice !== "string") return [choice, String(choice)];
  return /^\d+$/.test(choice) ? [choice, Number(choice)] : [choice];
}

// A pattern for a word in small and capital letters, as JSON Schema has no flags.
function anyCase(word: string): string {
  return [...word].map((letter) => `[${letter}${letter.toUpperCase()}]`).join("");
}
