import type { Place } from "../errors.ts";
import { showPlace } from "../errors.ts";
import type { HostRun } from "../run/host-run.ts";
import type { Entry, EntryOf, FailedEntry, FailureScope } from "../plan/model/entry.ts";
import type { Diff, StepOutput } from "../modules/contract/module.ts";

/**
 * The status of a task. `ignored`: it failed, and the play continued (ignore_errors); `rescued`: it
 * failed, and a rescue handled it; `deferred`: known after apply; `not_reached`: it was planned,
 * and the run ended before it.
 */
export type TaskStatus =
  "ok" | "changed" | "skipped" | "failed" | "ignored" | "rescued" | "deferred" | "not_reached";

/** The result of a task, or of one item of its loop. */
export interface Result {
  status: TaskStatus;
  /** Why it is skipped or deferred, and what an ignored or rescued failure said. */
  reason?: string;
  /** What a command printed, and the code that it ended with. */
  output?: { code: number | null; stdout: string; stderr: string };
  /** What debug prints. */
  says?: string;
  /** Its place in the host's list of changes. */
  change?: number;
  /** How long its steps took, as seen from here; of a command that only looks, as its host says. */
  seconds?: number;
  /** The host's questions that were asked for it, by their places in the list. */
  questions?: number[];
}

export interface ItemReport extends Result {
  item: string;
}

/** One task on one host. */
export interface TaskReport extends Result {
  task: string;
  module: string;
  play: string;
  /** file:line:column */
  place: string;
  /** The host on which it is done, where that is another. */
  on?: string;
  /** What became of each item of its loop. */
  items?: ItemReport[];
}

/**
 * Ansible's counts of tasks by what became of them; `ok` counts the changed and
 * the ignored ones, too.
 */
export interface Counts {
  ok: number;
  changed: number;
  skipped: number;
  failed: number;
  ignored: number;
  rescued: number;
}

/** What is needed to report the results of a host. */
export interface ReportDetail {
  /** apply: what was not done is no change. */
  onlyDone: boolean;
  /** The host's changes, one for each entry that is one. */
  changes: ReadonlyMap<Entry, ChangeReport>;
  /** How long the steps of an entry took. */
  seconds(entry: Entry): number | undefined;
}

// All tasks of a host, in the order in which they came; a loop is one task.
export function reportTasks(
  run: HostRun,
  entries: readonly Entry[],
  telling: ReportDetail,
): TaskReport[] {
  const order = [...telling.changes.keys()];
  return loopsOf(entries).map((group) => {
    const first = group[0]!;
    const results = group.map((entry) => resultOf(run, entry, telling, order.indexOf(entry)));
    const head: TaskReport = {
      task: first.title,
      module: first.module,
      play: run.host.playbook.plays[first.play]?.title ?? "",
      place: showPlace(first.place),
      status: "ok",
    };
    if (first.on !== undefined) head.on = first.on;
    if (first.item === undefined) return { ...head, ...results[0]! };
    const items = results.map((result, index) => ({ item: group[index]!.item ?? "", ...result }));
    return { ...head, status: sumUp(items.map(({ status }) => status)), items };
  });
}

// Entries of one loop belong together.
export function loopsOf(entries: readonly Entry[]): Entry[][] {
  const groups: Entry[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (
      last &&
      entry.item !== undefined &&
      last[0]!.item !== undefined &&
      taskId(last[0]!) === taskId(entry)
    )
      last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

// The id of the task that an item of a loop belongs to.
export function taskId({ id }: Entry): string {
  return id.replace(/\[\d+\]$/, "");
}

/** The status of a loop is the first of these that one of its items has. */
const WEIGHT: readonly TaskStatus[] = [
  "failed",
  "rescued",
  "ignored",
  "not_reached",
  "deferred",
  "changed",
  "ok",
  "skipped",
];

function sumUp(statuses: readonly TaskStatus[]): TaskStatus {
  return WEIGHT.find((status) => statuses.includes(status)) ?? "skipped";
}

function resultOf(
  run: HostRun,
  entry: Entry,
  { onlyDone, seconds }: ReportDetail,
  change: number,
): Result {
  const result: Result = { status: statusOf(run, entry, onlyDone) };
  const reason = reasonOf(entry);
  const output = entry.noLog || result.status === "not_reached" ? undefined : outputOf(entry);
  const took = seconds(entry) ?? lookTime(entry);
  const questions = run.known.questions.flatMap(({ by }, index) =>
    entry.on === undefined && by.has(entry.id) ? [index] : [],
  );
  if (reason !== undefined) result.reason = reason;
  if (output) result.output = output;
  const says = "shows" in entry.verdict ? entry.verdict.shows : undefined;
  if (says !== undefined) result.says = says;
  if (change >= 0) result.change = change;
  if (took !== undefined) result.seconds = toMilliseconds(took);
  if (questions.length > 0) result.questions = questions;
  return result;
}

// Seconds with three decimals: no more than that is measured.
export function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

// How long a command that only looks ran on its host, by the host's own clock.
function lookTime({ readOnly, probes }: Entry): number | undefined {
  if (!readOnly) return undefined;
  const times = probes
    .map(([, , state]) => (state as Partial<StepOutput> | null)?.times)
    .find((known) => Array.isArray(known));
  if (!times) return undefined;
  const [begin, end] = times.map((moment) => Number.parseFloat(moment));
  return Math.max(0, end! - begin!);
}

function statusOf({ known }: HostRun, entry: Entry, onlyDone: boolean): TaskStatus {
  const { verdict, change, id } = entry;
  switch (verdict.status) {
    case "failed":
      return FAILED[verdict.scope];
    case "waiting":
      return "not_reached";
    case "changed": {
      const isLeft = onlyDone && change !== undefined && !known.completed.get(id)?.outcome;
      return isLeft ? "not_reached" : "changed";
    }
    case "ok":
    case "skipped":
    case "deferred":
      return verdict.status;
  }
}

/** What a failure is called, by what it ends. */
const FAILED: Readonly<Record<FailureScope, TaskStatus>> = {
  ignored: "ignored",
  rescued: "rescued",
  host: "failed",
  all: "failed",
};

// The parts of a failure that may be shown.
export function toldFailure({
  verdict: { failure },
  noLog,
}: Pick<FailedEntry, "verdict" | "noLog">): { message: string; hint?: string; place?: Place } {
  if (!noLog) return failure;
  const message = "the message is hidden because no_log is set";
  return failure.place ? { message, place: failure.place } : { message };
}

// Why a task is as it is.
function reasonOf(entry: Entry): string | undefined {
  const { verdict, noLog } = entry;
  switch (verdict.status) {
    case "failed":
      return toldFailure({ verdict, noLog }).message;
    case "deferred":
      return noLog ? undefined : `it needs ${whyDeferred(verdict)}`;
    case "skipped":
      return whySkipped(verdict.why, entry);
    case "ok":
    case "changed":
    case "waiting":
      return undefined;
  }
}

// What a task needs that apply brings, and what is wrong with it already.
export function whyDeferred({ why, wouldFail }: EntryOf<"deferred">["verdict"]): string {
  return wouldFail === undefined ? why : `${why}; if it is done, it fails: ${wouldFail}`;
}

// Why a task is skipped: the condition that is false, or what its result says.
function whySkipped(why: string | undefined, { noLog, result }: Entry): string | undefined {
  if (why !== undefined) return noLog ? "its condition is false" : `${inOneLine(why)} is false`;
  const said = result["msg"] ?? result["skip_reason"];
  return typeof said === "string" && !noLog ? said : undefined;
}

// A condition that is written over several lines, as one.
function inOneLine(condition: string): string {
  return condition.trim().replace(/\s*\n\s*/g, " ");
}

// What a command printed, as `register` has it.
function outputOf({ result }: Entry): Result["output"] {
  const { stdout, stderr, rc } = result;
  if (typeof stdout !== "string" || (stdout === "" && (stderr ?? "") === "" && rc === undefined))
    return undefined;
  return {
    code: typeof rc === "number" ? rc : null,
    stdout,
    stderr: typeof stderr === "string" ? stderr : "",
  };
}

// Counts tasks as Ansible's recap does: what a `meta` does to the run itself is none.
export function countTasks(tasks: readonly TaskReport[]): Counts {
  const count = (...statuses: TaskStatus[]): number =>
    tasks.filter(({ status, module }) => module !== "meta" && statuses.includes(status)).length;
  return {
    ok: count("ok", "changed", "ignored"),
    changed: count("changed"),
    skipped: count("skipped"),
    failed: count("failed"),
    ignored: count("ignored"),
    rescued: count("rescued"),
  };
}

/** One line of a host's change list. */
export interface ChangeReport {
  task: string;
  module: string;
  item?: string;
  /** The host on which it is done, where that is another. */
  on?: string;
  diff: readonly Diff[];
  /** The task has `diff: true`: apply shows its diff without --diff, too. */
  diff_wanted?: true;
  /** The shell that puts back what was replaced; null where there is none, as for commands. */
  undo: string | null;
}
