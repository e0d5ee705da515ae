import { TaskFailure } from "../../errors.ts";
import { command as commandProbe } from "../../probes/command.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { askMatches, existsTest, isPattern } from "../../probes/files/matches.ts";
import { ask, type Probe, type Probes } from "../../probes/probe.ts";
import { noDirectory, notRun, type NotRun } from "../../script/exec.ts";
import { timesIn } from "../../script/output.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { Unknown } from "../../value.ts";
import { warningsOf } from "./command/warnings.ts";
import { expandedWords } from "./command/words.ts";
import type { Controller, Module, StepOutput } from "../contract/module.ts";
import type { ArgsOf, Schema, ValuesOf } from "../contract/schema.ts";
import { defined } from "../../defined.ts";
import { CHECK_MODE } from "./command/check-mode.ts";
import { onlyReads } from "./command/only-reads.ts";
import { splitCommand } from "./command/split.ts";
import { fieldDiff } from "../contract/diff.ts";

/** What is at each path; for a pattern, whether anything matches it. */
export type CommandState = {
  creates?: PathState | boolean;
  removes?: PathState | boolean;
  /** The directory to run in, where something depends on it before the command runs. */
  chdir?: PathState;
};

const ARGUMENTS = {
  cmd: { type: "str", description: "The command to run." },
  chdir: {
    type: "path",
    description: "The directory to run in; by default the one in which a login starts.",
  },
  creates: {
    type: "path",
    within: "chdir",
    description:
      "Does not run if this path, or anything that matches this pattern, exists; relative to chdir.",
  },
  removes: {
    type: "path",
    within: "chdir",
    description: "Does not run unless this path, or anything that matches this pattern, exists.",
  },
  stdin: { type: "str", description: "The standard input of the command." },
  stdin_add_newline: { type: "bool", default: true, description: "Adds a newline to stdin." },
  strip_empty_ends: {
    type: "bool",
    default: true,
    description: "Removes empty lines from the end of stdout and stderr in the result.",
  },
} as const satisfies Schema["arguments"];

const commandSchema = {
  description: "Runs a program on the host, without a shell. It cannot be undone.",
  example: `name: Create the database
command: initdb /srv/data
args: {creates: /srv/data/PG_VERSION}`,
  returns: [
    "rc, stdout, stdout_lines, stderr, stderr_lines, cmd: what ran, and what it printed",
    "start, end, delta: when it ran, and how long",
    "warnings: that `executable` has no effect, where it is given",
  ],
  arguments: {
    ...ARGUMENTS,
    argv: {
      type: "list",
      elements: "str",
      description: "The program and its arguments as a list.",
    },
    executable: {
      type: "str",
      description:
        "Has no effect: no shell runs the program. Ansible warns about it and ignores it.",
    },
    expand_argument_vars: {
      type: "bool",
      default: true,
      description: "Expands environment variables of the host and ~ in the arguments.",
    },
  },
  freeForm: "cmd",
  isCommand: true,
  checkMode: CHECK_MODE,
  mutuallyExclusive: [["cmd", "argv"]],
  requiredOneOf: [["cmd", "argv"]],
} as const satisfies Schema;

/**
 * The parameters that command, shell and raw share; only command has `argv` and
 * `expand_argument_vars`.
 */
export type CommandArgs = ValuesOf<typeof ARGUMENTS> &
  Partial<Pick<ArgsOf<typeof commandSchema>, "argv" | "executable" | "expand_argument_vars">>;

/** Runs a program directly, without a shell: no pipes, no globs. */
export const command: Module<CommandArgs, CommandState> = commandModule(
  "command",
  commandSchema,
  (args) => {
    const words = args.argv ?? splitCommand(args.cmd ?? "");
    if (words.length === 0) throw new TaskFailure("no command given");
    return sh`hw_exec ${args.expand_argument_vars === false ? sh`${words}` : expandedWords(words)}`;
  },
);

/** Runs a line of shell. */
export const shell: Module<CommandArgs, CommandState> = commandModule(
  "shell",
  {
    description: "Runs a shell command line on the host. It cannot be undone.",
    example: `name: Keep the list of packages
shell: dpkg -l | sort > /root/packages
args: {creates: /root/packages}`,
    returns: [
      "rc, stdout, stdout_lines, stderr, stderr_lines, cmd: what ran, and what it printed",
      "start, end, delta: when it ran, and how long",
    ],
    arguments: {
      ...ARGUMENTS,
      executable: { type: "str", description: "The shell to use; /bin/sh by default." },
    },
    freeForm: "cmd",
    isCommand: true,
    checkMode: CHECK_MODE,
    requiredOneOf: [["cmd"]],
  },
  ({ executable, cmd = "" }) =>
    executable === undefined ? sh`/bin/sh -c ${cmd}` : sh`hw_exec ${executable} -c ${cmd}`,
);

// What command, shell and raw share: they differ in how the text becomes a program.
export function commandModule(
  name: string,
  schema: Schema,
  program: (args: CommandArgs) => Script,
): Module<CommandArgs, CommandState> {
  return {
    name,
    schema,
    observe: (args, controller) => ({
      ...askConditions(args, askPath),
      ...askDirectory(args, controller),
    }),
    probe: (args) =>
      ask(commandProbe, {
        script: runScript(args, program(args), true).sh,
        isTimed: true,
        ...defined({ mayWrite: onlyReads(name, args) ? undefined : (true as const) }),
      }),
    plan(args, before) {
      mustBeDirectory(args, before);
      if (skipReason(args, before)) return null;
      return {
        after: before,
        steps: [{ run: runScript(args, program(args), false), timed: true, asLogin: true }],
        opaque: true,
        diff: [fieldDiff("run", null, args.cmd ?? args.argv!.join(" "))],
      };
    },
    result: (args, state, outputs) => ({
      ...resultOf(name, args, state, outputs),
      ...defined({ warnings: name === "command" ? warningsOf(args) : undefined }),
    }),
  };
}

// What `register` sees of a command: what it printed, why it did not run, or that it is to run.
function resultOf(
  name: string,
  args: CommandArgs,
  state: CommandState,
  outputs: readonly unknown[] | undefined,
): { [key: string]: unknown } {
  const reason = needless(args, state);
  const skipped = skipReason(args, state);
  const when = (at: unknown): object => (name === "raw" ? {} : { start: at, end: at, delta: at });
  const cmd = args.argv ?? (name === "command" ? splitCommand(args.cmd ?? "") : args.cmd);
  if (outputs) {
    const [output] = outputs as [StepOutput];
    const refused = name === "raw" ? undefined : notRun(output);
    if (refused) return resultOfNotRun(args, cmd, refused);
    return {
      cmd,
      ...outputKeys(args, output),
      ...(name !== "raw" && timesIn(output)),
      msg: output.code === 0 ? "" : "non-zero return code",
    };
  }
  if (reason)
    return {
      cmd,
      rc: 0,
      stdout: skipped,
      stdout_lines: [skipped],
      stderr: "",
      stderr_lines: [],
      ...when(null),
      msg: `Did not run command since '${reason.path}' ${reason.how}`,
    };
  const unknown = new Unknown(`what ${name} prints`);
  return {
    cmd,
    rc: unknown,
    stdout: unknown,
    stderr: unknown,
    stdout_lines: unknown,
    stderr_lines: unknown,
    ...when(unknown),
    msg: unknown,
  };
}

// Asks for the paths that make a command needless.
export function askConditions(
  args: Pick<CommandArgs, "creates" | "removes">,
  ask: (path: string) => Probe<PathState | boolean>,
): Probes<CommandState> {
  const asked = Object.entries({ creates: args.creates, removes: args.removes }).flatMap(
    ([name, path]) => (path === undefined ? [] : [[name, ask(path)]]),
  );
  return Object.fromEntries(asked) as Probes<CommandState>;
}

// Asks for the directory to run in, where the command itself may not come to look for it.
function askDirectory(
  { chdir, creates, removes }: CommandArgs,
  { isChecked }: Controller,
): Probes<Pick<CommandState, "chdir">> {
  const mayNotRun = isChecked || creates !== undefined || removes !== undefined;
  return defined({
    chdir: chdir !== undefined && mayNotRun ? statPath(chdir, { follow: true }) : undefined,
  });
}

// As Ansible's module does, a command goes to its directory before it looks whether it is needed.
function mustBeDirectory({ chdir }: CommandArgs, state: CommandState): void {
  if (chdir === undefined || !("chdir" in state) || state.chdir?.type === "directory") return;
  const { message, hint } = noDirectory(chdir, state.chdir === null);
  throw new TaskFailure(message, hint, { rc: null, stdout: "", stderr: "" });
}

// Asks whether a path exists, or anything that matches a pattern.
function askPath(path: string): Probe<PathState | boolean> {
  return isPattern(path) ? askMatches(path) : statPath(path);
}

// The path that makes a command needless, by creates or removes.
export function needless(
  args: Pick<CommandArgs, "creates" | "removes">,
  state: CommandState,
): { path: string; how: string } | undefined {
  if (args.creates !== undefined && state.creates) return { path: args.creates, how: "exists" };
  if (args.removes !== undefined && "removes" in state && !state.removes)
    return { path: args.removes, how: "does not exist" };
  return undefined;
}

// Ansible's words for a command that is needless.
export function skipReason(
  args: Pick<CommandArgs, "creates" | "removes">,
  state: CommandState,
): string | undefined {
  const reason = needless(args, state);
  return reason && `skipped, since ${reason.path} ${reason.how}`;
}

// The program in its directory, with its stdin. A question with creates/removes
// checks them as well.
function runScript(args: CommandArgs, program: Script, asQuestion: boolean): Script {
  // as Python does: PWD is then the directory that links lead to
  const parts = args.chdir === undefined ? [] : [sh`hw_chdir ${args.chdir}`, sh`cd -P .`];
  if (asQuestion && args.creates !== undefined)
    parts.push(
      sh`${existsTest(args.creates)} && { echo ${`skipped, since ${args.creates} exists`}; exit 0; }`,
    );
  if (asQuestion && args.removes !== undefined)
    parts.push(
      sh`${existsTest(args.removes)} || { echo ${`skipped, since ${args.removes} does not exist`}; exit 0; }`,
    );
  const input =
    args.stdin === undefined ? undefined : args.stdin + (args.stdin_add_newline ? "\n" : "");
  parts.push(input === undefined ? program : sh`printf %s ${input} | ${program}`);
  return lines(parts);
}

// Ansible's result of a program that was not run at all.
function resultOfNotRun(
  { executable = "/bin/sh" }: CommandArgs,
  cmd: string | string[] | undefined,
  { message, isDirectory }: NotRun,
): { [key: string]: unknown } {
  const said = { stdout: "", stdout_lines: [], stderr: "", stderr_lines: [], msg: message };
  if (isDirectory) return { cmd, rc: null, start: null, end: null, delta: null, ...said };
  const line = Array.isArray(cmd) ? sh`${cmd}`.sh : sh`${executable} -c ${cmd ?? ""}`.sh;
  return { cmd: line, rc: Number(/\d+/.exec(message)![0]), ...said };
}

// Ansible's result keys for what ran.
export function outputKeys(
  args: { strip_empty_ends?: boolean },
  { code, stdout, stderr }: StepOutput,
): { [key: string]: unknown } {
  const strip = (text: string): string =>
    args.strip_empty_ends ? text.replace(/[\r\n]+$/, "") : text;
  const toLines = (text: string): string[] =>
    text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
  const [out, err] = [strip(stdout), strip(stderr)];
  return {
    rc: code,
    stdout: out,
    stderr: err,
    stdout_lines: toLines(out),
    stderr_lines: toLines(err),
  };
}
