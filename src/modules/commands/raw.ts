import { sh } from "../../script/sh.ts";
import { commandModule } from "./command.ts";

const line: ReturnType<typeof commandModule> = commandModule(
  "raw",
  {
    description: "Runs a shell command line on the host. It cannot be undone.",
    example: `name: Find out what system this is
raw: uname -a
changed_when: false`,
    returns: ["rc, stdout, stdout_lines, stderr, stderr_lines: what it printed"],
    arguments: {
      cmd: { type: "str", description: "The command line to run." },
      executable: { type: "str", description: "The shell to use; /bin/sh by default." },
    },
    freeForm: "cmd",
    isCommand: true,
    checkMode: { kind: "command", result: {} },
    requiredOneOf: [["cmd"]],
  },
  ({ executable, cmd = "" }) =>
    executable === undefined
      ? sh`/bin/sh -c ${cmd} 2>&1`
      : sh`/bin/sh -c ${sh`${executable} -c ${cmd}`.sh} 2>&1`,
);

/**
 * A line of shell and nothing around it: what Ansible needs for hosts without Python. It runs the
 * line in a terminal, so its stderr is part of stdout. It has a message only where it failed.
 */
export const raw: typeof line = {
  ...line,
  result(...given) {
    const { msg, ...told } = line.result(...given);
    return msg === "" ? told : { ...told, msg };
  },
};
