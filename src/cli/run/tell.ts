import { showTime } from "../../report/phase.ts";
import { renderPlanNotes, renderPlanSum, renderRecap, renderTimes } from "../../report/recap.ts";
import { screen } from "../../report/screen.ts";
import type { JsonReport } from "../../report/summary.ts";
import { renderChanges, type Showing } from "../../report/text.ts";
import type { RunFlags } from "../settings/options.ts";
import type { GoOn } from "./retry.ts";

/** Prints lines for people. */
type Print = (lines: readonly string[]) => void;

// Shows a plan, and answers its exit code.
export function tellPlan(
  report: JsonReport,
  showing: Showing,
  flags: Pick<RunFlags, "json">,
  print: Print,
): number {
  if (flags.json) screen.json(report);
  else
    print([
      ...renderChanges(report, showing),
      ...leftOutLines(report, showing),
      ...timeLines(report, showing),
      "",
      renderPlanSum(report),
      ...renderPlanNotes(report),
    ]);
  return planExitCode(report);
}

// The exit code of `plan`.
function planExitCode(report: JsonReport): number {
  const { totals } = report;
  if (totals.unreachable > 0) return 4;
  if (totals.failed > 0) return 1;
  return totals.changes > 0 || hasDeferred(report) ? 2 : 0;
}

// Shows what a run did, how long it took, and how to go on.
export function tellApplied(
  report: JsonReport,
  showing: Showing,
  { milliseconds, next }: { milliseconds: number; next: GoOn | undefined },
  print: Print,
): void {
  print([...applied(report, showing, next), ...took(milliseconds)]);
}

// How long a run took, where that is worth a word.
function took(milliseconds: number): string[] {
  const time = showTime(milliseconds);
  return time === "" ? [] : [`It took ${time}.`];
}

// Whether something is known only after apply.
export function hasDeferred(report: JsonReport): boolean {
  return Object.values(report.hosts).some((host) => host.deferred.length > 0);
}

// What apply prints at its end: what was done on each host, how long it took, the recap, and how to
// go on.
function applied(report: JsonReport, showing: Showing, next: GoOn | undefined): string[] {
  return [
    ...renderChanges(report, showing),
    ...leftOutLines(report, showing),
    ...timeLines(report, showing),
    ...renderRecap(report, showing, next),
  ];
}

// With -vv, how long tasks took.
function timeLines(report: JsonReport, showing: Showing): string[] {
  return showing.verbose > 1 ? renderTimes(report, showing) : [];
}

// With -v, the tasks that the tags leave out.
function leftOutLines({ left_out_by_tags: names }: JsonReport, { verbose }: Showing): string[] {
  return verbose === 0 || names.length === 0 ? [] : ["", `Left out by tags: ${names.join(", ")}`];
}
