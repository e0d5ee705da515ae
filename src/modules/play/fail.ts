import { TaskFailure } from "../../errors.ts";
import type { Module } from "../contract/module.ts";

/** Fails the host with a message. */
export const fail: Module<{ msg: string }, Record<never, never>> = {
  name: "fail",
  readOnly: true,
  schema: {
    description: "Fails the host with a message; used with `when`.",
    arguments: {
      msg: { type: "str", default: "Failed as requested from task", description: "What is said." },
    },
  },
  observe: () => ({}),
  plan(args) {
    throw new TaskFailure(args.msg);
  },
};
