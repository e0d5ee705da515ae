import { Command, CommanderError } from "commander";
import {
  describeInputError,
  InputError,
  plainly,
  UnplacedError,
  Interrupted,
  STOP_SIGNALS,
} from "../errors.ts";
import { jsonMistake } from "../report/mistake.ts";
import { screen } from "../report/screen.ts";
import { COMMANDS } from "./command-list.ts";
import { VERSION } from "./version.ts";

// Runs the command line, and returns the exit code; every mistake of the user
// results in one clear message.
export async function runCommandLine(words: readonly string[]): Promise<number> {
  let code = 0;
  try {
    await commandLine((answered) => {
      code = answered;
    }, words).parseAsync(words.map(plainWord), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError) {
      const hint = hintFor(error, words);
      if (hint !== undefined) screen.warn(`  hint: ${hint}`);
      return refused(words, new UnplacedError(error.message.replace(/^error: /, ""), hint));
    }
    if (error instanceof Interrupted) {
      screen.warn(error.message);
      return STOP_SIGNALS[error.signal];
    }
    const mistake = plainly(error);
    if (!(mistake instanceof InputError)) throw error;
    refused(words, mistake);
    screen.warn(`error: ${describeInputError(mistake)}`);
    return 1;
  }
}

// What helps where a command is called without what it is to work on, or there is none like it.
function hintFor({ code, message }: CommanderError, words: readonly string[]): string | undefined {
  const [command = ""] = words;
  if (code === "commander.missingArgument")
    return command === "rollback"
      ? "hullwright runs -i INVENTORY lists the runs that can be undone"
      : `hullwright ${command} --help lists its arguments`;
  if (code === "commander.unknownOption" && command === "run" && !words.includes("--"))
    return "write -- before the command, and options of hullwright before that";
  if (code !== "commander.unknownCommand" || message.includes("Did you mean")) return undefined;
  return command === "vault"
    ? "hullwright vault --help lists what there is; to edit a file: decrypt it, edit it, encrypt it"
    : "hullwright --help lists the commands";
}

// --diff takes a value only if it follows immediately, so that the playbook may come next.
function plainWord(word: string): string {
  return word === "--diff=full" ? "--diff-full" : word;
}

/** The commands that know --json. */
const TELL_JSON = ["plan", "apply", "run", "show", "runs", "rollback"];

// With --json a mistake is a document, too.
function refused(words: readonly string[], error: InputError): number {
  const [command = ""] = words;
  if (words.includes("--json") && TELL_JSON.includes(command))
    screen.json(jsonMistake(command, error));
  return 1;
}

// Builds the command line: of a command that is called only that one, as all of them take a good
// part of a short run. Each is loaded when it is called.
function commandLine(done: (code: number) => void, words: readonly string[]): Command {
  const program = new Command("hullwright")
    .description("Sets up Linux hosts to run containers.")
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError();
  program.configureOutput({
    writeOut: (text) => screen.tell("stdout", text),
    writeErr: (text) => screen.tell("stderr", text),
  });
  const [first = ""] = words;
  const called = Object.hasOwn(COMMANDS, first) ? [COMMANDS[first]!] : Object.values(COMMANDS);
  for (const add of called) add({ program, words, done });
  return program;
}
