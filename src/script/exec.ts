import FUNCTIONS from "./exec.sh?raw";
import type { StepOutput } from "./output.ts";

/**
 * Shell: `hw_exec PROGRAM ARGUMENT...` becomes that program, and never a builtin of the shell;
 * `hw_chdir DIRECTORY` goes there. Where that cannot be, they say so in the words that Ansible has
 * from Python, and the exit code is the error's number.
 */
export const EXEC_FUNCTIONS = FUNCTIONS;

/** Why what a user wrote was not run at all. */
export interface NotRun {
  /** In Ansible's words. */
  message: string;
  /** The directory to run in is what is wrong; otherwise the program is. */
  isDirectory: boolean;
  hint: string;
}

const WORDS =
  /^(Unable to change directory before execution: )?\[Errno (\d+)\] [A-Z][a-z ]+: b'([^]*)'$/;

/** What shells know, and what is no program. */
const BUILTINS =
  /^(?:[.:]|alias|bg|cd|command|eval|exec|exit|export|fg|hash|jobs|read|set|shift|source|trap|type|ulimit|umask|unalias|unset|wait)$/;

// Whether a program was not run at all, and why.
export function notRun({ code, stdout, stderr }: StepOutput): NotRun | undefined {
  const message = stderr.replace(/\n$/, "");
  const [, directory, errno, name = ""] = WORDS.exec(message) ?? [];
  if (stdout !== "" || code !== Number(errno)) return undefined;
  const isDirectory = directory !== undefined;
  return { message, isDirectory, hint: hintFor(name, isDirectory, code === 2) };
}

// The same of a directory to run in that was found not to be one.
export function noDirectory(name: string, isMissing: boolean): NotRun {
  const error = isMissing ? "[Errno 2] No such file or directory" : "[Errno 20] Not a directory";
  return {
    message: `Unable to change directory before execution: ${error}: b'${name}'`,
    isDirectory: true,
    hint: hintFor(name, true, isMissing),
  };
}

function hintFor(name: string, isDirectory: boolean, isMissing: boolean): string {
  if (isDirectory)
    return isMissing ? "create the directory first" : "check that directory, and who may enter it";
  if (BUILTINS.test(name)) return `${name} is part of the shell: use the shell module`;
  return isMissing
    ? "the program does not exist on the host, or not in its PATH"
    : "it is not a program that this user may run: check its mode and owner";
}

/**
 * How a shell begins a message about a program of ours: with its name, and a line number
 * that means nothing to users.
 */
const PLACE =
  /^(?:(?:\/(?:usr\/)?bin\/)?(?:ba|da)?sh|environment): (?:eval: )?(?:line )?\d+: (?:eval: )?(?:exec: )?/gm;

// A shell's message about a program of ours, without the line number.
export function withoutPlace(stderr: string): string {
  return stderr.replaceAll(PLACE, "");
}
