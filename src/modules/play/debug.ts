import type { Controller, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const NOT_DEFINED = "VARIABLE IS NOT DEFINED!";

const schema = {
  description: "Prints a message, or the value of a variable or expression.",
  example: `name: Say where we are
debug: {msg: "this is {{ inventory_hostname }}"}`,
  reachesNoHost: true,
  returns: ["msg, or the variable's name: what was printed"],
  arguments: {
    msg: { null: "kept", type: "raw", description: "The message." },
    var: {
      null: "kept",
      type: "raw",
      expression: true,
      description: "A variable or expression to print the value of.",
    },
    verbosity: { type: "int", default: 0, description: "Prints only with at least this many -v." },
  },
  mutuallyExclusive: [["msg", "var"]],
} as const satisfies Schema;

/** Prints a message or the value of an expression. */
export const debug: Module<ArgsOf<typeof schema>, Record<never, never>> = {
  name: "debug",
  readOnly: true,
  schema,
  observe: () => ({}),
  plan(args, _before, controller) {
    if (args.var !== undefined && isWanted(args, controller)) valueOf(args.var, controller);
    return null;
  },
  result(args, _state, _outputs, controller) {
    if (!isWanted(args, controller))
      return { skipped: true, skipped_reason: "Verbosity threshold not met." };
    if (args.var !== undefined) return { [nameOf(args.var)]: valueOf(args.var, controller) };
    return { msg: args.msg === undefined ? "Hello world!" : args.msg };
  },
  onController: {
    kind: "message",
    text: ({ changed: _changed, failed: _failed, ...rest }) =>
      Object.keys(rest).length === 1 && "msg" in rest ? rest["msg"] : rest,
  },
};

// Whether the run was asked to say as much as this task wants.
function isWanted({ verbosity }: { verbosity: number }, controller: Controller): boolean {
  return (
    verbosity <= 0 || Number(controller.evaluate("ansible_verbosity | default(0)")) >= verbosity
  );
}

// The value of an expression; an undefined one is shown in Ansible's words and fails nothing. A
// value that a template has produced no longer names anything.
function valueOf(expression: unknown, controller: Controller): unknown {
  if (typeof expression !== "string") return NOT_DEFINED;
  return controller.evaluate(`(${expression}) is defined`) === true
    ? controller.evaluate(expression)
    : NOT_DEFINED;
}

// The key under which a value is shown: the expression; for what is none, Ansible shows
// Python's name of its type.
function nameOf(expression: unknown): string {
  if (Array.isArray(expression)) return "<class 'list'>";
  return typeof expression === "object" && expression !== null
    ? "<class 'dict'>"
    : String(expression);
}
