import { TaskFailure } from "../../errors.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { messageText } from "./message-text.ts";

const schema = {
  description: "Fails the host unless all of the given conditions hold.",
  example: `name: Check that there is enough memory
assert: {that: ansible_memtotal_mb >= 512, fail_msg: too little memory}`,
  reachesNoHost: true,
  returns: ["msg: the message", "assertion, evaluated_to: the condition that was false"],
  arguments: {
    that: { type: "expression", required: true, description: "Conditions, as in `when`." },
    fail_msg: {
      type: "raw",
      aliases: ["msg"],
      description: "The message if one is false.",
    },
    success_msg: { type: "raw", description: "The message if all are true." },
    quiet: { type: "bool", default: false, description: "Returns fewer keys." },
  },
} as const satisfies Schema;

/** Fails unless all conditions hold. */
export const assert: Module<ArgsOf<typeof schema>, Record<never, never>> = {
  name: "assert",
  readOnly: true,
  schema,
  observe: () => ({}),
  plan(args, _before, controller) {
    for (const condition of [args.that].flat()) {
      if (!controller.holds(condition))
        throw failure(condition, args.fail_msg ?? "Assertion failed");
    }
    return null;
  },
  result: (args) => ({ msg: args.success_msg ?? "All assertions passed" }),
};

// The failure of one condition, with Ansible's keys.
function failure(assertion: string, message: unknown): TaskFailure {
  return new TaskFailure(messageText(message), `this condition is false: ${assertion}`, {
    msg: message,
    assertion,
    evaluated_to: false,
  });
}
