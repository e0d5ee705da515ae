import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Adds the host to a group, in the inventory of this run, whose name depends on its variables.",
  example: `name: Group hosts by their system
group_by: {key: "os_{{ ansible_distribution | lower }}"}`,
  reachesNoHost: true,
  returns: ["add_group, parent_groups: the group, and its parent groups"],
  arguments: {
    key: { type: "str", required: true, description: "The group's name; spaces become dashes." },
    parents: {
      type: "list",
      elements: "str",
      default: ["all"],
      description: "The parent groups of this group.",
    },
  },
} as const satisfies Schema;

type GroupByArgs = ArgsOf<typeof schema>;

// Group names have no spaces.
const dashed = (name: string): string => name.replaceAll(" ", "-");

/**
 * Puts hosts into groups by what is known of them. No host is touched: the plays that
 * follow may be for a group.
 */
export const group_by: Module<GroupByArgs, Record<never, never>> = {
  name: "group_by",
  onRun: {
    growsInventory: true,
    isOnce: () => false,
    action: (args) => ({
      kind: "add_group",
      group: dashed(args.key),
      parents: args.parents.map(dashed),
    }),
  },
  readOnly: true,
  schema,
  observe: () => ({}),
  plan: () => null,
  result(args, _state, _outputs, controller) {
    const group = dashed(args.key);
    const parents = args.parents.map(dashed);
    return {
      add_group: group,
      parent_groups: parents,
      changed: !controller.inGroup(group, parents),
    };
  },
};
