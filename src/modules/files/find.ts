import { command } from "../../probes/command.ts";
import { schema } from "./find/schema.ts";
import { ask } from "../../probes/probe.ts";
import { findScript } from "./find/question.ts";
import { readFound, select } from "./find/select.ts";
import type { Module } from "../contract/module.ts";
import type { FindArgs } from "./find/schema.ts";

/**
 * Files of the host that have something in common. It waits for all changes before
 * it, as those may make files.
 */
export const find: Module<FindArgs, Record<never, never>> = {
  name: "find",
  readOnly: true,
  schema,
  observe: () => ({}),
  probe(args) {
    select(args, readFound("\n//now 0"));
    return ask(command, { script: findScript(args).sh, isTimed: false });
  },
  plan: () => null,
  result: (args, _state, outputs) => (outputs ? select(args, readFound(outputs[0]!.stdout)) : {}),
};
