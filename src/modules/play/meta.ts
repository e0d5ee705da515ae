import { sh } from "../../script/sh.ts";
import type { Module } from "../contract/module.ts";
import type { Reconnect } from "../contract/controller-step.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

/** A new login sees what tasks have changed for it: groups, limits, the environment. */
const LOG_IN_ANEW: Reconnect = {
  kind: "reconnect",
  delay: 0,
  sleep: 1,
  timeout: 30,
  test: sh`:`,
  what: "the new login",
};

const schema = {
  description:
    "Controls the run itself: runs notified handlers now, or ends the play for the host.",
  example: `name: Run the handlers that have been notified so far
meta: flush_handlers`,
  returns: [],
  arguments: {
    action: {
      type: "str",
      required: true,
      choices: [
        "flush_handlers",
        "end_host",
        "end_batch",
        "end_play",
        "clear_facts",
        "clear_host_errors",
        "refresh_inventory",
        "reset_connection",
        "noop",
      ],
      foreignChoices: ["end_role"],
      description: "What to do.",
    },
  },
  freeForm: "action",
} as const satisfies Schema;

/** What the first host does for all. */
const ONCE: ReadonlySet<unknown> = new Set([
  "end_play",
  "end_batch",
  "clear_facts",
  "clear_host_errors",
  "refresh_inventory",
]);

/** Acts on the run itself; the planner does what it says. */
export const meta: Module<ArgsOf<typeof schema>, Record<never, never>> = {
  name: "meta",
  onRun: {
    growsInventory: false,
    isOnce: (written) => ONCE.has(written("action")),
    action: ({ action }) => ({ kind: action }),
  },
  readOnly: true,
  schema,
  observe: () => ({}),
  plan: ({ action }) =>
    action === "reset_connection"
      ? { after: {}, steps: [], runner: LOG_IN_ANEW, diff: [], silent: true }
      : null,
  result: () => ({}),
};
