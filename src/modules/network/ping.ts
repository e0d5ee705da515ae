import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import type { Module } from "../contract/module.ts";

/** Shows that the host can be reached, and that work can be done on it. */
export const ping: Module<{ data: string }, { root: PathState }> = {
  name: "ping",
  readOnly: true,
  schema: {
    description: "Logs in, asks the host something small, and answers pong.",
    arguments: {
      data: {
        type: "str",
        default: "pong",
        description: "What is answered; crash fails the task.",
      },
    },
  },
  observe: () => ({ root: statPath("/") }),
  plan(args) {
    if (args.data === "crash") throw new TaskFailure("boom", "data: crash asks for this failure");
    return null;
  },
  result: (args) => ({ ping: args.data }),
};
