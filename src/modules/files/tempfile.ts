import { TaskFailure } from "../../errors.ts";
import { sh } from "../../script/sh.ts";
import { Unknown } from "../../value.ts";
import type { Module } from "../contract/module.ts";
import { hostPath, inside } from "../shared/files/ownership.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Makes a temporary file or folder that only its maker may enter. Nobody takes it away: do so with the file module.",
  example: `name: Make a folder for the build
tempfile: {state: directory, prefix: build.}
register: build`,
  returns: ["path: where it is", "state, mode: what it is"],
  arguments: {
    state: {
      type: "str",
      choices: ["file", "directory"],
      default: "file",
      description: "What is made.",
    },
    path: {
      type: "path",
      description: "The folder it goes in; the host's own for such files unless said.",
    },
    prefix: { type: "str", default: "ansible.", description: "How its name begins." },
    suffix: { type: "str", default: "", description: "How its name ends." },
  },
} as const satisfies Schema;

type TempfileArgs = ArgsOf<typeof schema>;

/** A new temporary file or folder, each time. */
export const tempfile: Module<TempfileArgs, Record<never, never>> = {
  name: "tempfile",
  schema,
  observe: () => ({}),
  plan(args) {
    if (`${args.prefix}${args.suffix}`.includes("/"))
      throw new TaskFailure(
        "prefix and suffix are parts of a name and hold no slash",
        "name the folder in path",
      );
    const folder = args.path === undefined ? sh`"\${TMPDIR:-/tmp}"` : sh`${hostPath(args.path)}`;
    const kind = args.state === "directory" ? sh`-d --` : sh`--`;
    const run = sh`mktemp -p ${folder} --suffix=${args.suffix} ${kind} ${`${args.prefix}XXXXXXXX`}`;
    return {
      after: {},
      steps: [{ run }],
      diff: [
        {
          kind: "field",
          title: args.state,
          before: null,
          after: inside(args.path ?? "/tmp", `${args.prefix}...${args.suffix}`),
        },
      ],
    };
  },
  result: ({ state }, _after, outputs) => ({
    path: outputs
      ? outputs[0]!.stdout.trimEnd()
      : new Unknown(`the name of the temporary ${state}`),
    state,
    mode: state === "file" ? "0600" : "0700",
  }),
};
