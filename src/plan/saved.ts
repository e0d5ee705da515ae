import { whoOf } from "./scope/login.ts";
import type { Diff } from "../modules/contract/module.ts";
import { hasStatus, isChange, type Entry } from "./model/entry.ts";
import { defined } from "../defined.ts";
import type { Json } from "../value.ts";
import { sha256Hex } from "../sha256.ts";
import { canonical } from "../canonical.ts";

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
  diff: readonly Diff[];
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
    deferred: entries
      .filter((entry) => hasStatus(entry, "deferred") && !entry.readOnly)
      .map((entry) => entry.id),
  };
}

function promiseChange(entry: Entry): PromisedChange {
  const { id, task, module, item, diff, probes } = entry;
  return {
    id,
    task,
    module,
    ...defined({ item }),
    diff,
    before: digest(probes.map(([probe, before]) => [probe.key, withoutSize(before)])),
    after: digest(probes.map(([probe, , after]) => [probe.key, withoutSize(after)])),
    steps: digest(stepsOf(entry)),
  };
}

// A directory's size says nothing of what it is: any file that comes or goes in it may change it.
function withoutSize(state: Json): Json {
  if (typeof state !== "object" || state === null || Array.isArray(state)) return state;
  if (state["type"] !== "directory") return state;
  const { size: _size, ...rest } = state;
  return rest;
}

// What an entry would do, as data.
export function stepsOf({ change, identity }: Entry): object {
  return {
    run: change?.steps.map((step) => step.run.sh) ?? [],
    files: change?.files?.map((file) => file.sha256) ?? [],
    user: whoOf(identity),
    ...defined({ runner: change?.runner ? change.runner : undefined }),
  };
}

function digest(value: unknown): string {
  return sha256Hex(canonical(value));
}

/** Why a promise cannot be kept. */
export interface Broken {
  reasons: string[];
  /**
   * The host itself is another one than before; else something that it does not decide: its facts,
   * other hosts, this machine.
   */
  isByHost: boolean;
}

/**
 * What is not any more as it was when the plan of a host was saved; undefined: the promise can be
 * kept. A promised change that is missing now is fine: the host is already so.
 */
export function brokenPromise(
  promised: PromisedHost,
  entries: readonly Entry[],
): Broken | undefined {
  const now = promise(entries);
  const known = new Map(promised.changes.map((change) => [change.id, change]));
  const reasons: string[] = [];
  let isByHost = false;
  const add = (reason: string, ofHost: boolean): void => {
    reasons.push(reason);
    isByHost ||= ofHost;
  };
  for (const change of now.changes) {
    const old = known.get(change.id);
    const name =
      change.item === undefined ? `"${change.task}"` : `"${change.task}" [${change.item}]`;
    if (!old && !promised.deferred.some((id) => change.id === id || change.id.startsWith(`${id}[`)))
      add(`${name} is now a change, and was none${titles(change.diff)}`, true);
    else if (old && old.before !== change.before)
      add(
        `${name} finds a different state from the one that it was planned from${movedTitles(old.diff, change.diff)}`,
        true,
      );
    else if (old && (old.after !== change.after || old.steps !== change.steps))
      add(`${name} would do something different${movedTitles(old.diff, change.diff)}`, false);
  }
  return reasons.length === 0 ? undefined : { reasons, isByHost };
}

// The keys whose lines of the diff are not those that were reviewed.
function movedTitles(old: readonly Diff[], now: readonly Diff[]): string {
  const reviewed = new Set(old.map((diff) => canonical(diff)));
  return titles(now.filter((diff) => !reviewed.has(canonical(diff))));
}

function titles(diffs: readonly Diff[]): string {
  return diffs.length === 0 ? "" : `: ${diffs.map((diff) => diff.title).join(", ")}`;
}
