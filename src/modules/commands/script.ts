import { TaskFailure } from "../../errors.ts";
import { statPath } from "../../probes/files/path.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { staged } from "../../script/write.ts";
import { Unknown } from "../../value.ts";
import { askConditions, needless, outputKeys, skipReason, type CommandState } from "./command.ts";
import { splitCommand } from "./command/split.ts";
import type { LocalFile, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

const schema = {
  description:
    "Runs a script from the controller on the host. It is copied there while it runs. It cannot be undone.",
  example: `name: Set the disk up
script: setup-disk.sh /dev/vdb
args: {creates: /srv/ready}`,
  returns: ["rc, stdout, stdout_lines, stderr, stderr_lines: what it printed"],
  arguments: {
    cmd: {
      type: "str",
      required: true,
      description:
        "The script, looked for in files/ of the role and next to the playbook, followed by its arguments.",
    },
    chdir: {
      type: "path",
      asWritten: true,
      description: "The directory to run in, an absolute path.",
    },
    creates: { type: "path", description: "Does not run if this path exists." },
    removes: { type: "path", description: "Does not run unless this path exists." },
    decrypt: {
      type: "bool",
      default: true,
      description: "Decrypts a script that is encrypted with ansible-vault.",
    },
    executable: {
      type: "str",
      description: "The program that runs the script, instead of the one in its first line.",
    },
  },
  freeForm: "cmd",
  isCommand: true,
  checkMode: {
    kind: "command",
    result: {},
    unguarded: { msg: "Check mode is not supported for this task." },
  },
} as const satisfies Schema;

type ScriptArgs = ArgsOf<typeof schema>;

/** A script of the controller, run on the host. */
export const script: Module<ScriptArgs, CommandState> = {
  name: "script",
  schema,
  observe: (args) => askConditions(args, (path) => statPath(path)), // a pattern stands for itself, as in Ansible
  plan(args, before, controller) {
    if (args.chdir !== undefined && !args.chdir.startsWith("/"))
      throw new TaskFailure(`chdir ${args.chdir} is not an absolute path`);
    if (skipReason(args, before)) return null;
    const file = controller.file(splitCommand(args.cmd)[0] ?? "", "files", args);
    return {
      after: before,
      steps: [{ run: runScript(args, file), asLogin: true }],
      opaque: true,
      diff: [fieldDiff("run", null, args.cmd)],
    };
  },
  result(args, state, outputs) {
    if (outputs) return outputKeys({}, outputs[0]!);
    const reason = needless(args, state);
    if (reason) {
      const option = reason.how === "exists" ? "creates" : "removes";
      return { skipped: true, msg: `${reason.path} ${reason.how}, matching ${option} option` };
    }
    const unknown = new Unknown("what the script prints");
    return {
      rc: unknown,
      stdout: unknown,
      stderr: unknown,
      stdout_lines: unknown,
      stderr_lines: unknown,
    };
  },
};

// The first word of a line, with its quotes.
const FIRST_WORD = /^\s*(?:'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|[^\s'"\\])+/;

// The script gets a directory of its own, under its own name; the shell reads its
// arguments, as in Ansible.
function runScript({ cmd, chdir, executable }: ScriptArgs, file: LocalFile): Script {
  const name = (file.path ?? "script").replace(/^.*\//, "");
  const line = `${executable === undefined ? "" : `${executable} `}"$0"${cmd.replace(FIRST_WORD, "")}`;
  return lines([
    sh`hw_d=$(mktemp -d "$HW_STATE_DIR/stage/script.XXXXXX") || exit 1
cp -- ${staged(file)} "$hw_d/"${name} && chmod 0700 "$hw_d/"${name} || exit 1`,
    ...(chdir === undefined ? [] : [sh`hw_chdir ${chdir}`]),
    sh`/bin/sh -c ${line} "$hw_d/"${name}; hw_c=$?
rm -rf -- "$hw_d"; exit "$hw_c"`,
  ]);
}
