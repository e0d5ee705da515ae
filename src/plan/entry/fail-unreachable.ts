import { hasStatus, hasSteps, type Entry } from "../model/entry.ts";
import { walkOf } from "../model/pass-walks.ts";
import type { Invocation } from "../model/invocation.ts";
import { loseHost, type Walk } from "../model/state.ts";
import type { UnreachableError } from "../../errors.ts";
import { isSetAfterAll } from "../scope/flags.ts";
import { dropChange, fail, setResult } from "./write-entry.ts";
import { defined } from "../../defined.ts";

// A task that wants a host fails with it: where it cannot be reached, only ignore_unreachable lets
// the play go on; where its part is over for a reason of its own, nothing does.
export function failUnreachable(walk: Walk, item: Invocation, entry: Entry): void {
  const { known, missing } = entry.on === undefined ? walk : walkOf(walk.pass, entry.on);
  const needsHost =
    hasStatus(entry, "waiting") ||
    hasSteps(entry) ||
    (hasStatus(entry, "deferred") && missing.size > 0);
  const refusal = walk.known.lostLogins.get(entry.id);
  if (refusal && needsHost) return failLogin(walk, item, entry, refusal);
  if (!needsHost) return;
  const { broken } = walk.known;
  if (broken) {
    failAs(entry, broken, { failed: true }, false);
    loseHost(walk);
  } else if (known.unreachable) {
    const isIgnored = isSetAfterAll(item, "ignore_unreachable");
    failAs(entry, known.unreachable, { unreachable: true }, isIgnored);
    if (!isIgnored) loseHost(walk);
  }
}

// Only the task whose own login fails is unreachable: if that is ignored, tasks
// with other logins continue.
export function failLogin(
  walk: Walk,
  item: Invocation,
  entry: Entry,
  error: UnreachableError,
): void {
  const isIgnored = isSetAfterAll(item, "ignore_unreachable");
  failAs(entry, error, { unreachable: true }, isIgnored);
  if (!isIgnored) loseHost(walk, error);
}

// The entry fails as its host, or its own login, does; its result says how.
function failAs(
  entry: Entry,
  { message, hint }: { message: string; hint?: string | undefined },
  how: { unreachable: true } | { failed: true },
  isIgnored: boolean,
): void {
  dropChange(entry);
  fail(entry, { message, ...defined({ hint }) }, { isIgnored });
  setResult(entry, { ...how, changed: false, msg: message });
}
