import { TaskFailure } from "../../errors.ts";
import { sh } from "../../script/sh.ts";
import { fromKeys } from "../../records.ts";
import { Unknown } from "../../value.ts";
import type { Module } from "../contract/module.ts";
import { hostPath, inside } from "../shared/files/ownership.ts";
import { type ArgsOf } from "../contract/schema.ts";
import { notCheckable, type Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

const schema = {
  description:
    "Creates a temporary file or directory that only its owner can access. It is not removed automatically: use the file module.",
  example: `name: Make a directory for the build
tempfile: {state: directory, prefix: build.}
register: build`,
  checkMode: notCheckable("tempfile"),
  returns: ["path: where it is", "state, mode: its type and permissions"],
  arguments: {
    state: {
      type: "str",
      choices: ["file", "directory"],
      default: "file",
      description: "What to create.",
    },
    path: {
      type: "path",
      description:
        "The directory to create it in; by default the host's directory for temporary files.",
    },
    prefix: {
      null: "default",
      type: "str",
      default: "ansible.",
      description: "The beginning of its name.",
    },
    suffix: { type: "str", default: "", description: "The end of its name." },
  },
} as const satisfies Schema;

type TempfileArgs = ArgsOf<typeof schema>;

/** A new temporary file or directory, each time. */
export const tempfile: Module<TempfileArgs, Record<never, never>> = {
  name: "tempfile",
  schema,
  observe: () => ({}),
  plan(args) {
    if (`${args.prefix}${args.suffix}`.includes("/"))
      throw new TaskFailure(
        "prefix and suffix are parts of a name and must not contain a slash",
        "give the directory in path",
      );
    const folder = args.path === undefined ? sh`"\${TMPDIR:-/tmp}"` : sh`${hostPath(args.path)}`;
    const kind = args.state === "directory" ? sh`-d --` : sh`--`;
    const run = sh`hw_n=$(hw_temp ${folder} --suffix=${args.suffix} ${kind} ${`${args.prefix}XXXXXXXX`}) || exit 1
printf '%s\n' "$hw_n"; stat -c '%s %u %g %U %G' -- "$hw_n"`;
    return {
      after: {},
      steps: [{ run }],
      diff: [
        fieldDiff(args.state, null, inside(args.path ?? "/tmp", `${args.prefix}...${args.suffix}`)),
      ],
    };
  },
  result: ({ state }, _after, outputs) => ({
    ...(outputs ? seen(outputs[0]!.stdout) : notYet(state)),
    state,
    mode: state === "file" ? "0600" : "0700",
  }),
};

// What only apply finds out.
function notYet(state: string): { [key: string]: Unknown } {
  return {
    path: new Unknown(`the name of the temporary ${state}`),
    ...fromKeys(
      ["size", "uid", "gid", "owner", "group"],
      () => new Unknown(`the temporary ${state}`),
    ),
  };
}

// What was made, as the step prints it: the path, then the rest.
function seen(stdout: string): { [key: string]: unknown } {
  const [path, words = ""] = stdout.split("\n");
  const [size, uid, gid, owner, group] = words.split(" ");
  return { path, size: Number(size), uid: Number(uid), gid: Number(gid), owner, group };
}
