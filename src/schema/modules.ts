import { allNames, findModule, moduleNames, type AnyModule } from "../modules/index.ts";
import type { Schema } from "../modules/contract/schema.ts";
import { anyOf, described, needsOne, ref, type JsonSchema } from "./json.ts";
import { argumentSchema, optionsSchema } from "./values.ts";
import { defined } from "../defined.ts";

// All modules by all names that a task may give them; each refers to a definition.
export function moduleProperties(): { [name: string]: JsonSchema } {
  return Object.fromEntries(
    moduleNames().flatMap((name) => {
      const module = findModule(name)!;
      return allNames(name, module.schema.collection).map((word) => [
        word,
        described(ref(definitionOf(module)), firstSentence(module.schema.description)),
      ]);
    }),
  );
}

// The definitions of all modules.
export function moduleDefinitions(): { [name: string]: JsonSchema } {
  const modules = new Set(moduleNames().map((name) => findModule(name)!));
  return Object.fromEntries(
    [...modules].map((module) => [definitionOf(module), argumentsSchema(module.schema)]),
  );
}

function definitionOf({ name }: AnyModule): string {
  return `module_${name}`;
}

// The value after a module's name: a mapping of parameters, or a single string.
function argumentsSchema(schema: Schema): JsonSchema {
  const free = schema.freeForm === undefined ? undefined : schema.arguments[schema.freeForm]!;
  const text = textSchema(free);
  const needs =
    (schema.requiredOneOf ?? []).length > 0 ||
    Object.values(schema.arguments).some(({ required }) => required);
  return anyOf(mappingSchema(schema), text, ...(needs ? [] : [{ type: "null" }]));
}

// The one text: a parameter of its own, or KEY=VALUE words.
function textSchema(free: Schema["arguments"][string] | undefined): JsonSchema {
  if (!free) return { type: "string", pattern: "=|\\{\\{" };
  return free.choices ? argumentSchema(free) : { type: ["string", "number", "boolean"] };
}

// The mapping of parameters, with the rules for which ones must or must not be combined.
function mappingSchema(schema: Schema): JsonSchema {
  const options = optionsSchema(schema.arguments);
  const words = (name: string): string[] => [name, ...(schema.arguments[name]?.aliases ?? [])];
  const rules = [
    ...((options["allOf"] as JsonSchema[] | undefined) ?? []),
    ...(schema.requiredOneOf ?? []).map((names) => needsOne(names.flatMap(words))),
    ...(schema.mutuallyExclusive ?? []).flatMap((names) =>
      pairs(names).map(([one, other]) => ({
        not: { allOf: [givenPlainly(words(one)), givenPlainly(words(other))] },
      })),
    ),
  ];
  return {
    ...options,
    ...defined({
      additionalProperties: schema.anyArgument ? true : undefined,
      allOf: rules.length > 0 ? rules : undefined,
    }),
  };
}

// A parameter is given under one of its names, and not as a template, which may evaluate to `omit`.
function givenPlainly(names: readonly string[]): JsonSchema {
  const isPlain = { not: { type: "string", pattern: "\\{\\{" } };
  return anyOf(...names.map((name) => ({ required: [name], properties: { [name]: isPlain } })));
}

// Every two of them.
function pairs(names: readonly string[]): [string, string][] {
  return names.flatMap((one, i) =>
    names.slice(i + 1).map((other): [string, string] => [one, other]),
  );
}

// The first sentence of a description; a dot inside of a name ends none.
export function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}
