import { TaskFailure } from "../errors.ts";
import type { Module } from "./module.ts";

/** Fails unless all conditions hold. */
export const assert: Module<{ that: string[]; fail_msg?: string; success_msg?: string; quiet: boolean }, Record<never, never>> = {
  name: "assert",
  readOnly: true,
  schema: {
    description: "Fails the host unless all of the given conditions hold.",
    arguments: {
      that: { type: "expression", required: true, description: "Conditions, as in `when`." },
      fail_msg: { type: "str", aliases: ["msg"], description: "What is said when one does not hold." },
      success_msg: { type: "str", description: "What is said when all hold." },
      quiet: { type: "bool", default: false, description: "Says less in the result." },
    },
  },
  observe: () => ({}),
  plan(args, _before, given) {
    for (const condition of [args.that].flat()) {
      if (!given.holds(condition)) throw new TaskFailure(args.fail_msg ?? "Assertion failed", `it does not hold: ${condition}`);
    }
    return null;
  },
  result: (args) => ({ msg: args.success_msg ?? "All assertions passed" }),
};
