import { writtenChoices } from "../choices.ts";
import type { Argument, Schema } from "../modules/contract/schema.ts";

/** What `hullwright doc` shows of a module. */
export interface Documented {
  name: string;
  schema: Schema;
}

// One line for each name.
export function renderList(names: ReadonlyMap<string, string>): string[] {
  const width = Math.max(...[...names.keys()].map((name) => name.length));
  return [...names].map(([name, about]) => `${name.padEnd(width)}  ${about}`);
}

// How a filter, test or lookup is written.
export function renderFunction(name: string, form: string): string[] {
  return [name, "", `  ${form}`];
}

// One module whole: what it does, and each parameter with its aliases, type, default and meaning.
export function renderModule({ name, schema }: Documented): string[] {
  const rules = [
    ...(schema.freeForm ? [`free text after the module's name is ${schema.freeForm}`] : []),
    ...(schema.mutuallyExclusive ?? []).map((names) => `at most one of ${names.join(", ")}`),
    ...(schema.requiredOneOf ?? []).map((names) => `at least one of ${names.join(", ")}`),
    ...(schema.requiredIf ?? []).map(
      (rule) => `${rule.if}: ${String(rule.is)} needs ${rule.then.join(", ")}`,
    ),
  ];
  const parameters = [
    ...Object.entries(schema.arguments).flatMap(([key, argument]) =>
      renderArgument(key, argument, ""),
    ),
    ...rules.map((rule) => `  (${rule})`),
  ];
  return [
    `${schema.collection ?? "ansible.builtin"}.${name}`,
    "",
    schema.description,
    ...(parameters.length > 0 ? ["", "Parameters:", ...parameters] : []),
    ...(schema.returns.length > 0
      ? [
          "",
          "What register gets, besides changed, failed, skipped and msg:",
          ...schema.returns.map((line) => `  ${line}`),
        ]
      : []),
    "",
    "Example:",
    ...`- ${schema.example}`
      .split("\n")
      .map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`)),
  ];
}

// A parameter, and the keys of the mappings that it takes.
function renderArgument(name: string, argument: Argument, indent: string): string[] {
  const { type, elements, choices, aliases = [], required, description, options = {} } = argument;
  const typed = elements ? `${type} of ${elements}` : type;
  const takes = [choices ? writtenChoices(choices).join(" | ") : typed];
  if (required) takes.push("required");
  else if (argument.default !== undefined)
    takes.push(`default ${JSON.stringify(argument.default)}`);
  const head = `${indent}  ${[name, ...aliases].join(", ")} (${takes.join(", ")})`;
  return [
    head,
    `${indent}      ${description}`,
    ...Object.entries(options).flatMap(([key, option]) =>
      renderArgument(key, option, `${indent}    `),
    ),
  ];
}
