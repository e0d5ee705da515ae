import { validate_argument_spec } from "../../../src/modules/play/validate_argument_spec.ts";
import type { Case } from "../case.ts";

const spec = {
  port: { type: "int", required: true },
  mode: { choices: ["a", "b"], default: "a" },
  names: { type: "list", elements: "str" },
  tls: { type: "dict", options: { cert: { type: "path", required: true } } },
};
// Variables of the task: what is not here is not defined.
const variables = (values: Record<string, unknown>): object => ({
  holds: (text: string) => text.split(" ")[0]! in values,
  evaluate: (name: string) => values[name],
});

const table: (Omit<Case, "module" | "before" | "given"> & { vars?: Record<string, unknown> })[] = [
  {
    name: "all as specified",
    args: { argument_spec: spec, provided_arguments: { port: "80", names: "x" } },
    expect: { unchanged: true },
  },
  {
    name: "values come from variables too",
    args: { argument_spec: spec },
    vars: { port: 80, tls: { cert: "/x" } },
    expect: { unchanged: true },
  },
  {
    name: "a required one is missing",
    args: { argument_spec: spec },
    expect: { failure: /^Validation of arguments failed:\nmissing required arguments: port$/ },
  },
  {
    name: "a wrong type",
    args: { argument_spec: spec },
    vars: { port: "many" },
    expect: {
      failure:
        /argument 'port' is of type <class 'str'> and we were unable to convert to int: <class 'str'> cannot be converted to an int/,
    },
  },
  {
    name: "everything wrong is said at once",
    args: { argument_spec: spec, provided_arguments: { mode: "c", prot: 1 } },
    expect: {
      failure:
        /missing required arguments: port\nvalue of mode must be one of: a, b, got: c\nprot\. Supported parameters include: mode, names, port, tls\.$/,
    },
  },
  {
    name: "a required key of a mapping",
    args: { argument_spec: spec, provided_arguments: { port: 1, tls: {} } },
    expect: { failure: /\nmissing required arguments: cert found in tls$/ },
  },
  {
    name: "a strange key of a mapping",
    args: { argument_spec: spec, provided_arguments: { port: 1, tls: { cert: "/x", crt: 1 } } },
    expect: { failure: /\ntls\.crt\. Supported parameters include: cert\.$/ },
  },
  {
    name: "no mapping where one is wanted",
    args: { argument_spec: spec, provided_arguments: { port: 1, tls: [1] } },
    expect: {
      failure: /argument 'tls' is of type <class 'list'> and we were unable to convert to dict/,
    },
  },
  {
    name: "lists and mappings are text, as that of Python is",
    args: {
      argument_spec: { a: {}, b: { type: "str" }, c: { type: "list", elements: "path" } },
      provided_arguments: { a: [1], b: { x: 1 }, c: [[1], { q: 1 }] },
    },
    expect: { unchanged: true },
  },
  {
    name: "the text of a list is no choice",
    args: { argument_spec: { x: { choices: ["a", "b"] } }, provided_arguments: { x: ["a"] } },
    expect: { failure: /value of x must be one of: a, b, got: \['a'\]$/ },
  },
  {
    name: "a switch is a number",
    args: {
      argument_spec: { a: { type: "int" }, b: { type: "float" }, c: { type: "list" } },
      provided_arguments: { a: true, b: false, c: true },
    },
    expect: { unchanged: true },
  },
  {
    name: "no whole number",
    args: { argument_spec: { a: { type: "int" } }, provided_arguments: { a: "5.0" } },
    expect: { failure: /'a' is of type <class 'str'> and we were unable to convert to int/ },
  },
  {
    name: "a mapping is no list",
    args: { argument_spec: { a: { type: "list" } }, provided_arguments: { a: { x: 1 } } },
    expect: { failure: /'a' is of type <class 'dict'> and we were unable to convert to list/ },
  },
  {
    name: "a list of which an item is no choice",
    args: {
      argument_spec: { l: { type: "list", elements: "str", choices: ["a", "b"] } },
      provided_arguments: { l: ["a", "c", "d"] },
    },
    expect: { failure: /\nvalue of l must be one or more of: a, b\. Got no match for: c, d$/ },
  },
  {
    name: "an element of a wrong type",
    args: {
      argument_spec: { l: { type: "list", elements: "int" } },
      provided_arguments: { l: [1, "x"] },
    },
    expect: {
      failure:
        /\nElements value for option 'l' is of type <class 'str'> and we were unable to convert to int/,
    },
  },
  {
    name: "a default that is no choice",
    args: { argument_spec: { x: { choices: ["a"], default: "b" } } },
    expect: { failure: /value of x must be one of: a, got: b/ },
  },
  {
    name: "a bare yes among choices",
    args: { argument_spec: { x: { choices: ["yes", "no"] } }, provided_arguments: { x: true } },
    expect: { unchanged: true },
  },
  {
    name: "a type that there is not",
    args: { argument_spec: { x: { type: "integer" } } },
    expect: { failure: /no type "integer"/ },
  },
  {
    name: "no mapping",
    args: { argument_spec: ["x"] },
    expect: { failure: /argument_spec must be a mapping/ },
  },
];

export const cases: Case[] = table.map(({ vars = {}, ...one }) => ({
  ...one,
  module: validate_argument_spec,
  before: {},
  given: variables(vars),
}));
