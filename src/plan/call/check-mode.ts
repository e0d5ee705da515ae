import { wantKnown } from "../scope/arguments.ts";
import type { Invocation } from "../model/invocation.ts";
import { flagOf } from "../scope/flags.ts";
import { Unasked, Unknown } from "../../value.ts";

/** What a command registers in check mode. */
interface CheckedCommand {
  result: { [key: string]: unknown };
  changed: boolean;
}

// Whether a task is only checked: `check_mode: true`.
export function isChecked(item: Invocation): boolean {
  return wantKnown(flagOf(item, "check_mode")) === true;
}

// What a command that would run comes to with `check_mode: true`: it is not run, because nobody
// knows what it would do. Where `creates` or `removes` says that there is something to do, it is a
// change, as in Ansible. Undefined: it is no command.
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

/** What Ansible says of modules that it does not run in check mode, whatever they would do. */
const NOT_CHECKED: { readonly [module: string]: string | undefined } = {
  ...Object.fromEntries(
    ["tempfile", "unarchive", "uri", "wait_for"].map((name) => [
      name,
      `remote module (ansible.builtin.${name}) does not support check mode`,
    ]),
  ),
  fetch: "check mode not (yet) supported for this module",
};

// What a task with `check_mode: true` registers that is skipped, as its module cannot be
// checked; undefined: it can.
export function notChecked({ task: { module } }: Invocation): Record<string, unknown> | undefined {
  const msg = NOT_CHECKED[module.name];
  return msg === undefined ? undefined : { changed: false, skipped: true, msg };
}

// The result of what is only checked: without what only doing it would tell, as that is never
// known. A needless command says "Would not run".
export function inWordsOfCheckMode(told: { [key: string]: unknown }): { [key: string]: unknown } {
  const known = Object.entries(told).filter(
    ([, value]) => !(value instanceof Unknown) || value instanceof Unasked,
  );
  const result = Object.fromEntries(known);
  const { msg } = result;
  if (typeof msg !== "string") return result;
  return { ...result, msg: msg.replace(/^Did (not run command since )/, "Would $1") };
}
