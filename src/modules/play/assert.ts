import { TaskFailure } from "../../errors.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description: "Fails the host unless all of the given conditions hold.",
  example: `name: The host has memory enough
assert: {that: ansible_memtotal_mb >= 512, fail_msg: too little memory}`,
  returns: ["msg: what was said", "assertion, evaluated_to: what did not hold"],
  arguments: {
    that: { type: "expression", required: true, description: "Conditions, as in `when`." },
    fail_msg: {
      type: "raw",
      aliases: ["msg"],
      description: "What is said when one does not hold.",
    },
    success_msg: { type: "raw", description: "What is said when all hold." },
    quiet: { type: "bool", default: false, description: "Says less in the result." },
  },
} as const satisfies Schema;

/** Fails unless all conditions hold. */
export const assert: Module<ArgsOf<typeof schema>, Record<never, never>> = {
  name: "assert",
  readOnly: true,
  schema,
  observe: () => ({}),
  plan(args, _before, given) {
    for (const condition of [args.that].flat()) {
      if (!given.holds(condition)) throw failure(condition, args.fail_msg ?? "Assertion failed");
    }
    return null;
  },
  result: (args) => ({ msg: args.success_msg ?? "All assertions passed" }),
};

// The failure of one condition, with Ansible's keys.
function failure(assertion: string, message: unknown): TaskFailure {
  const text = Array.isArray(message) ? message.map(String).join("\n") : String(message);
  return new TaskFailure(text, `it does not hold: ${assertion}`, {
    msg: message,
    assertion,
    evaluated_to: false,
  });
}
