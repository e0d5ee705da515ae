import { TaskFailure } from "../../errors.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import {
  askText,
  EDIT_ARGUMENTS,
  planEdit,
  presentContent,
  type EditState,
} from "../shared/edit/edit.ts";
import { editIni } from "../shared/edit/ini.ts";
import { fromBytes, toBytes } from "../shared/edit/pattern.ts";
import { backupResult } from "../shared/files/backup.ts";
import { shownState } from "../shared/files/attributes.ts";

const { path, backup, mode, owner, group } = EDIT_ARGUMENTS;

const schema = {
  collection: "community.general",
  description: "Sets or removes an option in a section of an INI file.",
  example: `name: The journal stays below a gigabyte
ini_file: {path: /etc/systemd/journald.conf, section: Journal, option: SystemMaxUse, value: 1G}`,
  returns: [
    "path: as given",
    "msg: what was done",
    "backup_file: where the old content was saved",
    "state, mode, owner, group, uid, gid, size: of the file as it is now",
  ],
  arguments: {
    path: { ...path, aliases: ["dest"] },
    section: { type: "str", description: "The section; without it, the option is before all." },
    option: {
      type: "str",
      description: "The option; without it, the section itself is added or removed.",
    },
    value: { type: "str", description: "The option's value." },
    values: {
      type: "list",
      elements: "str",
      description: "Several values, each in a line of its own.",
    },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether it should exist.",
    },
    exclusive: {
      type: "bool",
      default: true,
      description: "Other values of the option are replaced, or go; else they stay beside.",
    },
    no_extra_spaces: {
      type: "bool",
      default: false,
      description: "Writes no spaces around the sign between option and value.",
    },
    ignore_spaces: {
      type: "bool",
      default: false,
      description: "Keeps a line that differs only in spaces.",
    },
    allow_no_value: {
      type: "bool",
      default: false,
      description: "The option may have no value.",
    },
    modify_inactive_option: {
      type: "bool",
      default: true,
      description: "Takes a line in a comment that has the option as its place.",
    },
    create: { type: "bool", default: true, description: "Creates the file if it does not exist." },
    follow: {
      type: "bool",
      default: false,
      description: "Edits what a link leads to; without it, a link is refused.",
    },
    backup,
    mode,
    owner,
    group,
  },
  mutuallyExclusive: [["value", "values"]],
} as const satisfies Schema;

type IniFileArgs = ArgsOf<typeof schema>;

/** An option in an INI file. */
export const ini_file: Module<IniFileArgs, EditState> = {
  name: "ini_file",
  schema,
  observe: (args) => askText({ ...args, create: true }),
  plan(args, before, controller) {
    const bytes = presentContent(args, before);
    if (before["file"]?.type === "link" && !args.follow)
      throw new TaskFailure(`${args.path} is a link`, "follow: true edits what it leads to");
    if (bytes === undefined && !args.create)
      throw new TaskFailure(`Destination ${args.path} does not exist!`, "create: true creates it");
    const values = args.values ?? (args.value === undefined ? [] : [args.value]);
    const old = fromBytes(bytes ?? "").replace(/^\ufeff/, "");
    const { text, msg } = editIni(old, { ...args, values });
    if (bytes === undefined && text === "") return null;
    const content = bytes !== undefined && text === old ? bytes : toBytes(text);
    const change = planEdit(args, before, { content, msg }, controller);
    return change && { ...change, result: { ...change.result, msg } };
  },
  result: ({ path: name }, { real }, outputs) => ({
    path: name,
    ...shownState(real),
    ...(outputs ? backupResult(outputs) : { msg: "OK" }),
  }),
};
