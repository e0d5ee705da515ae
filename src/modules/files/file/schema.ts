import { ATTRIBUTE_ARGUMENTS } from "../../shared/files/attributes.ts";
import type { ArgsOf, Schema } from "../../contract/schema.ts";

export const schema = {
  description:
    "Creates, changes or removes files, directories and links, and sets their owner and permissions.",
  example: `name: Create the directory of the application
file: {path: /srv/app, state: directory, owner: root, mode: "0755"}`,
  returns: [
    "path, or dest and src of links",
    "state, mode, owner, group, uid, gid, size: of the file as it is now",
  ],
  arguments: {
    path: {
      type: "path",
      required: true,
      aliases: ["dest", "name"],
      description: "The path on the host.",
    },
    state: {
      type: "str",
      choices: ["file", "directory", "link", "hard", "absent", "touch"],
      description:
        "What the path should be. file: an existing file, whose attributes are set; directory: a directory, with its parents; link, hard: a link to src; absent: nothing, with everything below removed; touch: a file, with the current time. By default what it is now, or file.",
    },
    src: {
      type: "path",
      asWritten: { unless: "state", is: "hard" },
      description:
        "The target of a link, relative to the directory of the link if it is not absolute; that of a hard link is a path like any other.",
    },
    ...ATTRIBUTE_ARGUMENTS,
    recurse: {
      type: "bool",
      default: false,
      description:
        "Sets the attributes of everything below a directory too. Links below it get the owner; what they lead to is left alone, as it may be anything.",
    },
    follow: {
      type: "bool",
      default: true,
      description: "Sets the attributes of a link's target.",
    },
    force: {
      type: "bool",
      default: false,
      description:
        "Creates a link even if src does not exist, or replaces a file or an empty directory with it.",
    },
    modification_time: {
      null: "default",
      type: "str",
      choices: ["preserve", "now"],
      description: "With touch: keeps the time of the last change, or sets it to now.",
    },
    access_time: {
      null: "default",
      type: "str",
      choices: ["preserve", "now"],
      description: "With touch: keeps the time of the last access, or sets it to now.",
    },
  },
  requiredIf: [{ if: "state", is: "hard", then: ["src"] }],
} as const satisfies Schema;

export type FileArgs = ArgsOf<typeof schema>;
