import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  collection: "hullwright.journal",
  description:
    "Used in a rescue: undoes what its block has done on this host, the newest change first, then fails the host with the reason why the block failed.",
  example: `name: Put back what was there
rollback:`,
  returns: [],
  arguments: {
    undo: {
      type: "bool",
      default: true,
      description:
        "With false, nothing is undone, and the host fails with the reason all the same.",
    },
  },
} as const satisfies Schema;

/** Takes back what a block has done; the planner does it, which knows what that was. */
export const rollback: Module<ArgsOf<typeof schema>, Record<never, never>> = {
  name: "rollback",
  onRun: {
    growsInventory: false,
    isOnce: () => false,
    action: ({ undo }) => ({ kind: "rollback", undo }),
  },
  readOnly: true,
  schema,
  observe: () => ({}),
  plan: () => null,
  result: () => ({}),
};
