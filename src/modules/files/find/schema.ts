import type { ArgsOf, Schema } from "../../contract/schema.ts";

export const schema = {
  description: "Lists files below folders that fit all that is asked of them.",
  example: `name: Look for old logs
find: {paths: /var/log, patterns: "*.gz", age: 30d}
register: old`,
  returns: [
    "files: what was found, each with its path, size, mode and times",
    "matched, examined: how many",
  ],
  arguments: {
    paths: {
      type: "list",
      elements: "path",
      required: true,
      aliases: ["name", "path"],
      description: "The folders; absolute paths.",
    },
    patterns: {
      type: "list",
      elements: "str",
      default: [],
      aliases: ["pattern"],
      description: "The name fits one of these: shell patterns, or expressions with use_regex.",
    },
    excludes: {
      type: "list",
      elements: "str",
      default: [],
      aliases: ["exclude"],
      description: "The name fits none of these.",
    },
    use_regex: {
      type: "bool",
      default: false,
      description:
        "patterns and excludes are regular expressions that match from the name's beginning.",
    },
    contains: {
      type: "str",
      description:
        "A line of the file begins with what this regular expression matches; needs grep -P on the host.",
    },
    read_whole_file: {
      type: "bool",
      default: false,
      description: "contains may match anywhere, also over lines.",
    },
    file_type: {
      type: "str",
      choices: ["any", "directory", "file", "link"],
      default: "file",
      description: "What is looked for.",
    },
    age: {
      type: "str",
      description:
        "At least so old, in seconds, or with s, m, h, d or w behind it; at most so old with a minus.",
    },
    age_stamp: {
      type: "str",
      choices: ["atime", "ctime", "mtime"],
      default: "mtime",
      description: "The time that age is about.",
    },
    size: {
      type: "str",
      description:
        "At least so large, in bytes, or with b, k, m, g or t behind it; at most so large with a minus.",
    },
    recurse: { type: "bool", default: false, description: "Looks into folders below, too." },
    depth: { type: "int", description: "How deep, with recurse; 1 is the folder itself." },
    hidden: {
      type: "bool",
      default: false,
      description: "Lists names that begin with a dot, too.",
    },
    follow: {
      type: "bool",
      default: false,
      description: "Looks into folders behind links, too.",
    },
    get_checksum: {
      type: "bool",
      default: false,
      description: "Adds the SHA-1 of each file as checksum.",
    },
  },
} as const satisfies Schema;

export type FindArgs = ArgsOf<typeof schema>;
