import { ATTRIBUTE_ARGUMENTS } from "../../shared/files/attributes.ts";
import type { ArgsOf, Schema } from "../../contract/schema.ts";

export const schema = {
  description:
    "Makes, mends or removes files, folders and links, and sets who owns them and who may use them.",
  example: `name: The folder of the application is there
file: {path: /srv/app, state: directory, owner: root, mode: "0755"}`,
  returns: [
    "path, or dest and src of links",
    "state, mode, owner, group, uid, gid, size: what stands there now",
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
        "What the path is to be. file: it is there already, and gets its attributes; directory: a folder, with those above it; link, hard: a link to src; absent: nothing, whatever was below; touch: a file, with the time of now. Unless said, it is what is there, or file.",
    },
    src: {
      type: "path",
      asWritten: true,
      description: "Where a link points to; from the link's own folder, if it is not absolute.",
    },
    ...ATTRIBUTE_ARGUMENTS,
    recurse: {
      type: "bool",
      default: false,
      description:
        "Gives everything below a folder the same attributes. Links below it are left alone, or with follow: false get owners.",
    },
    follow: {
      type: "bool",
      default: true,
      description: "Attributes are those of what a link leads to.",
    },
    force: {
      type: "bool",
      default: false,
      description:
        "Makes a link even if its src is missing, or in place of a file or an empty folder.",
    },
    modification_time: {
      type: "str",
      choices: ["preserve", "now"],
      description: "With touch: leaves the time of the last change alone, or sets it to now.",
    },
    access_time: {
      type: "str",
      choices: ["preserve", "now"],
      description: "With touch: leaves the time of the last access alone, or sets it to now.",
    },
  },
  requiredIf: [{ if: "state", is: "hard", then: ["src"] }],
} as const satisfies Schema;

export type FileArgs = ArgsOf<typeof schema>;
