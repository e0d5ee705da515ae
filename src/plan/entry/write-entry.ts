/**
 * The one file that writes an entry while its task is planned: one function for each verdict, and
 * one for each thing that planning finds out on the way. Everybody else reads entries.
 */
import type { RunAction } from "../../modules/contract/module.ts";
import type { Json, Unknown } from "../../value.ts";
import type { Decided } from "../model/signals.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type {
  Entry,
  FailedEntry,
  FailedVerdict,
  Identity,
  PlannedChange,
  ProbedState,
} from "../model/entry.ts";
import type { Probe } from "../../probes/probe.ts";

/** An entry while it is written. */
type Draft = { -readonly [K in keyof Entry]: Entry[K] };

type Result = Entry["result"];

// The task finds everything as wanted, or changes something.
export function settle(entry: Draft, status: "ok" | "changed"): void {
  entry.verdict = { status };
}

// The task is not done: `why` is the condition that is false.
export function skip(entry: Draft, result: Result, why?: string): void {
  entry.verdict = why === undefined ? { status: "skipped" } : { status: "skipped", why };
  entry.result = result;
}

// The task fails.
export function fail(
  entry: Draft,
  failure: FailedVerdict["failure"],
  { isIgnored = false, isUnsupported = false } = {},
): void {
  entry.verdict = failedVerdict(failure, isIgnored ? "ignored" : "host", isUnsupported);
}

// The verdict of a task that failed.
export function failedVerdict(
  failure: FailedVerdict["failure"],
  scope: FailedVerdict["scope"] = "host",
  unsupported = false,
): FailedVerdict {
  return { status: "failed", failure, scope, unsupported };
}

// The failure of a task is one of all hosts.
export function failForAll(entry: FailedEntry): void {
  const draft: Draft = entry;
  draft.verdict = { ...entry.verdict, scope: "all" };
}

// The same failure once a rescue took care of it.
export function rescued(entry: FailedEntry): FailedEntry {
  return { ...entry, verdict: { ...entry.verdict, scope: "rescued" } };
}

// The host or the controller must be asked first.
export function waitFor(entry: Draft, unknown: Unknown, why: string): void {
  entry.verdict = { status: "waiting", why, unknown };
}

// The result of the task is known after apply.
export function defer(entry: Draft, unknown: Unknown, decides?: Decided): void {
  const open = { status: "deferred", why: unknown.why, unknown } as const;
  entry.verdict = decides === undefined ? open : { ...open, decides };
}

// Why a task that is known after apply fails if it is done.
export function foretell(entry: Draft, wouldFail: string): void {
  const { verdict } = entry;
  if (verdict.status === "deferred") entry.verdict = { ...verdict, wouldFail };
}

// The task ran, and runs again after the given number of seconds.
export function retryAfter(entry: Draft, after: number, unknown: Unknown): void {
  entry.verdict = { status: "changed", retry: { after, unknown } };
}

// What the task prints for people.
export function show(entry: Draft, shows: string): void {
  entry.verdict = { status: "ok", shows };
}

// What `register` sees.
export function setResult(entry: Draft, result: Result): void {
  entry.result = result;
}

// The host that the task runs on, if it is another one, and the user that it runs as.
export function setPlace(entry: Draft, identity: Identity, on?: string): void {
  entry.identity = identity;
  if (on !== undefined) entry.on = on;
}

// What the task says, as it is rendered.
export function setArguments(entry: Draft, args: unknown): void {
  entry.args = args;
}

// The topics of `notify`, as they are rendered.
export function setTopics(entry: Draft, topics: readonly string[]): void {
  entry.wouldNotify = topics;
}

// The handlers that the task notifies.
export function setNotifies(entry: Draft, notices: readonly string[]): void {
  entry.notifies = notices;
}

// The task only looks.
export function markReadOnly(entry: Draft): void {
  entry.readOnly = true;
}

// Behind which questions that may have changed the host it is planned.
export function setBehind(entry: Draft, behind: string): void {
  entry.behind = behind;
}

// What was asked, and what the host is like; `doubt` is a task that is planned
// before and may change that.
export function setProbes(
  entry: Draft,
  answers: readonly (readonly [probe: Probe<unknown>, state: Json])[],
  doubt?: string,
): void {
  if (doubt !== undefined && answers.length > 0) entry.doubt = doubt;
  entry.probes = answers.map(([probe, state]): ProbedState => [probe, state, state]);
}

// What to do, and the host's state afterwards.
export function setChange(entry: Draft, change: PlannedChange, probes = entry.probes): void {
  entry.change = change;
  entry.probes = probes;
}

// How a change is shown; `isWanted`: also by a run that shows no diffs.
export function setDiff(entry: Draft, diff: Entry["diff"], isWanted: boolean): void {
  entry.diff = diff;
  entry.showsDiff = isWanted;
}

// Nothing is done after all.
export function dropChange(entry: Draft): void {
  delete entry.change;
}

// What the task does to the run itself.
export function setAction(entry: Draft, action: RunAction): void {
  entry.action = action;
}

// The variables that the task read.
export function setVariables(entry: Draft, variables: ReadonlyMap<string, YamlNode>): void {
  entry.variables = variables;
}

// How hosts wait for each other at the task.
export function setPace(entry: Draft, barrier: boolean, throttle: number | undefined): void {
  entry.barrier = barrier;
  if (throttle !== undefined) entry.throttle = throttle;
}

/** What is shown for the item of a loop with no_log. */
const CENSORED = "(censored due to no_log)";

// What the task says is hidden.
export function hide(entry: Draft): void {
  entry.noLog = true;
  if (entry.item !== undefined) entry.item = CENSORED;
}

// What people call the task.
export function setTitle(entry: Draft, title: string): void {
  entry.title = title;
}
