import { hasStatus, isUnknown, type Entry } from "./model/entry.ts";
import { brokenPromise, promise, stepsOf } from "./saved.ts";
import { canonical } from "../canonical.ts";

/** What was shown of a host to whoever agreed to it: its entries by their ids. */
export type Shown = ReadonlyMap<string, Entry>;

/** An entry is not what was shown of it. */
export interface Departure {
  message: string;
  hint: string;
}

const HINT =
  "nothing was done; run it again to see the new plan, or with --yes to apply without reviewing it";

// What is shown of a host now.
export function shownOf(entries: readonly Entry[]): Shown {
  return new Map(entries.map((entry) => [entry.id, entry]));
}

/**
 * Whether tasks of a host are planned again after one that may change anything, or after
 * something unknown. The comparison of each change with the state it was planned from then no
 * longer reaches back to what was shown.
 */
export function isPlannedAnew(shown: Shown): boolean {
  return [...shown.values()].some(
    (entry) => entry.change?.opaque === true || (hasStatus(entry, "deferred") && !entry.readOnly),
  );
}

// Why a host is not any more as it was shown, before anything is done on it; undefined: it is.
export function changedSinceShown(shown: Shown, now: readonly Entry[]): Departure | undefined {
  const broken = brokenPromise(promise([...shown.values()]), now);
  if (!broken) return undefined;
  const what = broken.isByHost ? "the host has" : "the plan of this host has";
  return {
    message: `${what} changed since it was shown: ${broken.reasons.join("; ")}`,
    hint: "nothing was done on this host; run it again to see the new plan",
  };
}

/**
 * What is about to be done but was not shown; undefined: it was shown. What was shown as known
 * after apply may turn out to be anything, and so may what the playbook does about a failure. A
 * task after one that may change anything may find another state than was shown, as long as it ends
 * in the state that was shown; handlers belong to what notified them.
 */
export function departure(
  shown: Shown,
  entry: Entry,
  now: readonly Entry[],
): Departure | undefined {
  if (!entry.change) return undefined;
  const old = shown.get(entry.id);
  const isAnnounced = now.some((one) => hasStatus(one, "failed")) || isHandler(entry);
  if (!old) return isAnnounced || isFromUnknown(shown, entry) ? undefined : refuse(entry, "");
  if (isUnknown(old)) return undefined;
  if (old.change)
    return isSameOutcome(old, entry)
      ? undefined
      : refuse(entry, "it would do something different from what was shown");
  if (isAnnounced || restores(old, entry)) return undefined;
  return refuse(
    entry,
    `it was ${hasStatus(old, "skipped") ? "to be skipped" : "as it should be"} and is a change now`,
  );
}

function refuse({ diff }: Entry, why: string): Departure {
  const titles = diff.map(({ title }) => title).join(", ");
  return {
    message: `this has changed since it was shown: ${why === "" ? "it was no part of it" : why}${titles === "" ? "" : `: ${titles}`}`,
    hint: HINT,
  };
}

// The id of a handler says at which flush it runs.
function isHandler({ id }: Entry): boolean {
  return id.includes("@");
}

// Whether an entry belongs to a loop or an include whose content was not known.
function isFromUnknown(shown: Shown, { id }: Entry): boolean {
  return [...shown.values()].some(
    (old) =>
      hasStatus(old, "deferred") &&
      (old.module.startsWith("include_") || id.startsWith(`${old.id}[`)),
  );
}

// Whether an entry ends in what was shown: the same steps, or the same states where what
// it leaves can be looked at.
function isSameOutcome(old: Entry, entry: Entry): boolean {
  if (old.identity.user !== entry.identity.user || old.on !== entry.on) return false;
  const looked = entry.change?.opaque === true ? undefined : sameStates(old, entry);
  return looked ?? canonical(stepsOf(old)) === canonical(stepsOf(entry));
}

// Whether what was shown as right is put right again.
function restores(old: Entry, entry: Entry): boolean {
  return (
    hasStatus(old, "ok") &&
    old.on === entry.on &&
    entry.change?.opaque !== true &&
    sameStates(old, entry) === true
  );
}

// Whether two entries end in the same states, as far as a check can tell; undefined:
// there is nothing to check.
function sameStates(old: Entry, entry: Entry): boolean | undefined {
  const before = new Map(old.probes.map(([probe, , after]) => [probe.key, after]));
  const looks = entry.probes.flatMap(([probe, , after]) => {
    const words = (state: unknown): readonly unknown[] =>
      probe.kind.look?.words(state, probe.arg as never) ?? [];
    const wanted = words(after);
    if (wanted.length === 0) return [];
    const shown = before.get(probe.key);
    return [shown !== undefined && isSameWords(words(shown), wanted)];
  });
  return looks.length === 0 ? undefined : looks.every(Boolean);
}

// Words that were unknown when they were shown may turn out to be anything.
function isSameWords(shown: readonly unknown[], now: readonly unknown[]): boolean {
  return (
    shown.length === now.length &&
    shown.every(
      (word, at) =>
        word === null || now[at] === null || typeof word === "object" || word === now[at],
    )
  );
}
