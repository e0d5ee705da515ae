import { NOW, type StepOutput } from "../script/output.ts";
import { EXEC_FUNCTIONS } from "../script/exec.ts";
import { LOGIN_FUNCTION } from "../script/login.ts";
import { lines, sh, type Script } from "../script/sh.ts";
import { Unknown } from "../value.ts";
import type { PassingPart } from "./passing.ts";
import { AFTER_EACH_CHANGE, ProbeError, type ProbeKind } from "./probe.ts";
import { defined } from "../defined.ts";

/** What runs. */
export interface CommandArg {
  /** Shell source made by sh`...`. */
  script: string;
  /** Whether the answer says when it ran, which takes two processes. */
  isTimed: boolean;
  /** Nobody knows what it does: it may change the host, whatever its task says. */
  mayWrite?: true;
}

/**
 * A command that only looks. Its answer may change with anything that runs before it, so it is not
 * asked once a change is planned.
 */
export const command: ProbeKind<CommandArg, StepOutput> = {
  name: "command",
  subject: (arg) => arg.script,
  holds: {
    unknownBehind: "starts",
    asked: AFTER_EACH_CHANGE,
    mayWrite: (arg) => arg.mayWrite === true,
  },
  script: (args) => lines([{ sh: CAPTURE }, ...args.map(ranBy)]),
  parse(output, args) {
    const found = output.split("\n").filter((line) => line.startsWith("ran "));
    if (found.length !== args.length)
      throw new ProbeError("the answer of a command is truncated or garbled");
    return found.map((line) => readCaptured(line.split(" ")));
  },
};

/** When it ran is another time with every answer. */
export const commandTimes: PassingPart<StepOutput> = {
  kind: command.name,
  withoutText: (output) => output.replaceAll(/^(ran \S* \S*) \S+ \S+$/gm, "$1"),
  blurred: (answer) =>
    answer.times ? { ...answer, times: new Unknown("when the command runs") as never } : answer,
};

// Catches stdout, the exit code and stderr without a file: "ran BASE64(stdout, newline, code)
// BASE64(stderr) BEGIN END".
const CAPTURE = `${LOGIN_FUNCTION}
${EXEC_FUNCTIONS}${String.raw`exec 5>&1
hw_capture() {
  printf 'ran '
  hw_b=; [ -z "$2" ] || hw_b=${NOW}
  hw_e=$( {
    hw_o=$( ( eval "$1" ) </dev/null 2>&3 3>&- 4>&- 5>&-; printf '\n%s' "$?" )
    printf '%s' "$hw_o" | base64 -w0 >&4
  } 3>&1 4>&5; printf . )
  hw_e=@{hw_e%.}; [ -z "$hw_e" ] || hw_e=$(printf '%s' "$hw_e" | base64 -w0)
  [ -z "$hw_b" ] || hw_b="$hw_b ${NOW}"
  printf ' %s %s\n' "$hw_e" "$hw_b"
}`.replaceAll("@{", "${")}`;

// Runs one command and prints its line.
function ranBy({ script, isTimed }: CommandArg): Script {
  return sh`hw_capture ${`hw_login\n${script}`} ${isTimed ? "timed" : ""}`;
}

function readCaptured([, both = "", errors = "", begin, end]: string[]): StepOutput {
  const text = Buffer.from(both, "base64").toString("utf8");
  const last = text.lastIndexOf("\n");
  const code = Number.parseInt(text.slice(last + 1), 10);
  if (Number.isNaN(code)) throw new ProbeError("the answer of a command has no exit code");
  return {
    code,
    stdout: text.slice(0, last),
    stderr: Buffer.from(errors, "base64").toString("utf8"),
    ...defined({ times: begin && end ? ([begin, end] as const) : undefined }),
  };
}
