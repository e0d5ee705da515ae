import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Adds a host, and groups, to the inventory of this run. Other parameters become variables of the host.",
  example: `name: Add the new host to the group of workers
add_host: {name: node9.example.org, groups: workers, ansible_user: admin}`,
  reachesNoHost: true,
  returns: ["add_host: the host's name, groups and variables"],
  arguments: {
    name: {
      type: "str",
      required: true,
      aliases: ["host", "hostname"],
      description: "The host's name, optionally with a port.",
    },
    groups: {
      type: "list",
      elements: "str",
      default: [],
      aliases: ["group", "groupname"],
      description: "The groups to add it to; new ones are created.",
    },
  },
  anyArgument: true,
} as const satisfies Schema;

type AddHostArgs = ArgsOf<typeof schema>;

/**
 * Adds a host to the inventory of this run. No host is touched: the plays that
 * follow may be for it.
 */
export const add_host: Module<AddHostArgs, Record<never, never>> = {
  name: "add_host",
  onRun: {
    growsInventory: true,
    isOnce: () => true,
    action: ({ name, groups, ...vars }) => ({ kind: "add_host", host: name, groups, vars }),
  },
  readOnly: true,
  schema,
  observe: () => ({}),
  plan: () => null,
  result(args, _state, _outputs, controller) {
    const { name, groups, ...vars } = args;
    const known = controller.groupsOf(name);
    const isNew =
      known === undefined ||
      groups.some((group) => !known.includes(group)) ||
      Object.entries(vars).some(([key, value]) => !controller.hasVariable(name, key, value));
    return { changed: isNew, add_host: { host_name: name, groups, host_vars: vars } };
  },
};
