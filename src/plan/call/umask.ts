import type { Schema } from "../../modules/contract/schema.ts";
import { needsUmask } from "../../modules/shared/files/attributes.ts";
import { askUmask } from "../../probes/files/umask.ts";
import { Unknown } from "../../value.ts";
import type { Entry } from "../model/entry.ts";
import { NotAsked, NotKnown } from "../model/signals.ts";
import type { Walk } from "../model/state.ts";
import { whoOf } from "../scope/login.ts";
import { wantToo } from "./observe.ts";

// Asks for the umask along with a task's own questions, if the task may make something
// whose mode depends on it.
export function wantUmask(
  walk: Walk,
  { arguments: known }: Schema,
  args: { readonly mode?: unknown },
  entry: Entry,
): void {
  if (known["mode"]?.type === "mode" && needsUmask(args.mode)) wantToo(walk, askUmask(), entry);
}

// The umask with which the login begins as whom a task makes files.
export function umaskOf(walk: Walk, entry: Entry): number {
  const umask = walk.view.get(askUmask(), whoOf(entry.identity));
  if (umask instanceof Unknown) throw new NotKnown(umask);
  if (umask !== undefined) return umask as number;
  wantToo(walk, askUmask(), entry);
  throw new NotAsked("the host");
}
