import { toBoolean } from "../../boolean.ts";
import { InputError } from "../../errors.ts";
import { kindName, type ScalarNode, type YamlNode } from "../../yaml/node.ts";
import { checkVariableName } from "./variable-name.ts";
import { mapValues } from "../../records.ts";

/** How a keyword's value is written. */
export type Form =
  | "any"
  | "text"
  | "bool"
  | "number"
  | "map"
  | "list"
  | "words"
  | "conditions"
  | "items"
  | "hosts"
  | "loop"
  | "vars"
  | "environment"
  | "variable"
  | "sizes";

/** What each form is called, and how it may look whatever its templates give. */
const FORMS: {
  readonly [form in Form]: { wanted: string; fits(node: YamlNode, name: string): boolean };
} = {
  any: { wanted: "", fits: () => true },
  text: {
    wanted: "text",
    fits: (node, name) => node.kind === "scalar" && (node.value !== null || name === "name"),
  },
  variable: {
    wanted: "the name of a variable",
    fits: (node) => node.kind === "scalar" && node.value !== null,
  },
  bool: {
    wanted: "true or false",
    fits: (node) => node.kind === "scalar" && (isTemplate(node) || isBool(node)),
  },
  number: {
    wanted: "a number",
    fits: (node) =>
      node.kind === "scalar" && (isTemplate(node) || /^\d+(\.\d+)?%?$/.test(String(node.value))),
  },
  sizes: {
    wanted: "a number, a percentage, or a list of them",
    fits: (node) =>
      node.kind === "seq" ? node.items.length > 0 && node.items.every(isSize) : isSize(node),
  },
  map: { wanted: "a mapping", fits: isMap },
  vars: { wanted: "a mapping", fits: isMap },
  environment: {
    wanted: "a mapping of names to values",
    fits: (node) =>
      isMap(node) ||
      isTemplate(node) ||
      (node.kind === "seq" && node.items.every((item) => isMap(item) || isTemplate(item))),
  },
  list: { wanted: "a list", fits: (node) => node.kind === "seq" },
  words: {
    wanted: "a name or a list of names",
    fits: (node, name) =>
      node.kind === "scalar" ||
      (node.kind === "seq" &&
        node.items.every(
          (item) => item.kind === "scalar" || (item.kind === "seq" && name === "vars_files"),
        )),
  },
  conditions: { wanted: "an expression or a list of expressions", fits: isScalars },
  items: {
    wanted: "a list of tasks",
    fits: (node, name) =>
      node.kind === "seq" || (node.kind === "scalar" && node.value === null && name !== "block"),
  },
  hosts: {
    wanted: "a pattern of hosts or a list of patterns",
    fits: (node) =>
      isScalars(node) &&
      (node.kind === "seq" ? node.items.length > 0 : node.kind === "scalar" && node.value !== null),
  },
  loop: { wanted: "a list", fits: (node) => node.kind === "seq" || isTemplate(node) },
};

/** The names of the types for people; "" if any value is allowed. */
export const FORM_NAMES: { readonly [form in Form]: string } = mapValues(
  FORMS,
  ({ wanted }) => wanted,
) as { [form in Form]: string };

// Refuses a value whose YAML form cannot be right, whatever its template gives.
export function checkForm(name: string, form: Form, value: YamlNode): void {
  const { wanted, fits } = FORMS[form];
  if (!fits(value, name))
    throw new InputError(
      `"${name}" takes ${wanted}, but here it is ${describeNode(value)}`,
      value.place,
      mendOf(form, value),
    );
  if (form === "vars" && value.kind === "map")
    for (const { key } of value.entries) checkVariableName(key);
  if (form === "variable" && value.kind === "scalar") checkVariableName(value);
}

// The hint for a value of the wrong type.
function mendOf(form: Form, value: YamlNode): string | undefined {
  const text = value.kind === "scalar" ? String(value.value) : undefined;
  if (form === "conditions") return "write it as text: when: a == b";
  if (form === "items") return "begin each task with a dash";
  if (form === "hosts") return 'write "all", or a group of the inventory';
  if (form === "loop" && value.kind === "map")
    return "for a mapping, loop over {{ x | dict2items }}";
  if (form === "loop" && text !== undefined && /^[A-Za-z_]\w*$/.test(text))
    return `if it is a variable, write "{{ ${text} }}"; for a single item, write [${text}]`;
  return form === "vars" && text !== undefined && text.includes("=")
    ? "write each as name: value, on a line of its own"
    : undefined;
}

// A single value as written, else what kind it is of.
function describeNode(node: YamlNode): string {
  return node.kind === "scalar" && node.value !== null && String(node.value).length < 60
    ? `"${String(node.value)}"`
    : kindName(node);
}

function isMap(node: YamlNode): boolean {
  return node.kind === "map" || isTemplate(node) || (node.kind === "scalar" && node.value === null);
}

function isScalars(node: YamlNode): boolean {
  return (
    node.kind === "scalar" ||
    (node.kind === "seq" && node.items.every((item) => item.kind === "scalar"))
  );
}

function isTemplate(node: YamlNode): boolean {
  return node.kind === "scalar" && typeof node.value === "string" && node.value.includes("{{");
}

function isSize(node: YamlNode): boolean {
  return node.kind === "scalar" && (isTemplate(node) || /^\d+%?$/.test(String(node.value)));
}

// What YAML or a person may write for a boolean; nothing at all counts as not set.
function isBool(node: ScalarNode): boolean {
  return node.value === null || toBoolean(node.value) !== undefined;
}
