import { wantKnown } from "./arguments.ts";
import type { Entry } from "./entry.ts";
import type { Item } from "./spec.ts";
import { flagOf } from "./flags.ts";

// A command with `check_mode: true` is not run, as nobody knows what it would do.
export function isLeftOut(item: Item, entry: Entry): boolean {
  const { creates, removes } = entry.args as { creates?: unknown; removes?: unknown };
  if (!item.task.module.probe || creates !== undefined || removes !== undefined || wantKnown(flagOf(item, "check_mode")) !== true) return false;
  entry.status = "skipped";
  entry.result = { changed: false, skipped: true, msg: "Command would have run if not in check mode", stdout: "", stderr: "", rc: 0 };
  return true;
}
