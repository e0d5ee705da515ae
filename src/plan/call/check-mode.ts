import { wantKnown } from "../scope/arguments.ts";
import type { Entry } from "../model/entry.ts";
import type { Invocation } from "../model/invocation.ts";
import { skip } from "../entry/write-entry.ts";
import { flagOf } from "../scope/flags.ts";

// A command with `check_mode: true` is not run, because nobody knows what it would do.
export function isLeftOut(item: Invocation, entry: Entry): boolean {
  const { creates, removes } = entry.args as { creates?: unknown; removes?: unknown };
  if (
    !item.task.module.probe ||
    creates !== undefined ||
    removes !== undefined ||
    wantKnown(flagOf(item, "check_mode")) !== true
  )
    return false;
  skip(entry, {
    changed: false,
    skipped: true,
    msg: "Command would have run if not in check mode",
    stdout: "",
    stderr: "",
    rc: 0,
  });
  return true;
}
