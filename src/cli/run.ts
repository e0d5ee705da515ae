import type { HostRun } from "../apply/host-run.ts";
import { Interrupted, showPlace, type Place } from "../errors.ts";
import { lineProgress, terminalProgress, type Progress, type WhyFailed } from "../report/progress.ts";
import { showTime } from "../report/phase.ts";
import { screen } from "../report/screen.ts";
import { jsonReport, reportHost, type JsonReport } from "../report/summary.ts";
import { colours } from "../report/visible.ts";
import { renderChanges, renderPlanSum, renderRecap } from "../report/text.ts";
import { askPassword, confirm } from "./ask.ts";
import { applyUnlessStopped, reportCutOff, type Doing, type Print } from "./interruption.ts";
import type { RunFlags } from "./options.ts";
import { shownFailure, type Entry } from "../plan/entry.ts";
import { moved, promise } from "../plan/saved.ts";
import type { Mask } from "../vault/mask.ts";
import { syntaxCheck } from "./lint.ts";
import { listing } from "./listing.ts";
import { playbookPath } from "./playbook-path.ts";
import { prepare, refuseMistakes, type Prepared } from "./prepare.ts";
import { guarded, openVault } from "./vault-access.ts";
import { stoppable, unlessStopped } from "./stop.ts";
import { flagsOfPlan, readPlan, writePlan, type SavedPlan } from "./saved-plan.ts";

// `hullwright plan`, and `apply --check`: shows what would change. Exit codes: 0 nothing, 2 changes, 1 error, 4 unreachable.
export async function planCommand(name: string, flags: RunFlags): Promise<number> {
  return withRun(name, flags, "plan", async ({ prepared, print, progress, stop }) => {
    await unlessStopped(stop.soon, prepared.run.plan(progress.emit, stop.soon));
    await progress.end();
    if (flags.out !== undefined) writePlan(flags.out, prepared.playbook.file, flags, promisesOf(prepared));
    const report = reportOf("plan", prepared);
    if (flags.json) screen.json(report);
    else print([...renderChanges(report, colours, true), ...shownLines(prepared), "", renderPlanSum(report)]);
    const { totals } = report;
    return totals.unreachable > 0 ? 4 : totals.failed > 0 ? 1 : totals.changes > 0 || hasDeferred(report) ? 2 : 0;
  });
}

// `hullwright apply`: plans, asks, does it. Exit codes: 0 converged, 2 a host failed, 1 error before anything was done, 4 unreachable.
export async function applyCommand(name: string, flags: RunFlags): Promise<number> {
  const saved = readPlan(name);
  if (saved) {
    const planned = flagsOfPlan(name, saved, flags);
    process.chdir(saved.folder);
    return applyPlaybook(saved.playbook, planned, saved);
  }
  return flags.check ? planCommand(name, flags) : applyPlaybook(name, flags);
}

// Plans and does it. With a saved plan, a host that moved since is refused and nothing is done on it.
async function applyPlaybook(name: string, flags: RunFlags, saved?: SavedPlan): Promise<number> {
  return withRun(name, flags, "apply", async (doing) => {
    const { prepared, print, progress, stop } = doing;
    const begun = performance.now();
    await unlessStopped(stop.soon, prepared.run.plan(progress.emit, stop.soon));
    await progress.end();
    if (saved) refuseMoved(prepared, saved);
    refuseMistaken(prepared);
    const planned = reportOf("apply", prepared);
    if (!flags.yes && (planned.totals.changes > 0 || hasDeferred(planned))) {
      print([...renderChanges(planned, colours, true), "", renderPlanSum(planned)]);
      if (!(await confirm("\nDo this? Only \"yes\" goes on: ", stop.soon))) {
        print(["nothing was done"]);
        return 1;
      }
    }
    const stopped = await applyUnlessStopped(doing);
    const report = reportOf("apply", prepared, true);
    if (stopped) return reportCutOff(doing, report, stopped);
    if (flags.json) screen.json(report);
    else print([...renderChanges(report, colours, flags.diff ?? false), ...shownLines(prepared), ...renderRecap(report, colours), ...took(performance.now() - begun)]);
    return report.totals.unreachable > 0 ? 4 : report.totals.failed > 0 ? 2 : 0;
  });
}

// How long a run took, where that is worth a word.
function took(milliseconds: number): string[] {
  const time = showTime(milliseconds);
  return time === "" ? [] : [`It took ${time}.`];
}

// What the plans of all hosts promise. A host that could not be planned promises nothing.
function promisesOf({ runs, mask }: Prepared): SavedPlan["hosts"] {
  return Object.fromEntries(runs.filter((run) => !run.failed && run.walk).map((run) => [run.host.name, promise(shown(run, mask))]));
}

// The entries of a host as they may be shown.
function shown({ walk }: HostRun, mask: Mask): Entry[] {
  return (walk?.entries ?? []).map((entry) => ({ ...entry, task: mask.hide(entry.task), diff: mask.hideIn(entry.diff), ...(entry.item === undefined ? {} : { item: mask.hide(entry.item) }) }));
}

// Refuses the hosts that are not any more as the saved plan found them.
function refuseMoved({ runs, mask }: Prepared, saved: SavedPlan): void {
  for (const run of runs) {
    if (run.failed || !run.walk) continue;
    const promised = Object.hasOwn(saved.hosts, run.host.name) ? saved.hosts[run.host.name] : undefined;
    const reasons = promised ? moved(promised, shown(run, mask)) : ["it is not in the saved plan"];
    if (reasons.length > 0) run.known.broken = { task: "", message: `the host has moved since the plan was saved: ${reasons.join("; ")}`, hint: "plan again, and review what is new" };
  }
}

// A host whose plan shows a mistake is left alone; where that is every host, nothing is done.
function refuseMistaken({ runs }: Prepared): void {
  const wrong = runs.filter(({ walk, broken }) => walk?.failed?.failure?.place && !broken);
  if (wrong.length > 0 && wrong.length === runs.length) refuseMistakes(wrong[0]!);
  for (const { walk, known } of wrong) {
    const failed = walk!.failed!;
    const { message, hint, ...where } = shownFailure(failed)!;
    known.broken = { task: failed.task, message, ...where, hint: [hint, "nothing was done on this host"].filter(Boolean).join("; ") };
  }
}

// Prepares a run, does something with it, and closes all logins in any case.
async function withRun(name: string, flags: RunFlags, command: string, work: (doing: Doing) => Promise<number>): Promise<number> {
  const vault = await openVault(flags);
  const { mask } = vault;
  const print: Print = (lines) => screen.tell(flags.json ? "stderr" : "stdout", `${mask.hide(lines.join("\n"))}\n`);
  const warn = (message: string, place?: Place): void => screen.warn(`warning: ${mask.hide(message)}${place ? ` (${showPlace(place)})` : ""}`);
  if (flags.syntaxCheck) return syntaxCheck(name, flags);
  const password = flags.askBecomePass ? await askPassword("sudo's password: ") : undefined;
  const prepared = await guarded(vault, () => prepare(playbookPath(name), flags, password, warn, vault));
  if (flags.listHosts || flags.listTasks || flags.listTags) {
    print(listing(prepared, flags));
    return 0;
  }
  const progress = await makeProgress(flags, print, (run) => whyFailed(run, mask));
  try {
    return await stoppable((stop) => work({ prepared, flags, print, progress, stop }));
  } catch (error) {
    await progress.end();
    if (flags.json && error instanceof Interrupted) screen.json({ ...jsonReport(command, new Map()), interrupted: { signal: error.signal } });
    throw error;
  } finally {
    await progress.end();
    await prepared.close();
  }
}

// Why a host failed, in one line.
function whyFailed(run: HostRun, mask: Mask): string {
  const { task = "", message = "failed" } = mask.hideIn(reportHost(run, 0, true)).failed ?? {};
  return `${task === "" ? "" : `${task}: `}${message.split("\n")[0]!}`;
}

// On a terminal a line with counters, else a line for what happens; with --json nothing, unless -v wants lines on stderr.
async function makeProgress(flags: RunFlags, print: Print, why: WhyFailed): Promise<Progress> {
  const isVerbose = flags.verbose > 0;
  if (flags.json && !isVerbose) return { emit: () => {}, end: async () => {} };
  return !flags.json && screen.isLive ? terminalProgress(screen, why) : lineProgress((line) => print([line]), why, isVerbose);
}

function reportOf(command: string, prepared: Prepared, onlyDone = false): JsonReport {
  return jsonReport(command, new Map(prepared.runs.map((run) => [run.host.name, prepared.mask.hideIn(reportHost(run, prepared.rounds(run.host.name), onlyDone))])));
}

function hasDeferred(report: JsonReport): boolean {
  return Object.values(report.hosts).some((host) => host.deferred.length > 0);
}

// What debug tasks print.
function shownLines({ runs }: Prepared): string[] {
  return runs.flatMap((run) => (run.walk?.entries ?? []).flatMap((entry) => (entry.shows === undefined ? [] : ["", `${run.host.name}: ${entry.task}`, ...entry.shows.split("\n").map((line) => `  ${line}`)])));
}
