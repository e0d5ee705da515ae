import type { MapEntry, MapNode } from "../../yaml/node.ts";
import { joinMaps, mergeInto, named, rawValue } from "./include_vars/nodes.ts";
import { filesBelow } from "./include_vars/select.ts";
import type { Controller, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Reads variables from files on the controller. They take precedence over the variables of tasks, but not over those of set_fact.",
  example: `name: Read the variables of this system
include_vars: "{{ ansible_distribution | lower }}.yml"`,
  reachesNoHost: true,
  returns: ["ansible_facts: the variables", "ansible_included_var_files: the files"],
  arguments: {
    file: {
      type: "path",
      here: true,
      description: "The file, looked for in vars/ of the role and next to the playbook.",
    },
    dir: {
      type: "path",
      here: true,
      description:
        "A directory whose files are all read, in the order of their names: in vars/ of the role, or next to the file of the task.",
    },
    depth: {
      type: "int",
      default: 0,
      description: "How many levels of directories to read, including dir itself; 0: all.",
    },
    files_matching: {
      type: "str",
      description: "Reads only files whose names match this regular expression.",
    },
    ignore_files: {
      type: "list",
      elements: "str",
      default: [],
      description: "Regular expressions; files whose names end with a match are left out.",
    },
    extensions: {
      type: "list",
      elements: "str",
      default: ["json", "yaml", "yml"],
      description: "The file name extensions to read.",
    },
    ignore_unknown_extensions: {
      type: "bool",
      default: false,
      description: "Skips files with other extensions; false makes them an error.",
    },
    name: { type: "str", description: "Puts all of them into one variable with this name." },
    hash_behaviour: {
      null: "default",
      type: "str",
      choices: ["replace", "merge"],
      description: "merge: mappings are merged with the current values of the variables.",
    },
  },
  freeForm: "file",
  // those of a directory say nothing of one file
  mutuallyExclusive: [
    ["file", "dir"],
    ["file", "depth"],
    ["file", "files_matching"],
    ["file", "ignore_files"],
    ["file", "extensions"],
    ["file", "ignore_unknown_extensions"],
  ],
  requiredOneOf: [["file", "dir"]],
} as const satisfies Schema;

type IncludeVarsArgs = ArgsOf<typeof schema>;

/**
 * Reads variables on the controller. They keep their templates, which are
 * rendered where they are used.
 */
export const include_vars: Module<IncludeVarsArgs, Record<never, never>> = {
  name: "include_vars",
  readOnly: true,
  schema,
  observe: () => ({}),
  plan(args, _before, controller) {
    read(args, controller);
    return null;
  },
  result(args, _state, _outputs, controller) {
    const { vars, paths } = read(args, controller);
    return { ansible_facts: rawValue(vars), ansible_included_var_files: paths };
  },
  failed: (message) => ({ message, ansible_facts: {}, ansible_included_var_files: [] }),
  onController: {
    kind: "variables",
    read: (args, controller) =>
      new Map(
        read(args, controller).vars.entries.map(({ key, value }) => [String(key.value), value]),
      ),
  },
};

// All that is read, as one mapping, and from which files.
function read(args: IncludeVarsArgs, controller: Controller): { vars: MapNode; paths: string[] } {
  const names =
    args.dir === undefined
      ? [args.file!.replace(/\n$/, "")]
      : filesBelow(args, controller.varsTree(args.dir));
  const files = names.map((name) => controller.vars(name));
  const whole = joinMaps(files.map(({ vars }) => vars));
  const vars = args.name === undefined ? whole : named(args.name, whole);
  const merge = (entry: MapEntry): MapEntry => ({
    ...entry,
    value: mergeInto(controller.variable(String(entry.key.value)), entry),
  });
  return {
    paths: files.map(({ path }) => path),
    vars: args.hash_behaviour === "merge" ? { ...vars, entries: vars.entries.map(merge) } : vars,
  };
}
