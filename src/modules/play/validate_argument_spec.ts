import { TaskFailure } from "../../errors.ts";
import { argumentErrors, mappingOf } from "../contract/argument-errors.ts";
import type { Controller, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description: "Checks variables against an argument specification, like those of roles.",
  example: `name: Check the variables
validate_argument_spec:
  argument_spec: {port: {type: int, required: true}}
  provided_arguments: {port: 80}`,
  reachesNoHost: true,
  returns: [
    "argument_errors: the errors",
    "argument_spec_data: the specification, if there are errors",
    "msg: all errors in one text",
    "validate_args_context: where the specification comes from",
  ],
  arguments: {
    argument_spec: {
      type: "raw",
      required: true,
      description: "By name: type, required, default, choices, elements, options.",
    },
    provided_arguments: {
      type: "raw",
      description: "The values to check; by default the variables of the same names.",
    },
    validate_args_context: {
      type: "raw",
      description: "Where the specification comes from, for the result.",
    },
  },
} as const satisfies Schema;

type ValidateArgs = ArgsOf<typeof schema>;

/** Checks values against a specification, as the arguments of modules are checked. */
export const validate_argument_spec: Module<ValidateArgs, Record<never, never>> = {
  name: "validate_argument_spec",
  readOnly: true,
  schema,
  observe: () => ({}),
  plan(args, _before, controller) {
    const errors = findErrors(args, controller);
    if (errors.length > 0)
      throw new TaskFailure(`Validation of arguments failed:\n${errors.join("\n")}`, undefined, {
        argument_errors: errors,
        argument_spec_data: args.argument_spec,
        validate_args_context: contextOf(args),
      });
    return null;
  },
  result: (args) => ({
    msg: "The arg spec validation passed",
    validate_args_context: contextOf(args),
  }),
};

function contextOf({ validate_args_context = {} }: ValidateArgs): unknown {
  return validate_args_context;
}

// All that is wrong, not only the first of it. What is not given is looked for among
// the variables of the task.
function findErrors(args: ValidateArgs, controller: Controller): string[] {
  const spec = mappingOf(args.argument_spec, "argument_spec");
  const variables = Object.keys(spec)
    .filter((name) => /^[A-Za-z_]\w*$/.test(name) && controller.holds(`${name} is defined`))
    .map((name) => [name, controller.evaluate(name)]);
  return argumentErrors(spec, {
    ...(Object.fromEntries(variables) as object),
    ...mappingOf(args.provided_arguments ?? {}, "provided_arguments"),
  });
}
