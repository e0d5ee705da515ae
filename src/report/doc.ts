import type { Argument, Schema } from "../modules/schema.ts";

/** What `hullwright doc` shows of a module. */
export interface Documented {
  name: string;
  collection?: string;
  schema: Schema;
}

// One line a module.
export function renderModuleList(modules: readonly Documented[]): string[] {
  const width = Math.max(...modules.map(({ name }) => name.length));
  return modules.map(({ name, schema }) => `${name.padEnd(width)}  ${/^[^.]*\./.exec(schema.description)?.[0] ?? schema.description}`);
}

// One module whole: what it does, and each parameter with its aliases, type, default and meaning.
export function renderModule({ name, collection = "ansible.builtin", schema }: Documented): string[] {
  const rules = [
    ...(schema.freeForm ? [`text behind the module's name is ${schema.freeForm}`] : []),
    ...(schema.mutuallyExclusive ?? []).map((names) => `at most one of ${names.join(", ")}`),
    ...(schema.requiredOneOf ?? []).map((names) => `at least one of ${names.join(", ")}`),
    ...(schema.requiredIf ?? []).map((rule) => `${rule.if}: ${String(rule.is)} needs ${rule.then.join(", ")}`),
  ];
  return [`${collection}.${name}`, "", schema.description, "", ...Object.entries(schema.arguments).flatMap(([key, argument]) => renderArgument(key, argument, "")), ...rules.map((rule) => `  (${rule})`)];
}

// A parameter, and the keys of the mappings that it takes.
function renderArgument(name: string, argument: Argument, indent: string): string[] {
  const { type, elements, choices, aliases = [], required, description, options = {} } = argument;
  const takes = choices ? choices.join(" | ") : elements ? `${type} of ${elements}` : type;
  const fallback = required ? ", required" : argument.default === undefined ? "" : `, default ${JSON.stringify(argument.default)}`;
  const head = `${indent}  ${[name, ...aliases].join(", ")} (${takes}${fallback})`;
  return [head, `${indent}      ${description}`, ...Object.entries(options).flatMap(([key, option]) => renderArgument(key, option, `${indent}    `))];
}
