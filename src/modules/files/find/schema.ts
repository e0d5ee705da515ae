import type { ArgsOf, Schema } from "../../contract/schema.ts";

export const schema = {
  description: "Lists files below directories that meet all conditions.",
  example: `name: Find old logs
find: {paths: /var/log, patterns: "*.gz", age: 30d}
register: old`,
  returns: [
    "files: the files found, each with its path, size, mode and times",
    "matched, examined: how many",
  ],
  arguments: {
    paths: {
      type: "list",
      elements: "path",
      required: true,
      aliases: ["name", "path"],
      description: "The directories; absolute paths.",
    },
    patterns: {
      type: "list",
      elements: "str",
      default: [],
      aliases: ["pattern"],
      description:
        "The name matches one of these: shell patterns, or regular expressions with use_regex.",
    },
    excludes: {
      type: "list",
      elements: "str",
      default: [],
      aliases: ["exclude"],
      description: "The name matches none of these.",
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
      description: "contains may match anywhere, even across lines.",
    },
    file_type: {
      type: "str",
      choices: ["any", "directory", "file", "link"],
      default: "file",
      description: "The type of what to find.",
    },
    age: {
      type: "str",
      description:
        "At least this old, in seconds, or with the suffix s, m, h, d or w; with a minus, at most this old.",
    },
    age_stamp: {
      type: "str",
      choices: ["atime", "ctime", "mtime"],
      default: "mtime",
      description: "The time that age refers to.",
    },
    size: {
      type: "str",
      description:
        "At least this large, in bytes, or with the suffix b, k, m, g or t; with a minus, at most this large.",
    },
    recurse: { type: "bool", default: false, description: "Searches subdirectories too." },
    depth: { type: "int", description: "How deep, with recurse; 1 is the directory itself." },
    hidden: {
      type: "bool",
      default: false,
      description: "Includes names that begin with a dot.",
    },
    follow: {
      type: "bool",
      default: false,
      description: "Follows links to directories.",
    },
    get_checksum: {
      type: "bool",
      default: false,
      description: "Adds the SHA-1 of each file as checksum.",
    },
  },
} as const satisfies Schema;

export type FindArgs = ArgsOf<typeof schema>;
