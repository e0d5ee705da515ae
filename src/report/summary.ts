import { showPlace } from "../errors.ts";
import type { HostRun } from "../run/host-run.ts";
import type { Entry, EntryOf, FailedEntry } from "../plan/model/entry.ts";
import {
  countTasks,
  loopsOf,
  reportTasks,
  taskId,
  toldFailure,
  toMilliseconds,
  whyDeferred,
  type Counts,
  type TaskReport,
  type ChangeReport,
} from "./tasks.ts";

/** `not_reached`: the run ended before the host's turn came. */
export type HostStatus = "ok" | "changed" | "not_reached" | "failed" | "unreachable";

/** Why a host failed. */
export interface FailureReport {
  task: string;
  message: string;
  hint?: string;
  place?: string;
  /** Each item of a loop that failed, where several did. */
  items?: { item: string; message: string; hint?: string }[];
}

/** The result of a run on one host. */
export interface HostReport {
  status: HostStatus;
  /** Why the run did not reach all of its tasks, if that is not a failure of the host. */
  cut?: string;
  /**
   * A task that may change anything, if tasks after it are planned from the host's present state.
   */
  behind?: string;
  counts: Counts;
  changes: ChangeReport[];
  failed: FailureReport | null;
  /** Tasks whose outcome is known only after apply. */
  deferred: string[];
  tasks: TaskReport[];
  /** Questions and programs that the host was sent after login. */
  rounds: number;
  /** The questions of them, in their order; absent where there was none. */
  questions?: QuestionReport[];
  /** How many seconds logging in took; absent if nobody did. */
  connecting?: number;
}

/** A question that was put to a host: one program for many tasks. */
export interface QuestionReport {
  /** From sending it to its whole answer. */
  seconds: number;
  /** It asked for the host's facts, too. */
  facts?: true;
}

/** What was measured of a host. */
export interface Measured {
  /** Questions and programs that it was sent after login. */
  rounds: number;
  /** How long it took to log in. */
  connecting?: number | undefined;
  /** How long the steps of an entry took. */
  seconds?: (entry: Entry) => number | undefined;
}

// Sums up one host: what is planned, or only what was done.
export function reportHost(
  run: HostRun,
  { rounds, connecting, seconds = () => undefined }: Measured,
  onlyDone: boolean,
): HostReport {
  const entries = (run.walk?.entries ?? []).filter(
    (entry) => run.ended === undefined || entry.play <= run.ended.play,
  );
  const changed = entries.filter((entry) => isListed(run, entry, onlyDone));
  const changes = new Map(changed.map((entry) => [entry, reportChange(entry)]));
  const tasks = reportTasks(run, entries, { onlyDone, changes, seconds });
  const failed = failureOf(run);
  const unsure = unsureOf(entries, onlyDone ? [] : changed);
  const report: HostReport = {
    status: statusOf(run, failed !== null, changes.size),
    counts: countTasks(tasks),
    changes: [...changes.values()],
    failed,
    deferred: unsure.map(
      (entry) =>
        `${nameOf(entry)}: known after apply, needs ${entry.noLog ? entry.verdict.why : whyDeferred(entry.verdict)}`,
    ),
    tasks,
    rounds,
  };
  const questions = run.known.questions.map(({ seconds: took, facts }): QuestionReport => {
    const question: QuestionReport = { seconds: toMilliseconds(took) };
    return facts ? { ...question, facts } : question;
  });
  if (questions.length > 0) report.questions = questions;
  if (connecting !== undefined) report.connecting = toMilliseconds(connecting);
  if (run.cut !== undefined && !failed) report.cut = run.cut;
  const behind = onlyDone ? undefined : freeTask(entries);
  if (behind) report.behind = nameOf(behind);
  return report;
}

// The first task that may change anything and is followed by tasks that were planned from
// the host's present state.
function freeTask(entries: readonly Entry[]): Entry | undefined {
  const first = entries.findIndex(({ change }) => change?.opaque === true && !change.silent);
  const looks = ({ verdict: { status }, probes, change }: Entry): boolean =>
    (status === "ok" || status === "changed") &&
    change?.opaque !== true &&
    probes.some(([{ kind }]) => kind.look !== undefined);
  return first >= 0 && entries.slice(first).some(looks) ? entries[first] : undefined;
}

// What makes a plan inexact: what may change something, and looks whose failure would
// decide what else is done.
function unsureOf(entries: readonly Entry[], changed: readonly Entry[]): EntryOf<"deferred">[] {
  const deferred = entries.filter(
    (entry): entry is EntryOf<"deferred"> => entry.verdict.status === "deferred",
  );
  const open = new Set<Entry>([...changed, ...deferred.filter(mayChange)]);
  if (open.size === 0) return [];
  const last = entries.findLastIndex((entry) => open.has(entry));
  return deferred.filter((entry) => {
    const { decides } = entry.verdict;
    return (
      mayChange(entry) ||
      decides === "rescue" ||
      (decides === "host" && entries.indexOf(entry) < last)
    );
  });
}

// Whether a task that is known after apply may change something: its host, or which hosts
// there are.
function mayChange({ readOnly, verdict }: EntryOf<"deferred">): boolean {
  return !readOnly || verdict.decides === "inventory";
}

// Whether an entry is a line of the change list.
function isListed({ known }: HostRun, entry: Entry, onlyDone: boolean): boolean {
  const { verdict, change, action } = entry;
  if (verdict.status !== "changed" || change?.silent || action) return false;
  return !onlyDone || known.completed.get(entry.id)?.outcome?.status === "done";
}

function statusOf({ unreachable, cut }: HostRun, hasFailed: boolean, changes: number): HostStatus {
  // as in Ansible, a host that answers but lets nobody become another user is not unreachable
  if (unreachable && unreachable.kind !== "become") return "unreachable";
  if (hasFailed) return "failed";
  if (changes > 0) return "changed";
  return cut === undefined ? "ok" : "not_reached";
}

// A task's name, with the item of its loop.
export function nameOf({ title, item }: { title: string; item?: string | undefined }): string {
  return item === undefined ? title : `${title} [${item}]`;
}

function reportChange(entry: Entry): ChangeReport {
  const undo = (entry.change?.steps ?? [])
    .flatMap((step) => (step.undo ? [step.undo.sh] : []))
    .reverse()
    .join("\n");
  const change: ChangeReport = {
    task: entry.title,
    module: entry.module,
    diff: entry.diff,
    undo: undo === "" ? null : undo,
  };
  if (entry.item !== undefined) change.item = entry.item;
  if (entry.on !== undefined) change.on = entry.on;
  if (entry.showsDiff) change.diff_wanted = true;
  if (entry.noLog && change.undo !== null) change.undo = "hidden because no_log is set";
  return change;
}

// Why a host failed: one reason, or one for each item of a loop.
function failureOf(run: HostRun): FailureReport | null {
  const { unreachable, broken, walk, failedEntry: entry } = run;
  if (unreachable)
    return failureReport({ task: "", message: unreachable.message, hint: unreachable.hint });
  if (broken) return failureReport(broken);
  if (!entry) return null;
  const report = failureReport({ ...toldFailure(entry), task: nameOf(entry) });
  const loop = loopsOf(walk?.entries ?? []).find((entries) => entries.includes(entry)) ?? [entry];
  const failed = loop.filter(
    (one): one is FailedEntry =>
      one.verdict.status === "failed" &&
      one.verdict.scope !== "ignored" &&
      taskId(one) === taskId(entry),
  );
  if (failed.length < 2) return report;
  const { hint: _last, ...rest } = report;
  const items = failed.map((one) => {
    const { message, hint } = toldFailure(one);
    return hint === undefined
      ? { item: one.item ?? "", message }
      : { item: one.item ?? "", message, hint };
  });
  return {
    ...rest,
    task: entry.title,
    message: `${failed.length} of ${loop.length} items failed`,
    items,
  };
}

/** A failure as it is shown. */
interface Told {
  task: string;
  message: string;
  hint?: string | undefined;
  place?: Entry["place"] | undefined;
}

function failureReport({ task, message, hint, place }: Told): FailureReport {
  const report: FailureReport = { task, message };
  if (hint !== undefined) report.hint = hint;
  if (place) report.place = showPlace(place);
  return report;
}

/** Changes of the document that break those who read it count this up. */
export const SCHEMA_VERSION = 1;

/** What is shown for a run as a whole. */
export interface RunReport {
  command: string;
  playbook: string;
  /** All of them, where several were run one after another. */
  playbooks?: readonly string[];
  /** ISO 8601, UTC. */
  started: string;
  ended: string;
  seconds: number;
  warnings: string[];
  /** Names of tasks that --tags and --skip-tags leave out. */
  left_out_by_tags: string[];
}

/** The document that --json prints. */
export interface JsonReport extends RunReport {
  schema_version: number;
  hosts: { [name: string]: HostReport };
  totals: {
    hosts: number;
    ok: number;
    changed: number;
    not_reached: number;
    failed: number;
    unreachable: number;
    changes: number;
  };
}

// Counts the hosts by status.
export function jsonReport(run: RunReport, hosts: ReadonlyMap<string, HostReport>): JsonReport {
  const all = [...hosts.values()];
  const count = (status: HostStatus): number => all.filter((host) => host.status === status).length;
  return {
    schema_version: SCHEMA_VERSION,
    ...run,
    hosts: Object.fromEntries(hosts),
    totals: {
      hosts: all.length,
      ok: count("ok"),
      changed: count("changed"),
      not_reached: count("not_reached"),
      failed: count("failed"),
      unreachable: count("unreachable"),
      changes: all.reduce((sum, host) => sum + host.changes.length, 0),
    },
  };
}
