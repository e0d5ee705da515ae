import type { Entry, Identity, Outcome } from "../plan/model/entry.ts";
import { forgetSilence, forgetStates, type HostKnowledge } from "../plan/model/host.ts";
import { madeBy } from "../plan/call/overlay.ts";
import { whoOf } from "../plan/scope/login.ts";
import { answerKey } from "../plan/view/host-view.ts";
import type { Made } from "../plan/view/observed.ts";
import { behindSuffix } from "../probes/probe.ts";
import { path, type PathState } from "../probes/files/path.ts";
import { askLastRun } from "../probes/journal/last-run.ts";

// A host that was away may come back with another kernel and another address:
// facts are gathered again, too.
function forgetHost(known: HostKnowledge): void {
  known.answers.clear();
  known.returns++;
  forgetSilence(known);
}

/**
 * Fields of a state that only the host can know: the result of a download, the numbers and the
 * shell of a new account, the target of an image's name.
 */
const ONLY_HOST_KNOWS: ReadonlySet<string> = new Set(["sha256", "uid", "gid", "shell", "target"]);

// Whether a state has such a field that is not known.
function isIncomplete(state: unknown): boolean {
  if (typeof state !== "object" || state === null) return false;
  return Object.entries(state).some(
    ([field, value]) => (value === null && ONLY_HOST_KNOWS.has(field)) || isIncomplete(value),
  );
}

// Whether a file is made whose content is not known before it is asked for (a hard link).
function isContentUnknown({ kind, before, after }: Made): boolean {
  const state = after as PathState;
  return (
    kind === path.name && before === null && state?.type === "file" && state.sha256 === undefined
  );
}

// What was asked or made elsewhere than where an executed entry was planned, in the order of
// questions that may change the host, is of no use any more.
function goBehind(known: HostKnowledge, { behind }: Entry): void {
  if (behind === undefined || behind === (known.changesBehind ?? "")) return;
  const suffix = behindSuffix(behind);
  for (const key of known.answers.keys())
    if (known.asked.get(key) !== "once" && !key.endsWith(suffix)) known.answers.delete(key);
  known.changes.length = 0;
  known.changesBehind = behind;
}

// What an executed entry leaves behind: its states; but commands and texts are asked for again. If
// anything may have changed, or nobody knows how, so is everything else.
export function takeOutcome(known: HostKnowledge, entry: Entry, outcome: Outcome): void {
  const { change } = entry;
  if (change?.runner?.kind === "reconnect" && outcome.status === "done") forgetHost(known);
  const made = madeBy(entry);
  goBehind(known, entry);
  known.noUsers.clear();
  known.noLogins.clear();
  if (
    !change ||
    outcome.status === "failed" ||
    change.opaque ||
    isIncomplete([change.after, change.also]) ||
    made.some(isContentUnknown)
  ) {
    forgetStates(known);
    return;
  }
  for (const key of known.answers.keys())
    if (known.asked.get(key) === "each change") known.answers.delete(key);
  known.changes.push(...made);
}

// The run that changed the host last, as a user found it; undefined: it was not asked.
export function lastRunSeen({ answers }: HostKnowledge, identity: Identity): string | undefined {
  return answers.get(answerKey(askLastRun(), whoOf(identity))) as string | undefined;
}
