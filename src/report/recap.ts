import { counted } from "./counted.ts";
import { groupHosts, listNames } from "./groups.ts";
import type { HostReport, JsonReport } from "./summary.ts";
import type { TaskStatus } from "./tasks.ts";
import { SEE_ALL, statusWord, type Showing } from "./text.ts";
import { visible, type Colours } from "./visible.ts";

/**
 * From this many hosts on, ok hosts are counted instead of listed, and hosts with
 * the same counts are grouped.
 */
const MANY_HOSTS = 20;
/** The maximum number of lines that are shown of a reason. */
const MAX_REASON = 6;
/** The maximum number of tasks that are shown with their times. */
const MAX_TIMES = 20;

/** What a recap ends with. */
export interface Next {
  /** The line that does the rest, once what is wrong is put right. */
  command: string;
  /** What must be given again with it, as it is not shown. */
  again: readonly string[];
  /** It does not do the rest, but plans it again. */
  isPlan?: true;
}

// The recap: hosts by their counts, those that failed last, each with its reason; then
// the sum, and how to go on.
export function renderRecap(
  report: JsonReport,
  { colours, diffs, words }: Pick<Showing, "colours" | "diffs" | "words">,
  next?: Next,
): string[] {
  const hosts = Object.entries(report.hosts);
  const isMany = hosts.length >= MANY_HOSTS && diffs !== "full";
  const failed = hosts.filter(([, host]) => host.failed !== null);
  const fine = hosts.filter(
    ([, host]) => host.failed === null && !(isMany && host.status === "ok"),
  );
  const rows: Row[] = [
    ...rowsOf(fine, isMany),
    ...failedRows(failed, isMany ? words : undefined, colours),
  ];
  const all = rows.map((row) => ({ ...row, title: visible(listNames(row.names, !isMany)) }));
  const width = Math.max(0, ...all.map(({ title }) => title.length));
  const lines = all.flatMap(({ title, host, reason }) => [
    `  ${title.padEnd(width)}  ${statusWord(host.status, colours, 11)}  ${countWords(host)}`,
    ...reason,
  ]);
  const uncounted =
    report.totals.ok > 0 && isMany ? [`  ${counted(report.totals.ok, "host")} ok`] : [];
  const end = next ? nextLines(next) : [];
  return ["", colours.bold("Recap"), ...uncounted, ...lines, renderTotals(report), ...end];
}

function nextLines({ command, again, isPlan }: Next): string[] {
  const what = isPlan ? "To plan again for" : "To continue with";
  return [
    "",
    `${what} the hosts that are not finished: ${command}`,
    ...(again.length > 0 ? [`Repeat what is not shown here: ${again.join(" ")}`] : []),
  ];
}

/** Hosts in one group, and why they failed. */
interface Row {
  names: string[];
  host: HostReport;
  reason: string[];
}

// Hosts in the order in which they are listed; of many, those with the same counts in one row.
function rowsOf(hosts: readonly [name: string, host: HostReport][], isMany: boolean): Row[] {
  if (!isMany) return hosts.map(([name, host]) => ({ names: [name], host, reason: [] }));
  const rows = new Map<string, Row>();
  for (const [name, host] of hosts) {
    const key = JSON.stringify([host.status, host.counts]);
    const row = rows.get(key) ?? { names: [], host, reason: [] };
    row.names.push(name);
    rows.set(key, row);
  }
  return [...rows.values()];
}

// Hosts that failed, each with its reason; of many (`words`), those with the same
// counts and reason in one row.
function failedRows(
  hosts: readonly [name: string, host: HostReport][],
  words: Showing["words"] | undefined,
  colours: Colours,
): Row[] {
  if (!words)
    return hosts.map(([name, host]) => ({
      names: [name],
      host,
      reason: reasonLines(host, colours),
    }));
  const byName = new Map(hosts);
  const told = hosts.map(
    ([name, host]) =>
      [name, [host.status, countWords(host), ...reasonLines(host, colours)]] as const,
  );
  return groupHosts(new Map(told), words).map(({ names, lines, isExample }) => ({
    names,
    host: byName.get(names[0]!)!,
    reason: [
      ...lines.slice(2),
      ...(isExample ? [colours.dim(`      (as ${visible(names[0]!)} has it)`)] : []),
    ],
  }));
}

// Why a host failed: the first line of the reason, and those that follow as far
// as they are not too many.
function reasonLines({ failed }: HostReport, colours: Colours): string[] {
  if (!failed) return [];
  const [{ item, message } = { item: "", message: failed.message }] = failed.items ?? [];
  const more = (failed.items?.length ?? 1) - 1;
  const task = failed.items ? `${failed.task} [${item}]` : failed.task;
  const [first = "", ...rest] = message.trimEnd().split("\n");
  const words = `${task === "" ? "" : `${task}: `}${first}${more > 0 ? ` (and ${more} more)` : ""}`;
  const isLong = rest.length >= MAX_REASON;
  const shown = isLong ? rest.slice(0, MAX_REASON - 2) : rest;
  const cut = isLong ? [`      ... ${rest.length - shown.length} more lines (above)`] : [];
  return [
    `    ${colours.red(visible(words))}`,
    ...shown.map((line) => `      ${visible(line)}`),
    ...cut,
  ];
}

// Ansible's counts; the task at which a host was lost counts as unreachable, and not as failed.
function countWords({ status, counts }: HostReport): string {
  const { ok, changed, skipped, ignored, rescued, failed } = counts;
  const always = [`ok=${ok}`, `changed=${changed}`];
  const ended = { [status === "unreachable" ? "unreachable" : "failed"]: failed };
  const rest = Object.entries({ skipped, ignored, rescued, ...ended })
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${word}=${count}`);
  return [...always, ...rest].join(" ");
}

// A task whose loop changes three things is counted once for each host, as in Ansible, and is three
// changes.
function renderTotals({ totals, hosts }: JsonReport): string {
  const tasks = Object.values(hosts).reduce((sum, { counts }) => sum + counts.changed, 0);
  const among = tasks >= totals.changes ? "" : ` in ${counted(tasks, "task")}`;
  const cut = totals.not_reached > 0 ? `, ${totals.not_reached} not reached` : "";
  return `${counted(totals.hosts, "host")}: ${totals.ok} ok, ${totals.changed} changed${cut}, ${totals.failed} failed, ${totals.unreachable} unreachable; ${counted(totals.changes, "change")}${among}`;
}

// The sentence below a plan.
export function renderPlanSum(report: JsonReport): string {
  const { totals } = report;
  const looked = totals.hosts - totals.failed - totals.unreachable - totals.not_reached;
  const bad = badWords(report);
  const changing = Object.values(report.hosts).filter(({ changes }) => changes.length > 0).length;
  const inexact = Object.values(report.hosts).some((host) => host.deferred.length > 0)
    ? " Lines that begin with ? are not exact."
    : "";
  if (totals.hosts === 0) return "Nothing to do: no host was looked at.";
  if (totals.changes > 0)
    return `${counted(totals.changes, "change")} on ${counted(changing, "host")} (${lookedWords(report)}${bad ? `: ${bad}` : ""}).${inexact}`;
  if (!bad) return `Nothing to do (${lookedWords(report)}).${inexact}`;
  if (looked === 0)
    return `${totals.unreachable === totals.hosts ? "No host could be looked at" : "No host could be planned"}: ${bad}.`;
  return `Nothing to do on ${counted(looked, "host")}; ${bad} (${counted(totals.hosts, "host")}).${inexact}`;
}

// What a plan cannot know about tasks that come after one that may change anything.
export function renderPlanNotes({ hosts }: JsonReport): string[] {
  const tasks = [...new Set(Object.values(hosts).flatMap(({ behind }) => behind ?? []))];
  if (tasks.length === 0) return [];
  const more = tasks.length > 2 ? ` and ${tasks.length - 2} more` : "";
  const named = tasks.slice(0, 2).map((task) => `"${visible(task)}"`);
  return [
    `It is not known what ${named.join(", ")}${more} will change: later tasks are planned from the current state.`,
  ];
}

// How many hosts were looked at. One that was asked nothing, as all tasks were skipped or asked
// no host, is none of them.
function lookedWords({ hosts, totals }: JsonReport): string {
  const unasked = Object.values(hosts).filter(
    ({ rounds, status }) => rounds === 0 && (status === "ok" || status === "changed"),
  ).length;
  const looked = totals.hosts - unasked;
  if (unasked === 0) return `${counted(looked, "host")} looked at`;
  if (looked === 0) return `${counted(unasked, "host")}, not contacted`;
  return `${counted(looked, "host")} looked at, ${unasked} not contacted`;
}

function badWords({ totals }: JsonReport): string {
  const words: [number, string][] = [
    [totals.failed, "failed"],
    [totals.unreachable, "unreachable"],
    [totals.not_reached, "not reached"],
  ];
  return words
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
}

/** Something that took time, on the host where it took longest. */
interface Longest {
  what: string;
  host: string;
  seconds: number;
}

/**
 * How long tasks took, and the questions that hosts answered for many tasks at once; the longest
 * first, each on the host where it took longest. Of a task that is only a part of a question no
 * time of its own is known.
 */
export function renderTimes(
  report: JsonReport,
  showing: Pick<Showing, "colours" | "diffs">,
): string[] {
  const { colours } = showing;
  const { tasks, rest } = taskTimes(report, colours);
  const questions = longestFirst(questionTimes(report), showing);
  const heading = colours.bold("Time by question, each asked at once for these tasks");
  return [
    "",
    colours.bold(
      `Time by task, on the host where it took longest (${report.seconds.toFixed(1)} s in all)`,
    ),
    ...longestFirst(tasks, showing),
    ...(questions.length > 0 ? [heading, ...questions] : []),
    ...loginLine(report),
    ...(rest > 0 ? [`  ${counted(rest, "task")} asked nothing and did nothing`] : []),
  ];
}

// Tasks with a time of their own, and how many others no host was asked anything for.
function taskTimes(
  { hosts }: JsonReport,
  colours: Colours,
): { tasks: Map<string, Longest>; rest: number } {
  const tasks = new Map<string, Longest>();
  const [asked, silent] = [new Set<string>(), new Set<string>()];
  for (const [host, { tasks: all }] of Object.entries(hosts)) {
    for (const { task, module, place, ...result } of all) {
      const parts = [result, ...(result.items ?? [])];
      const seconds = parts.reduce((sum, part) => sum + (part.seconds ?? 0), 0);
      const what = `${visible(task)} ${colours.dim(`(${module})`)}`;
      if (seconds > 0) keepLongest(tasks, place, { what, host, seconds });
      if (parts.some((part) => part.questions)) asked.add(place);
      else if (isUntimed(result.status)) silent.add(place);
    }
  }
  const rest = [...silent].filter((place) => !tasks.has(place) && !asked.has(place)).length;
  return { tasks, rest };
}

// The questions of all hosts; those for the same tasks are one.
function questionTimes({ hosts }: JsonReport): Map<string, Longest> {
  const times = new Map<string, Longest>();
  for (const [host, told] of Object.entries(hosts)) {
    told.questions?.forEach(({ seconds, facts }, index) => {
      const names = namesAsking(told, index);
      const first = [...(facts ? ["facts"] : []), ...names.slice(0, MAX_NAMES)].map(visible);
      const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
      const what = first.length === 0 ? "what Hullwright keeps" : `${first.join(", ")}${more}`;
      keepLongest(times, JSON.stringify([facts, names]), { what, host, seconds });
    });
  }
  return times;
}

// A task that is only planned has no time yet.
function isUntimed(status: TaskStatus): boolean {
  return status !== "changed" && status !== "deferred" && status !== "not_reached";
}

/** So many tasks of a question are named. */
const MAX_NAMES = 2;

// The names of the tasks of a host that one of its questions was asked for.
function namesAsking({ tasks }: HostReport, question: number): string[] {
  return tasks
    .filter(({ questions = [], items = [] }) =>
      [questions, ...items.map((item) => item.questions ?? [])].flat().includes(question),
    )
    .map(({ task }) => task);
}

function keepLongest(all: Map<string, Longest>, key: string, found: Longest): void {
  if (found.seconds > (all.get(key)?.seconds ?? 0)) all.set(key, found);
}

function longestFirst(
  all: ReadonlyMap<string, Longest>,
  { diffs }: Pick<Showing, "diffs">,
): string[] {
  const sorted = [...all.values()].sort((a, b) => b.seconds - a.seconds);
  const shown = diffs === "full" ? sorted : sorted.slice(0, MAX_TIMES);
  const rest = sorted.length - shown.length;
  return [
    ...shown.map(({ what, host, seconds }) => timeLine(seconds, `${what} on ${visible(host)}`)),
    ...(rest > 0 ? [`  ... ${rest} more (${SEE_ALL})`] : []),
  ];
}

// The login that took longest.
function loginLine({ hosts }: JsonReport): string[] {
  const logins = Object.entries(hosts).map(([host, { connecting = 0 }]) => ({ host, connecting }));
  const [slowest] = logins.sort((a, b) => b.connecting - a.connecting);
  if (!slowest || slowest.connecting === 0) return [];
  return [timeLine(slowest.connecting, `to log in to ${visible(slowest.host)}`)];
}

function timeLine(seconds: number, what: string): string {
  return `  ${seconds.toFixed(2).padStart(8)} s  ${what}`;
}
