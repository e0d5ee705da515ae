import { hasSteps, type Entry } from "../model/entry.ts";
import { walkOf } from "../model/pass-walks.ts";
import type { Invocation } from "../model/invocation.ts";
import type { Walk } from "../model/state.ts";
import { isSetAfterAll } from "../scope/flags.ts";
import { defined } from "../../defined.ts";

// A task that wants a host which cannot be reached fails with it; only ignore_unreachable lets the play go on.
export function failUnreachable(walk: Walk, item: Invocation, entry: Entry): void {
  const { known, missing } = entry.on === undefined ? walk : walkOf(walk.pass, entry.on);
  const needsHost =
    entry.status === "waiting" ||
    hasSteps(entry) ||
    (entry.status === "deferred" && missing.size > 0);
  const broken = walk.known.broken !== undefined && needsHost;
  if (!broken && !(known.unreachable && needsHost)) return;
  const { message = "", hint } = known.unreachable ?? {};
  entry.status = "failed";
  delete entry.change;
  delete entry.unknown;
  entry.failure = { message, ...defined({ hint }) };
  entry.result = { unreachable: true, changed: false, msg: message };
  entry.ignored = !broken && isSetAfterAll(item, "ignore_unreachable");
  if (!entry.ignored) walk.stopped = "lost";
}
