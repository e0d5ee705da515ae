import { hasStatus, hasSteps, type Entry } from "../model/entry.ts";
import { walkOf } from "../model/pass-walks.ts";
import type { Invocation } from "../model/invocation.ts";
import { loseHost, type Walk } from "../model/state.ts";
import { isSetAfterAll } from "../scope/flags.ts";
import { dropChange, fail, setResult } from "./write-entry.ts";
import { defined } from "../../defined.ts";

// A task that wants a host which cannot be reached fails with it; only ignore_unreachable lets the play go on.
export function failUnreachable(walk: Walk, item: Invocation, entry: Entry): void {
  const { known, missing } = entry.on === undefined ? walk : walkOf(walk.pass, entry.on);
  const needsHost =
    hasStatus(entry, "waiting") ||
    hasSteps(entry) ||
    (hasStatus(entry, "deferred") && missing.size > 0);
  const broken = walk.known.broken !== undefined && needsHost;
  if (!broken && !(known.unreachable && needsHost)) return;
  const { message = "", hint } = known.unreachable ?? {};
  const isIgnored = !broken && isSetAfterAll(item, "ignore_unreachable");
  dropChange(entry);
  fail(entry, { message, ...defined({ hint }) }, { isIgnored });
  setResult(entry, { unreachable: true, changed: false, msg: message });
  if (!isIgnored) loseHost(walk);
}
