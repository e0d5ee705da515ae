import { ctrCall } from "../../probes/containerd/ctr.ts";
import { sh } from "../../script/sh.ts";
import { commandModule, type CommandState } from "../commands/command.ts";
import { splitCommand } from "../commands/command/split.ts";
import { CTR_ARGUMENTS, refuseName, refuseUnlikely } from "../shared/containerd/ctr.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  collection: "hullwright.containerd",
  description:
    "Runs a program in a container with a running task, and returns its output. It runs each time; with `changed_when: false` it only reads, and runs while planning.",
  example: `name: Ask nginx whether its configuration is right
ctr_exec: {container: web, cmd: nginx -t}
changed_when: false`,
  returns: [
    "rc, stdout, stderr, stdout_lines, stderr_lines: what it printed, and how it ended",
    "cmd: what was run",
  ],
  arguments: {
    container: { type: "str", required: true, description: "The container." },
    cmd: { type: "str", description: "The command to run, without a shell between." },
    argv: {
      type: "list",
      elements: "str",
      description: "The program and its arguments as a list.",
    },
    cwd: { type: "str", description: "The directory in the container to run in." },
    user: {
      type: "str",
      description: "The user in the container to run as; ctr knows it from 1.6 on.",
    },
    stdin: { type: "str", description: "The standard input of the command." },
    stdin_add_newline: { type: "bool", default: true, description: "Adds a newline to stdin." },
    strip_empty_ends: {
      type: "bool",
      default: true,
      description: "Removes empty lines from the end of stdout and stderr in the result.",
    },
    ...CTR_ARGUMENTS,
  },
  mutuallyExclusive: [["cmd", "argv"]],
  requiredOneOf: [["cmd", "argv"]],
} as const satisfies Schema;

type ExecArgs = ArgsOf<typeof schema>;

const commands = commandModule("ctr_exec", schema, (given) => {
  const args = given as ExecArgs;
  const words = args.argv ?? splitCommand(args.cmd ?? "");
  const flags = [
    ...(args.cwd === undefined ? [] : ["--cwd", args.cwd]),
    ...(args.user === undefined ? [] : ["--user", args.user]),
  ];
  return sh`${ctrCall(args, "tasks", "exec", flags)} --exec-id "hullwright-$$-$(date +%s%N)" ${args.container} ${words}`;
});

/** A program that is run in a container. */
export const ctr_exec: Module<ExecArgs, CommandState> = {
  ...(commands as unknown as Module<ExecArgs, CommandState>),
  observe(args) {
    refuseUnlikely(args);
    refuseName("container", args.container);
    return {};
  },
};
