import { InputError, TaskFailure } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { coerceArguments } from "./coerce.ts";
import type { Given, Module } from "./module.ts";
import type { Argument, ArgumentType } from "./schema.ts";

interface ValidateArgs {
  argument_spec: unknown;
  provided_arguments?: unknown;
}

/** Ansible's names of types, and which of ours stands for each. What only Python could judge is taken as it is. */
const TYPES: { readonly [name: string]: ArgumentType } = {
  str: "str", int: "int", float: "float", bool: "bool", path: "path", list: "list", dict: "dict", raw: "raw",
  bytes: "raw", bits: "raw", json: "raw", jsonarg: "raw", sid: "raw",
};

/** Checks values against a specification, as the arguments of modules are checked. */
export const validate_argument_spec: Module<ValidateArgs, Record<never, never>> = {
  name: "validate_argument_spec",
  readOnly: true,
  schema: {
    description: "Checks variables against a specification of arguments, as roles have it.",
    arguments: {
      argument_spec: { type: "raw", required: true, description: "By name: type, required, default, choices, elements, options." },
      provided_arguments: { type: "raw", description: "Values to check; those that are not here are variables of the same name." },
      validate_args_context: { type: "raw", description: "Where the specification comes from, for the result." },
    },
  },
  observe: () => ({}),
  plan(args, _before, given) {
    const errors = findErrors(args, given);
    if (errors.length > 0) throw new TaskFailure(`Validation of arguments failed:\n${errors.join("\n")}`, undefined, { argument_errors: errors });
    return null;
  },
  result: (args) => ({ msg: "The arg spec validation passed", validate_args_context: (args as { validate_args_context?: unknown }).validate_args_context ?? {} }),
};

// All that is wrong, not only the first of it.
function findErrors(args: ValidateArgs, given: Given): string[] {
  const spec = Object.entries(mapping(args.argument_spec, "argument_spec"));
  const provided = mapping(args.provided_arguments ?? {}, "provided_arguments");
  const known = spec.flatMap(([name, attributes]) => [name, ...aliasesOf(attributes)]);
  const unknown = Object.keys(provided).filter((name) => !known.includes(name));
  const errors = unknown.map((name) => `there is no argument "${name}"; ${didYouMean(name, known) ?? `known are ${known.join(", ")}`}`);
  for (const [name, attributes] of spec) {
    const values = [name, ...aliasesOf(attributes)].flatMap((word) => (word in provided ? [[word, provided[word]] as const] : []));
    if (values.length === 0 && /^[A-Za-z_]\w*$/.test(name) && given.holds(`${name} is defined`)) values.push([name, given.evaluate(name)]);
    const problem = errorOf(name, readArgument(name, attributes), new Map(values));
    if (problem !== undefined) errors.push(problem);
  }
  return errors;
}

function errorOf(name: string, argument: Argument, values: ReadonlyMap<string, unknown>): string | undefined {
  try {
    coerceArguments({ description: "", arguments: { [name]: argument } }, "arguments", values);
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message.replace(/^arguments\./, "") + (error.hint ? ` (${error.hint})` : "");
  }
}

// One argument's specification, in our terms.
function readArgument(name: string, value: unknown): Argument {
  const { type, elements, options, ...rest } = mapping(value, `argument_spec.${name}`);
  const nested = options === undefined || options === null ? undefined : Object.entries(mapping(options, `${name}.options`)).map(([key, one]) => [key, readArgument(`${name}.${key}`, one)] as const);
  const kind = typeOf(name, type ?? "str");
  return {
    type: kind, description: "", ...(rest["required"] === true ? { required: true } : {}), ...(rest["default"] === undefined || rest["default"] === null ? {} : { default: rest["default"] }),
    ...(Array.isArray(rest["choices"]) ? { choices: rest["choices"] as string[] } : {}), aliases: aliasesOf(value),
    ...(elements === undefined ? {} : { elements: typeOf(name, elements) }), ...(nested ? { options: Object.fromEntries(nested) } : {}),
  };
}

function typeOf(name: string, type: unknown): ArgumentType {
  const found = TYPES[String(type)];
  if (!found) throw new TaskFailure(`argument_spec.${name}: there is no type "${String(type)}"`, didYouMean(String(type), Object.keys(TYPES)));
  return found;
}

function aliasesOf(attributes: unknown): string[] {
  const aliases = mapping(attributes, "argument_spec")["aliases"];
  return Array.isArray(aliases) ? aliases.map(String) : [];
}

function mapping(value: unknown, what: string): { [name: string]: unknown } {
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as { [name: string]: unknown };
  throw new TaskFailure(`${what} must be a mapping`);
}
