import { groupHosts, listNames } from "./groups.ts";
import type { HostReport, JsonReport } from "./summary.ts";
import type { Counts } from "./tasks.ts";
import { SEE_ALL, statusWord, type Showing } from "./text.ts";
import { visible, type Colours } from "./visible.ts";

/** From so many hosts on, those that are ok are counted and not listed, and those with the same counts stand together. */
const MANY_HOSTS = 20;
/** So many lines of a reason are told. */
const MAX_REASON = 6;
/** So many tasks are told with their time. */
const MAX_TIMES = 20;

/** What a recap ends with. */
export interface Next {
  /** The line that does the rest, once what is wrong is put right. */
  command: string;
  /** What must be given again with it, as it is not shown. */
  again: readonly string[];
  /** It does not do the rest, but plans it anew. */
  isPlan?: true;
}

// The recap: hosts by their counts, those that failed last, each with its reason; then the sum, and how to go on.
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
    `  ${title.padEnd(width)}  ${statusWord(host.status, colours, 11)}  ${countWords(host.counts)}`,
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

/** Hosts that stand together, and why they failed. */
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

// Hosts that failed, each with its reason; of many (`words`), those with the same counts and reason in one row.
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
      [name, [host.status, countWords(host.counts), ...reasonLines(host, colours)]] as const,
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

// Why a host failed: the first line of the reason, and those that follow as far as they are not too many.
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

function countWords({ ok, changed, skipped, ignored, rescued, failed }: Counts): string {
  const always = [`ok=${ok}`, `changed=${changed}`];
  const rest = Object.entries({ skipped, ignored, rescued, failed })
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${word}=${count}`);
  return [...always, ...rest].join(" ");
}

function renderTotals({ totals }: JsonReport): string {
  const cut = totals.not_reached > 0 ? `, ${totals.not_reached} not reached` : "";
  return `${counted(totals.hosts, "host")}: ${totals.ok} ok, ${totals.changed} changed${cut}, ${totals.failed} failed, ${totals.unreachable} unreachable; ${counted(totals.changes, "change")}`;
}

// "1 host", "2 hosts".
function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
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

// What a plan cannot know of tasks that come behind one that may change anything.
export function renderPlanNotes({ hosts }: JsonReport): string[] {
  const tasks = [...new Set(Object.values(hosts).flatMap(({ behind }) => behind ?? []))];
  if (tasks.length === 0) return [];
  const more = tasks.length > 2 ? ` and ${tasks.length - 2} more` : "";
  const named = tasks.slice(0, 2).map((task) => `"${visible(task)}"`);
  return [
    `It is not known what ${named.join(", ")}${more} will change: later tasks are planned from the current state.`,
  ];
}

// How many hosts were looked at. One that was asked nothing, as all tasks were skipped or asked no host, is none of them.
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

// How long tasks took, the longest first, each on the host where it took longest.
export function renderTimes(
  report: JsonReport,
  { colours, diffs }: Pick<Showing, "colours" | "diffs">,
): string[] {
  const longest = new Map<string, { task: string; host: string; seconds: number }>();
  for (const [host, { tasks }] of Object.entries(report.hosts)) {
    for (const { task, module, place, ...result } of tasks) {
      const seconds = [result, ...(result.items ?? [])].reduce(
        (sum, part) => sum + (part.seconds ?? 0),
        0,
      );
      if (seconds <= (longest.get(place)?.seconds ?? 0)) continue;
      longest.set(place, { task: `${visible(task)} ${colours.dim(`(${module})`)}`, host, seconds });
    }
  }
  const all = [...longest.values()].sort((a, b) => b.seconds - a.seconds);
  const shown = diffs === "full" ? all : all.slice(0, MAX_TIMES);
  const rest = all.length - shown.length;
  const lines = shown.map(
    ({ task, host, seconds }) =>
      `  ${seconds.toFixed(2).padStart(8)} s  ${task} on ${visible(host)}`,
  );
  return [
    "",
    colours.bold(
      `Time by task, on the host where it took longest (${report.seconds.toFixed(1)} s in all)`,
    ),
    ...lines,
    ...(rest > 0 ? [`  ... ${rest} more (${SEE_ALL})`] : []),
  ];
}
