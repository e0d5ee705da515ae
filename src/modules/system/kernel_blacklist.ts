import { TaskFailure } from "../../errors.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { askText, planEdit, presentContent, type EditState } from "../shared/edit/edit.ts";
import { splitLines } from "../shared/edit/line.ts";
import { fromBytes } from "../shared/edit/pattern.ts";

const schema = {
  collection: "community.general",
  description:
    "Keeps the kernel from loading a module by itself, by a line in a file of modprobe. A module that is loaded stays loaded: see modprobe.",
  example: `name: The driver of the vendor is used
kernel_blacklist: {name: nouveau}`,
  returns: [
    "is_blacklisted: whether the file has the module",
    "filename, lines: the file, and its lines",
    "name, state: as in the task",
  ],
  arguments: {
    name: { type: "str", required: true, description: "The kernel module." },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether the file has the module.",
    },
    blacklist_file: {
      type: "path",
      default: "/etc/modprobe.d/blacklist-ansible.conf",
      description: "The file.",
    },
  },
} as const satisfies Schema;

type BlacklistArgs = ArgsOf<typeof schema>;

/** A module that the kernel does not load by itself. */
export const kernel_blacklist: Module<BlacklistArgs, EditState> = {
  name: "kernel_blacklist",
  schema,
  observe(args) {
    if (!/^[\w-]+$/.test(args.name))
      throw new TaskFailure(`"${args.name}" is not the name of a kernel module`, "as in nouveau");
    return askText(editOf(args));
  },
  plan(args, before, controller) {
    const lines = linesOf(args, before);
    if (lines.some(names(args)) === (args.state === "present")) return null;
    const wanted =
      args.state === "present"
        ? [...lines, `blacklist ${args.name}`]
        : lines.filter((line) => !names(args)(line));
    const content = wanted.map((line) => `${line}\n`).join("");
    return planEdit(editOf(args), before, { content, msg: "" }, controller);
  },
  result(args, state) {
    const lines = linesOf(args, state);
    return {
      name: args.name,
      state: args.state,
      filename: args.blacklist_file,
      lines: lines.map(fromBytes),
      is_blacklisted: lines.some(names(args)),
    };
  },
};

function editOf({ blacklist_file: path }: BlacklistArgs): Parameters<typeof planEdit>[0] {
  return { path, create: true, backup: false };
}

// The file's lines, without blanks at their ends; a file that is not there has none.
function linesOf(args: BlacklistArgs, state: EditState): string[] {
  const text = presentContent(editOf(args), state) ?? "";
  return splitLines(text).map((line) => line.trimEnd());
}

// Whether a line names the module.
function names({ name }: BlacklistArgs): (line: string) => boolean {
  return (line) => new RegExp(`^\\s*blacklist\\s+${name}$`).test(line);
}
