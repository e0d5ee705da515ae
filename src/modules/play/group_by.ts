import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Puts the host into a group of this run's inventory whose name depends on its variables.",
  example: `name: Group hosts by their system
group_by: {key: "os_{{ ansible_distribution | lower }}"}`,
  returns: ["add_group, parent_groups: the group, and those that hold it"],
  arguments: {
    key: { type: "str", required: true, description: "The group's name; spaces become dashes." },
    parents: {
      type: "list",
      elements: "str",
      default: ["all"],
      description: "Groups that hold this group.",
    },
  },
} as const satisfies Schema;

type GroupByArgs = ArgsOf<typeof schema>;

/** Puts hosts into groups by what is known of them. No host is touched: the plays that follow may be for a group. */
export const group_by: Module<GroupByArgs, Record<never, never>> = {
  name: "group_by",
  ofRun: true,
  readOnly: true,
  schema,
  observe: () => ({}),
  plan: () => null,
  result(args, _state, _outputs, given) {
    const group = args.key.replaceAll(" ", "-");
    return {
      add_group: group,
      parent_groups: args.parents.map((name) => name.replaceAll(" ", "-")),
      changed: !given.inGroup(group),
    };
  },
};
