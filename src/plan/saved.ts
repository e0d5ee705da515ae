import { createHash } from "node:crypto";
import type { Diff } from "../modules/module.ts";
import { canonical } from "../probes/probe.ts";
import { isChange, type Entry } from "./entry.ts";

/** One change that a saved plan promises. Digests are sha256; no content and no secret is in it. */
export interface PromisedChange {
  id: string;
  task: string;
  module: string;
  item?: string;
  /** What the host was like when it was planned. */
  before: string;
  after: string;
  steps: string;
  /** As it was shown to whoever reviewed it. */
  diff: Diff[];
}

/** What a saved plan promises for one host. */
export interface PromisedHost {
  changes: PromisedChange[];
  /** Tasks whose outcome was not known when it was planned. */
  deferred: string[];
}

// What the plan of a host promises.
export function promise(entries: readonly Entry[]): PromisedHost {
  return {
    changes: entries.filter(isChange).map(promiseChange),
    deferred: entries.filter((entry) => entry.status === "deferred" && !entry.readOnly).map((entry) => entry.id),
  };
}

function promiseChange(entry: Entry): PromisedChange {
  const { id, task, module, item, diff, change, probes = [] } = entry;
  const steps = { run: change?.steps.map((step) => step.run.sh) ?? [], files: change?.files?.map((file) => file.sha256) ?? [], user: entry.identity.user, ...(change?.runner ? { runner: change.runner } : {}) };
  return {
    id, task, module, ...(item === undefined ? {} : { item }), diff,
    before: digest(probes.map(([probe, before]) => [probe.key, before])), after: digest(probes.map(([probe, , after]) => [probe.key, after])), steps: digest(steps),
  };
}

function digest(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}

/**
 * What moved on a host since its plan was saved, in words; empty: the promise can be kept. A promised
 * change that is missing now is fine: the host is already so.
 */
export function moved(promised: PromisedHost, entries: readonly Entry[]): string[] {
  const now = promise(entries);
  const known = new Map(promised.changes.map((change) => [change.id, change]));
  const reasons: string[] = [];
  for (const change of now.changes) {
    const old = known.get(change.id);
    const name = change.item === undefined ? `"${change.task}"` : `"${change.task}" [${change.item}]`;
    if (!old && !promised.deferred.some((id) => change.id === id || change.id.startsWith(`${id}[`))) reasons.push(`${name} is a change now, and was none${titles(change.diff)}`);
    else if (old && old.before !== change.before) reasons.push(`${name} finds another state than the one it was planned on${movedTitles(old.diff, change.diff)}`);
    else if (old && (old.after !== change.after || old.steps !== change.steps)) reasons.push(`${name} would do something else${movedTitles(old.diff, change.diff)}`);
  }
  return reasons;
}

// The keys whose lines of the diff are not those that were reviewed.
function movedTitles(old: readonly Diff[], now: readonly Diff[]): string {
  const reviewed = new Set(old.map((diff) => canonical(diff)));
  return titles(now.filter((diff) => !reviewed.has(canonical(diff))));
}

function titles(diffs: readonly Diff[]): string {
  return diffs.length === 0 ? "" : `: ${diffs.map((diff) => diff.title).join(", ")}`;
}
