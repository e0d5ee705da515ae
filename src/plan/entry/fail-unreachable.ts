import { hasStatus, hasSteps, type Entry } from "../model/entry.ts";
import { walkOf } from "../model/pass-walks.ts";
import type { Invocation } from "../model/invocation.ts";
import { loseHost, type Walk } from "../model/state.ts";
import type { UnreachableError } from "../../errors.ts";
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
  const refusal = walk.known.lostLogins.get(entry.id);
  if (refusal && needsHost) return failLogin(walk, item, entry, refusal);
  const broken = walk.known.broken !== undefined && needsHost;
  if (!broken && !(known.unreachable && needsHost)) return;
  const isIgnored = !broken && isSetAfterAll(item, "ignore_unreachable");
  failAs(entry, known.unreachable, isIgnored);
  if (!isIgnored) loseHost(walk);
}

// Only the task whose own login fails is unreachable: if that is ignored, tasks with other logins continue.
export function failLogin(
  walk: Walk,
  item: Invocation,
  entry: Entry,
  error: UnreachableError,
): void {
  const isIgnored = isSetAfterAll(item, "ignore_unreachable");
  failAs(entry, error, isIgnored);
  if (!isIgnored) loseHost(walk, error);
}

// The entry fails as its host, or its own login, does.
function failAs(entry: Entry, error: UnreachableError | undefined, isIgnored: boolean): void {
  const { message = "", hint } = error ?? {};
  dropChange(entry);
  fail(entry, { message, ...defined({ hint }) }, { isIgnored });
  setResult(entry, { unreachable: true, changed: false, msg: message });
}
