import { renderDiff, type Colours } from "./diff.ts";
import { nameOf, type HostReport, type JsonReport } from "./summary.ts";
import { visible } from "./visible.ts";

// The change lists of all hosts; hosts with the same list stand together.
export function renderChanges(report: JsonReport, colours: Colours, withDiffs: boolean): string[] {
  const groups = new Map<string, { names: string[]; host: HostReport }>();
  for (const [name, host] of Object.entries(report.hosts)) {
    const key = JSON.stringify([host.status, host.changes, host.failed, host.deferred]);
    const group = groups.get(key) ?? { names: [], host };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ names, host }) => ["", ...renderHost(names, host, colours, withDiffs)]);
}

const COLOURS = { ok: "green", changed: "yellow", failed: "red", unreachable: "red" } as const;

// One host, or several that are alike.
function renderHost(names: readonly string[], host: HostReport, colours: Colours, withDiffs: boolean): string[] {
  const title = names.length > 6 ? `${names.slice(0, 4).join(", ")} ... ${names.at(-1)} (${names.length} hosts)` : names.join(", ");
  const lines = [`${colours.bold(title)}: ${colours[COLOURS[host.status]](host.status)}`];
  for (const change of host.changes) {
    lines.push(`  ${colours.yellow("~")} ${visible(nameOf(change))}${change.on === undefined ? "" : ` -> ${visible(change.on)}`} ${colours.dim(`(${change.module}${change.undo === null ? ", no undo" : ""})`)}`);
    if (withDiffs) lines.push(...change.diff.flatMap((diff) => renderDiff(diff, colours)).map((line) => `      ${line}`));
  }
  lines.push(...host.deferred.map((line) => `  ${colours.cyan("?")} ${visible(line)}`));
  if (host.failed) lines.push(...renderFailure(host.failed, colours));
  return lines;
}

// What failed, why, and what mends it.
function renderFailure(failed: NonNullable<HostReport["failed"]>, colours: Colours): string[] {
  const [first = "", ...more] = visible(failed.task === "" ? failed.message : `${failed.task}: ${failed.message}`).split("\n");
  const lines = [`  ${colours.red("x")} ${first}`, ...more.map((line) => `    ${line}`)];
  if (failed.place) lines.push(`    at ${failed.place}`);
  if (failed.hint) lines.push(...visible(failed.hint).split("\n").map((line, i) => (i === 0 ? `    mend: ${line}` : `          ${line}`)));
  return lines;
}

// The recap: one line a host, then the sum.
export function renderRecap(report: JsonReport, colours: Colours): string[] {
  const width = Math.max(...Object.keys(report.hosts).map((name) => name.length));
  const hosts = Object.entries(report.hosts).map(([name, host]) => `  ${name.padEnd(width)}  ${colours[COLOURS[host.status]](host.status.padEnd(11))}  changes ${host.changes.length}`);
  const { totals } = report;
  return ["", colours.bold("Recap"), ...hosts, `${counted(totals.hosts, "host")}: ${totals.ok} ok, ${totals.changed} changed, ${totals.failed} failed, ${totals.unreachable} unreachable; ${counted(totals.changes, "change")}`];
}

// "1 host", "2 hosts".
function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

// The sentence below a plan.
export function renderPlanSum(report: JsonReport): string {
  const { totals } = report;
  const bad = [totals.failed > 0 ? `${totals.failed} failed` : "", totals.unreachable > 0 ? `${totals.unreachable} unreachable` : ""].filter(Boolean).join(", ");
  const inexact = Object.values(report.hosts).some((host) => host.deferred.length > 0) ? " The plan is inexact where a line begins with ?." : "";
  const what = totals.changes === 0 ? "Nothing to do" : `${counted(totals.changes, "change")} on ${counted(totals.changed, "host")}`;
  return `${what} (${counted(totals.hosts, "host")} looked at${bad ? `: ${bad}` : ""}).${inexact}`;
}
