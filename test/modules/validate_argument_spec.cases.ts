import type { AnyModule } from "../../src/modules/index.ts";
import { validate_argument_spec } from "../../src/modules/validate_argument_spec.ts";
import type { Case } from "./case.ts";

const spec = {
  port: { type: "int", required: true }, mode: { choices: ["a", "b"], default: "a" }, names: { type: "list", elements: "str" },
  tls: { type: "dict", options: { cert: { type: "path", required: true } } },
};
// Variables of the task: what is not here is not defined.
const variables = (values: Record<string, unknown>): object => ({ holds: (text: string) => text.split(" ")[0]! in values, evaluate: (name: string) => values[name] });

const table: (Omit<Case, "module" | "before" | "given"> & { vars?: Record<string, unknown> })[] = [
  { name: "all as specified", args: { argument_spec: spec, provided_arguments: { port: "80", names: "x" } }, expect: { unchanged: true } },
  { name: "values come from variables too", args: { argument_spec: spec }, vars: { port: 80, tls: { cert: "/x" } }, expect: { unchanged: true } },
  { name: "a required one is missing", args: { argument_spec: spec }, expect: { failure: /needs "port"/ } },
  { name: "a wrong type", args: { argument_spec: spec }, vars: { port: "many" }, expect: { failure: /port takes a whole number/ } },
  { name: "everything wrong is said at once", args: { argument_spec: spec, provided_arguments: { mode: "c", prot: 1 } }, expect: { failure: /no argument "prot".*port[\s\S]*needs "port"[\s\S]*mode cannot be "c"/ } },
  { name: "a required key of a mapping", args: { argument_spec: spec, provided_arguments: { port: 1, tls: {} } }, expect: { failure: /tls needs "cert"/ } },
  { name: "a type that there is not", args: { argument_spec: { x: { type: "integer" } } }, expect: { failure: /no type "integer"/ } },
  { name: "no mapping", args: { argument_spec: ["x"] }, expect: { failure: /argument_spec must be a mapping/ } },
];

export const cases: Case[] = table.map(({ vars = {}, ...one }) => ({ ...one, module: validate_argument_spec as unknown as AnyModule, before: {}, given: variables(vars) }));
