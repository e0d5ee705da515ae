import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description: "Logs in, runs something trivial, and returns pong.",
  example: `name: The host answers
ping:`,
  returns: ["ping: the given data, pong by default"],
  arguments: {
    data: {
      null: "default",
      type: "str",
      default: "pong",
      description: "What to return; crash fails the task.",
    },
  },
} as const satisfies Schema;

/** Shows that the host can be reached, and that work can be done on it. */
export const ping: Module<ArgsOf<typeof schema>, { root: PathState }> = {
  name: "ping",
  readOnly: true,
  schema,
  observe: () => ({ root: statPath("/") }),
  plan(args) {
    if (args.data === "crash") throw new TaskFailure("boom", "data: crash asks for this failure");
    return null;
  },
  result: (args) => ({ ping: args.data }),
};
