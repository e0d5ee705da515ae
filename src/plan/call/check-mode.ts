import { wantKnown } from "../scope/arguments.ts";
import type { Invocation } from "../model/invocation.ts";
import { flagOf } from "../scope/flags.ts";

/** What a command registers in check mode. */
interface CheckedCommand {
  result: { [key: string]: unknown };
  changed: boolean;
}

// Whether a task is only checked: `check_mode: true`.
export function isChecked(item: Invocation): boolean {
  return wantKnown(flagOf(item, "check_mode")) === true;
}

// What a command that would run comes to with `check_mode: true`: it is not run, because nobody knows what it would do. Where
// `creates` or `removes` says that there is something to do, it is a change, as in Ansible. Undefined: it is no command.
export function checkedCommand(
  { task: { module } }: Invocation,
  args: { readonly creates?: unknown; readonly removes?: unknown },
): CheckedCommand | undefined {
  const isGuarded = args.creates !== undefined || args.removes !== undefined;
  const result = wordsOf(module.name, isGuarded);
  if (!result) return undefined;
  return {
    result: { changed: isGuarded, ...(!isGuarded && { skipped: true }), ...result },
    changed: isGuarded,
  };
}

// Ansible's keys for a command in check mode.
function wordsOf(name: string, isGuarded: boolean): { [key: string]: unknown } | undefined {
  switch (name) {
    case "command":
    case "shell":
      return {
        msg: "Command would have run if not in check mode",
        rc: 0,
        stdout: "",
        stdout_lines: [],
        stderr: "",
        stderr_lines: [],
        start: null,
        end: null,
        delta: null,
      };
    case "script":
      return isGuarded ? {} : { msg: "Check mode is not supported for this task." };
    case "raw":
      return {};
    default:
      return undefined;
  }
}

// A needless command says "Would not run" in check mode.
export function inWordsOfCheckMode(result: { [key: string]: unknown }): {
  [key: string]: unknown;
} {
  const { msg } = result;
  if (typeof msg !== "string") return result;
  return { ...result, msg: msg.replace(/^Did (not run command since )/, "Would $1") };
}
