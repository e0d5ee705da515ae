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

// What a command that would run comes to with `check_mode: true`; undefined: it is no command.
export function checkedCommand(
  { task: { module } }: Invocation,
  args: { readonly creates?: unknown; readonly removes?: unknown },
): CheckedCommand | undefined {
  const { checkMode } = module.schema;
  if (checkMode?.kind !== "command") return undefined;
  const changed = args.creates !== undefined || args.removes !== undefined;
  const skipped = changed ? {} : { skipped: true, ...checkMode.unguarded };
  return { result: { changed, ...skipped, ...checkMode.result }, changed };
}

// What a task with `check_mode: true` registers that is skipped, as its module cannot be checked;
// undefined: it can.
export function notChecked({ task: { module } }: Invocation): Record<string, unknown> | undefined {
  const { checkMode } = module.schema;
  if (checkMode?.kind !== "skipped") return undefined;
  return { changed: false, skipped: true, msg: checkMode.msg };
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
