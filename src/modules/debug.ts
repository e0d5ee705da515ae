import type { Given, Module } from "./module.ts";

/** Prints a message or the value of an expression. */
export const debug: Module<{ msg?: unknown; var?: string; verbosity: number }, Record<never, never>> = {
  name: "debug",
  readOnly: true,
  schema: {
    description: "Prints a message, or the value of a variable or expression.",
    arguments: {
      msg: { type: "raw", description: "The message." },
      var: { type: "expression", description: "A variable or expression whose value is printed." },
      verbosity: { type: "int", default: 0, description: "Prints only with at least so many -v." },
    },
    mutuallyExclusive: [["msg", "var"]],
  },
  observe: () => ({}),
  plan(args, _before, given) {
    if (args.var !== undefined) valueOf(args.var, given);
    return null;
  },
  result(args, _state, _outputs, given) {
    if (args.var !== undefined) return { [args.var]: valueOf(args.var, given) };
    return { msg: args.msg ?? "Hello world!" };
  },
  shows({ changed: _changed, failed: _failed, ...rest }) {
    return Object.keys(rest).length === 1 && "msg" in rest ? rest["msg"] : rest;
  },
};

// The value of an expression; what is not there is said in Ansible's words and fails nothing.
function valueOf(expression: string, given: Given): unknown {
  return given.evaluate(`(${expression}) is defined`) === true ? given.evaluate(expression) : "VARIABLE IS NOT DEFINED!";
}
