import { findModule, moduleNames, type AnyModule } from "../../src/modules/index.ts";
import { writtenChoice, writtenChoices } from "../../src/choices.ts";
import type { Argument, ArgumentType, Schema } from "../../src/modules/contract/schema.ts";

// What the types are called for people who write plays.
const TYPES: Record<ArgumentType, string> = {
  str: "text", int: "whole number", float: "number", bool: "yes or no", path: "path", list: "list", dict: "mapping", raw: "any value", mode: "mode", expression: "expression",
};

// The reference of all modules, as Markdown.
export function modulesPage(): string {
  const modules = [...new Set(moduleNames().map((name) => findModule(name)!))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const list = modules.map((module) => `- [${module.name}](#${module.name}): ${firstSentence(module.schema.description)}`);
  return [
    "# Modules", "",
    "<!-- Written by `npm run docs` from src/modules; change it there. -->", "",
    "What a task can do. Names, parameters and meaning are Ansible's where Ansible has the module; a parameter that is",
    "not listed here is refused when the playbook is read.", "",
    ...list, "",
    ...modules.flatMap(moduleSection),
  ].join("\n");
}

function moduleSection(module: AnyModule): string[] {
  const { schema } = module;
  const full = `${schema.collection ?? "ansible.builtin"}.${module.name}`;
  const aliases = moduleNames().filter((name) => name !== module.name && findModule(name) === module);
  const names = [`\`${full}\``, ...aliases.map((name) => `also \`${name}\``)].join(", ");
  const rows = Object.entries(schema.arguments).flatMap(([name, argument]) => argumentRows(name, argument));
  const table = rows.length > 0 ? ["| Parameter | Takes | Default | |", "|---|---|---|---|", ...rows, ""] : [];
  const result = schema.returns.length > 0 ? ["`register` gets, besides `changed`, `failed`, `skipped` and `msg`:", "", ...schema.returns.map((line) => `- ${line}`), ""] : [];
  const example = ["```yaml", ...`- ${schema.example}`.split("\n").map((line, index) => (index === 0 ? line : `  ${line}`)), "```", ""];
  return [`## ${module.name}`, "", names, "", schema.description, "", ...table, ...ruleLines(schema), ...result, ...example];
}

// One row a parameter, and one for each key of the mappings that it takes.
function argumentRows(name: string, argument: Argument): string[] {
  const { aliases = [], required, description, options = {} } = argument;
  const names = [`\`${name}\``, ...aliases.map((alias) => `\`${alias}\``)].join(", ");
  const optional = argument.default === undefined ? "" : code(argument.default);
  const fallback = required ? "**required**" : optional;
  const row = `| ${names} | ${takes(argument)} | ${fallback} | ${cell(description)} |`;
  return [row, ...Object.entries(options).flatMap(([key, option]) => argumentRows(`${name}.${key}`, option))];
}

function takes({ type, elements, choices, expression }: Argument): string {
  if (expression) return TYPES.expression;
  if (choices) return writtenChoices(choices).map(code).join(", ");
  return elements ? `${TYPES[type]} of ${TYPES[elements]}` : TYPES[type];
}

// What must and must not stand together.
function ruleLines(schema: Schema): string[] {
  const words = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");
  const lines = [
    ...(schema.freeForm ? [`- Text after the module's name is \`${schema.freeForm}\`.`] : []),
    ...(schema.anyArgument ? ["- Takes any other parameter."] : []),
    ...(schema.mutuallyExclusive ?? []).map((names) => `- At most one of ${words(names)}.`),
    ...(schema.requiredOneOf ?? []).map((names) => (names.length > 1 ? `- At least one of ${words(names)}.` : `- ${words(names)} is required.`)),
    ...(schema.requiredIf ?? []).map((rule) => `- With \`${rule.if}: ${rule.is}\`: ${words(rule.then)}.`),
  ];
  return lines.length > 0 ? [...lines, ""] : [];
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text;
}

function code(value: unknown): string {
  return `\`${cell(typeof value === "string" ? writtenChoice(value) || '""' : JSON.stringify(value))}\``;
}

// Text that may stand in a table.
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
