import { renderDiff } from "./diff.ts";
import { groupHosts, listNames, type HostGroup } from "./groups.ts";
import {
  nameOf,
  type FailureReport,
  type HostReport,
  type HostStatus,
  type JsonReport,
} from "./summary.ts";
import type { Result, TaskReport, ChangeReport } from "./tasks.ts";
import { visible, type Colours } from "./visible.ts";

/** What is shown of a run. */
export interface Showing {
  colours: Colours;
  /**
   * What changes inside of files: not at all, the beginning of what is long, all of it. With `full`
   * nothing else is cut either.
   */
  diffs: "none" | "short" | "full";
  /** From 1 on: tasks that are ok or skipped, and what commands printed. */
  verbose: number;
  /** A host's own words: its names and addresses. */
  words(host: string): readonly string[];
}

const COLOURS = {
  ok: "green",
  changed: "yellow",
  not_reached: "dim",
  failed: "red",
  unreachable: "red",
} as const;
/**
 * With more groups than this on that many hosts, the report is by task, and only this
 * many of the groups are shown.
 */
const MANY_GROUPS = 12;
const MANY_HOSTS = 20;
/** More lines of output or messages are cut. */
const MAX_LINES = 60;
export const SEE_ALL = "--diff=full shows all";

// A status as people read it.
export function statusWord(status: HostStatus, colours: Colours, width = 0): string {
  return colours[COLOURS[status]](status.replace("_", " ").padEnd(width));
}

// What was found and done on all hosts; hosts with the same lines are grouped.
export function renderChanges(report: JsonReport, showing: Showing): string[] {
  const hosts = new Map(
    Object.entries(report.hosts).map(([name, host]) => [name, hostLines(host, showing)]),
  );
  const groups = groupHosts(hosts, showing.words);
  if (showing.diffs === "full" || hosts.size < MANY_HOSTS || groups.length <= MANY_GROUPS)
    return groups.flatMap((group) => ["", ...renderGroup(group, showing)]);
  const largest = [...groups].sort((a, b) => b.names.length - a.names.length).slice(0, MANY_GROUPS);
  const rest = groups.length - largest.length;
  return [
    ...byTask(report, showing),
    ...largest.flatMap((group) => ["", ...renderGroup(group, showing)]),
    "",
    `... and ${rest} more ${rest === 1 ? "group" : "groups"} of hosts, each with different lines (${SEE_ALL})`,
  ];
}

// How many hosts each change is on.
function byTask(report: JsonReport, { colours }: Showing): string[] {
  const counts = new Map<string, number>();
  for (const host of Object.values(report.hosts)) {
    const lines = new Set([
      ...host.changes.map(
        ({ task, module }) =>
          `${colours.yellow("~")} ${visible(task)} ${colours.dim(`(${module})`)}`,
      ),
      ...failedTask(host, colours),
    ]);
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const width = String(Math.max(0, ...counts.values())).length;
  return [
    "",
    colours.bold("By task"),
    ...[...counts].map(
      ([line, count]) =>
        `  ${String(count).padStart(width)} ${count === 1 ? "host " : "hosts"}  ${line}`,
    ),
  ];
}

function failedTask({ failed }: HostReport, colours: Colours): string[] {
  return failed
    ? [
        `${colours.red("x")} ${visible(failed.task === "" ? firstLine(failed.message) : failed.task)}`,
      ]
    : [];
}

function renderGroup(
  { names, lines, isExample }: HostGroup,
  { colours, diffs }: Showing,
): string[] {
  const [status = "", ...rest] = lines;
  const example = isExample ? `, for example on ${visible(names[0]!)}` : "";
  return [
    `${colours.bold(visible(listNames(names, diffs === "full")))}: ${status}${example}`,
    ...rest,
  ];
}

// The lines of one host: its status, its tasks in their order, why it failed.
function hostLines(host: HostReport, showing: Showing): string[] {
  const { colours } = showing;
  const lines = [statusWord(host.status, colours)];
  for (const task of host.tasks) {
    if (!task.items) lines.push(...resultLines(task, task, host, showing));
    else
      for (const item of task.items)
        lines.push(...resultLines(item, { ...task, item: item.item }, host, showing));
  }
  if (host.failed) lines.push(...renderFailure(host.failed, showing));
  if (host.cut !== undefined) lines.push(`  ${colours.dim("-")} not reached: ${visible(host.cut)}`);
  return lines;
}

/** What a line refers to. */
type Named = Pick<TaskReport, "task" | "module" | "on"> & { item?: string };

function titleOf({ task: title, item }: Named): string {
  return nameOf({ title, item });
}

// The lines of a task or an item.
function resultLines(result: Result, task: Named, host: HostReport, showing: Showing): string[] {
  const { colours, verbose } = showing;
  const head = `${visible(titleOf(task))}${task.on === undefined ? "" : ` -> ${visible(task.on)}`}`;
  const says =
    result.says === undefined
      ? []
      : visible(result.says)
          .split("\n")
          .map((line) => `      ${line}`);
  const output = verbose > 0 ? outputLines(result, showing) : [];
  if (result.change !== undefined)
    return [...changeLines(host.changes[result.change]!, head, showing), ...output];
  if (
    result.status === "deferred" &&
    host.deferred.some((line) => line.startsWith(`${titleOf(task)}: `))
  ) {
    const why = result.reason === undefined ? "" : `, ${visible(result.reason)}`;
    return [`  ${colours.cyan("?")} ${head}: known after apply${why}`];
  }
  if (result.status === "ignored" || result.status === "rescued") {
    const [first = "", ...more] = visible(result.reason ?? "").split("\n");
    return [
      `  ${colours.magenta("!")} ${head}: ${first} ${colours.dim(`(failed, ${result.status})`)}`,
      ...(verbose > 0 ? more : []).map((line) => `    ${line}`),
      ...output,
    ];
  }
  if (verbose === 0 || result.status === "failed" || result.status === "not_reached") {
    return says.length > 0 ? [`  ${colours.cyan(">")} ${head}`, ...says] : [];
  }
  const mark = result.status === "skipped" ? colours.dim("-") : colours.green("=");
  const word = result.status === "deferred" ? "known after apply" : result.status;
  const why = result.reason === undefined ? word : `${word}, ${visible(result.reason)}`;
  return [`  ${mark} ${head} ${colours.dim(`(${task.module})`)}: ${why}`, ...says, ...output];
}

function changeLines(change: ChangeReport, head: string, { colours, diffs }: Showing): string[] {
  const line = `  ${colours.yellow("~")} ${head} ${colours.dim(`(${change.module}${change.undo === null ? ", no undo" : ""})`)}`;
  if (diffs === "none" && !change.diff_wanted) return [line];
  return [
    line,
    ...change.diff
      .flatMap((diff) => renderDiff(diff, colours, diffs === "full"))
      .map((text) => `      ${text}`),
  ];
}

// What a command printed.
function outputLines({ output }: Result, { colours, diffs }: Showing): string[] {
  if (!output) return [];
  const part = (text: string, mark: string): string[] =>
    text === ""
      ? []
      : visible(text.replace(/\n$/, ""))
          .split("\n")
          .map((line) => `      ${colours.dim(mark)} ${line}`);
  return cut(
    [...part(output.stdout, "|"), ...part(output.stderr, "!")],
    diffs === "full",
    "      ",
  );
}

// Long texts show their beginning, how much is left out, and how it is seen.
function cut(lines: string[], isFull: boolean, indent: string): string[] {
  if (isFull || lines.length <= MAX_LINES) return lines;
  return [
    ...lines.slice(0, MAX_LINES),
    `${indent}... ${lines.length - MAX_LINES} more lines (${SEE_ALL})`,
  ];
}

// What failed, why, and what helps.
function renderFailure(failed: FailureReport, { colours, diffs }: Showing): string[] {
  const [first = "", ...more] = visible(
    failed.task === "" ? failed.message : `${failed.task}: ${failed.message}`,
  ).split("\n");
  const lines = [`  ${colours.red("x")} ${first}`, ...more.map((line) => `    ${line}`)];
  for (const { item, message, hint } of failed.items ?? []) {
    const [head = "", ...rest] = visible(message).split("\n");
    lines.push(
      `    [${visible(item)}] ${head}`,
      ...rest.map((line) => `      ${line}`),
      ...hintLines(hint, "      "),
    );
  }
  if (failed.place) lines.push(`    at ${failed.place}`);
  return cut([...lines, ...hintLines(failed.hint, "    ")], diffs === "full", "    ");
}

function hintLines(hint: string | undefined, indent: string): string[] {
  if (hint === undefined) return [];
  return visible(hint)
    .split("\n")
    .map((line, index) => `${indent}${index === 0 ? "hint:" : "     "} ${line}`);
}

export function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
