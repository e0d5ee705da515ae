import { standardEnvironment } from "../jinja/template.ts";
import { allNames } from "../modules/index.ts";
import type { Form } from "../playbook/keywords/types.ts";
import { KEYWORDS, type KeywordOwner } from "../playbook/keywords/keywords.ts";
import { DESCRIPTIONS } from "./descriptions.ts";
import { includeProperties } from "./includes.ts";
import { anyOf, described, needsOne, ref, type JsonSchema } from "./json.ts";
import { moduleDefinitions, moduleProperties } from "./modules.ts";
import { VALUES } from "./values.ts";
import { fromKeys, mapValues } from "../records.ts";

const NAME = { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$" };
const IMPORTS = allNames("import_playbook");
const NAMES = { type: ["string", "number"] };

const SIZE = anyOf(
  { type: "integer", minimum: 0 },
  { type: "string", pattern: "^[0-9]+%?$" },
  ref("template"),
);

/** What `environment` sets at once: a mapping, or nothing. */
const ENVIRONMENT = anyOf(ref("dict"), { type: "null" });

/** How the forms of keywords look in JSON. */
const FORMS: { readonly [form in Form]: JsonSchema } = {
  any: {},
  text: ref("str"),
  variable: NAME,
  bool: ref("bool"),
  number: anyOf(
    { type: "number" },
    { type: "string", pattern: "^[0-9]+([.][0-9]+)?%?$" },
    ref("template"),
  ),
  sizes: anyOf(SIZE, { type: "array", items: SIZE, minItems: 1 }),
  map: ref("dict"),
  vars: anyOf({ type: ["object", "null"], propertyNames: NAME }, ref("template")),
  environment: anyOf(ENVIRONMENT, { type: "array", items: ENVIRONMENT }),
  list: { type: "array" },
  words: anyOf(
    { type: ["string", "number", "boolean", "null"] },
    { type: "array", items: { type: ["string", "number", "boolean"] } },
  ),
  conditions: ref("expression"),
  items: anyOf({ type: "array", items: ref("item") }, { type: "null" }),
  hosts: anyOf(NAMES, { type: "array", items: NAMES, minItems: 1 }),
  loop: anyOf({ type: "array" }, ref("template")),
};

/** Keywords whose values are more than their form says. */
const SPECIAL: { readonly [owner in KeywordOwner]?: { readonly [name: string]: JsonSchema } } = {
  block: { block: { type: "array", items: ref("item") } },
  play: {
    roles: anyOf({ type: "array", items: ref("role") }, { type: ["string", "null"] }),
    vars_files: anyOf(
      { type: ["string", "null"] },
      {
        type: "array",
        items: anyOf({ type: "string" }, { type: "array", items: { type: "string" } }),
      },
    ),
  },
};

// The JSON Schema of a playbook.
export function playbookSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A playbook for Hullwright",
    type: "array",
    minItems: 1,
    items: {
      if: { type: "object", ...needsOne(IMPORTS) },
      then: ref("import_playbook"),
      else: ref("play"),
    },
    definitions: { ...VALUES, ...moduleDefinitions(), ...PARTS },
  };
}

// The keywords of one owner.
function keywords(owner: KeywordOwner): { [name: string]: JsonSchema } {
  const table: { readonly [name: string]: Form } = KEYWORDS[owner];
  return mapValues(table, (form, name) =>
    described(SPECIAL[owner]?.[name] ?? FORMS[form], DESCRIPTIONS[name]),
  );
}

// with_NAME for every lookup there is.
function loops(): { [name: string]: JsonSchema } {
  return Object.fromEntries(
    [...standardEnvironment().lookups.keys()].map((name) => [`with_${name}`, {}]),
  );
}

// A task: keywords, and one key that says what is done.
function taskSchema(): JsonSchema {
  const actions = { ...includeProperties(keywords("block")), ...moduleProperties() };
  return {
    type: "object",
    properties: { ...keywords("task"), ...loops(), ...actions },
    additionalProperties: false,
    oneOf: Object.keys(actions).map((name) => ({ required: [name] })),
  };
}

/** The parts of a playbook. */
const PARTS: { readonly [name: string]: JsonSchema } = {
  play: {
    type: "object",
    properties: keywords("play"),
    additionalProperties: false,
    required: ["hosts"],
  },
  import_playbook: {
    type: "object",
    properties: {
      ...fromKeys(IMPORTS, () => ({ type: "string" })),
      ...fromKeys(["name", "vars", "when", "tags"], (name) => keywords("block")[name]!),
    },
    additionalProperties: false,
  },
  role: anyOf(
    { type: "string" },
    {
      type: "object",
      properties: { ...keywords("block"), role: { type: "string" }, name: { type: "string" } },
      ...needsOne(["role", "name"]),
    },
  ),
  item: {
    if: { type: "object", ...needsOne(["block", "rescue", "always"]) },
    then: ref("block"),
    else: ref("task"),
  },
  block: {
    type: "object",
    properties: keywords("block"),
    additionalProperties: false,
    required: ["block"],
  },
  task: taskSchema(),
};
