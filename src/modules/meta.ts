import type { Module } from "./module.ts";

/** Acts on the run itself; the planner does what it says. */
export const meta: Module<{ action: string }, Record<never, never>> = {
  name: "meta",
  readOnly: true,
  schema: {
    description: "Acts on the run itself: runs notified handlers now, or ends the host's part.",
    arguments: { action: { type: "str", required: true, choices: ["flush_handlers", "end_host", "end_play", "noop"], description: "What to do." } },
    freeForm: "action",
  },
  observe: () => ({}),
  plan: () => null,
  result: (args) => ({ meta: args.action }),
};
