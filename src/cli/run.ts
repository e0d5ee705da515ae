import type { HostRun } from "../apply/host-run.ts";
import { InputError, Interrupted, showPlace, type Place } from "../errors.ts";
import { lineProgress, terminalProgress, type Progress, type WhyFailed } from "../report/progress.ts";
import { showTime } from "../report/phase.ts";
import { screen } from "../report/screen.ts";
import { jsonReport, reportHost, type JsonReport } from "../report/summary.ts";
import { colours } from "../report/visible.ts";
import { renderChanges, renderPlanSum, renderRecap } from "../report/text.ts";
import { ChangedSinceError, openPlan, refuseChanged, refuseMoved, refusePlan, savePlan, type OpenPlan } from "./apply-saved.ts";
import { askPassword, confirm } from "./ask.ts";
import { applyUnlessStopped, reportCutOff, type Doing, type Print } from "./interruption.ts";
import type { RunFlags } from "./options.ts";
import { shownFailure } from "../plan/entry.ts";
import type { Mask } from "../vault/mask.ts";
import { syntaxCheck } from "./lint.ts";
import { listing } from "./listing.ts";
import { playbookPath } from "./playbook-path.ts";
import { prepare, refuseMistakes, type Prepared } from "./prepare.ts";
import { guarded, openVault } from "./vault-access.ts";
import { stoppable, unlessStopped } from "./stop.ts";

// `hullwright plan`, and `apply --check`: shows what would change. Exit codes: 0 nothing, 2 changes, 1 error, 4 unreachable.
export async function planCommand(name: string, flags: RunFlags): Promise<number> {
  refusePlan(name);
  return withRun(name, flags, "plan", async ({ prepared, print, progress, stop }) => {
    await unlessStopped(stop.soon, prepared.run.plan(progress.emit, stop.soon));
    await progress.end();
    const [report, said] = [reportOf("plan", prepared), shownLines(prepared)];
    if (flags.out !== undefined) await savePlan(flags.out, [prepared.playbook.file], flags, prepared, { report, said });
    return tellPlan(report, said, flags, print);
  });
}

// Shows a plan, and answers its exit code.
export function tellPlan(report: JsonReport, said: readonly string[], flags: Pick<RunFlags, "json">, print: Print): number {
  if (flags.json) screen.json(report);
  else print([...renderChanges(report, colours, true), ...said, "", renderPlanSum(report)]);
  const { totals } = report;
  return totals.unreachable > 0 ? 4 : totals.failed > 0 ? 1 : totals.changes > 0 || hasDeferred(report) ? 2 : 0;
}

// `hullwright apply`: plans, asks, does it. Exit codes: 0 converged, 2 a host failed, 1 error before anything was done, 4 unreachable.
export async function applyCommand(name: string, flags: RunFlags): Promise<number> {
  const saved = await openPlan(name, flags);
  if (!saved) return flags.check ? planCommand(name, flags) : applyPlaybook(name, flags);
  try {
    return await applyPlaybook(saved.playbooks[0]!, saved.flags, saved);
  } catch (error) {
    if (error instanceof InputError && !(error instanceof ChangedSinceError)) refuseChanged(saved);
    throw error;
  }
}

// Plans and does it. With a saved plan, a host that moved since is refused and nothing is done on it.
async function applyPlaybook(name: string, flags: RunFlags, saved?: OpenPlan): Promise<number> {
  return withRun(name, flags, "apply", async (doing) => {
    const { prepared, print, progress, stop } = doing;
    const begun = performance.now();
    if (saved) refuseChanged(saved, prepared.runs);
    await unlessStopped(stop.soon, prepared.run.plan(progress.emit, stop.soon));
    await progress.end();
    if (saved) refuseMoved(prepared, saved);
    refuseMistaken(prepared);
    const planned = reportOf("apply", prepared);
    if (flags.check) return tellPlan(planned, shownLines(prepared), flags, print);
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
