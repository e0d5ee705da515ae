import pc from "picocolors";
import type { HostRun } from "../apply/host-run.ts";
import { showPlace, type Place } from "../errors.ts";
import { lineProgress, MIN_COLUMNS, terminalProgress, type Progress } from "../report/progress.ts";
import { jsonReport, reportHost, type JsonReport } from "../report/summary.ts";
import { renderChanges, renderPlanSum, renderRecap } from "../report/text.ts";
import { askPassword, confirm } from "./ask.ts";
import type { RunFlags } from "./options.ts";
import { shownFailure, type Entry } from "../plan/entry.ts";
import { moved, promise } from "../plan/saved.ts";
import type { Mask } from "../vault/mask.ts";
import { syntaxCheck } from "./lint.ts";
import { listing } from "./listing.ts";
import { playbookPath } from "./playbook-path.ts";
import { prepare, refuseMistakes, type Prepared } from "./prepare.ts";
import { guarded, openVault } from "./vault-access.ts";
import { flagsOfPlan, readPlan, writePlan, type SavedPlan } from "./saved-plan.ts";

/** Writes lines for people; with --json they go to stderr, so that stdout holds one document. */
type Print = (lines: readonly string[]) => void;

// `hullwright plan`, and `apply --check`: shows what would change. Exit codes: 0 nothing, 2 changes, 1 error, 4 unreachable.
export async function planCommand(name: string, flags: RunFlags): Promise<number> {
  return withRun(name, flags, async (prepared, print, progress) => {
    await prepared.run.plan(progress.emit);
    await progress.end();
    if (flags.out !== undefined) writePlan(flags.out, prepared.playbook.file, flags, promisesOf(prepared));
    const report = reportOf("plan", prepared);
    if (flags.json) printJson(report);
    else print([...renderChanges(report, pc, true), ...shownLines(prepared), "", renderPlanSum(report)]);
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
  return withRun(name, flags, async (prepared, print, progress) => {
    await prepared.run.plan(progress.emit);
    if (saved) refuseMoved(prepared, saved);
    refuseMistaken(prepared);
    const planned = reportOf("apply", prepared);
    if (!flags.yes && (planned.totals.changes > 0 || hasDeferred(planned))) {
      await progress.end();
      print([...renderChanges(planned, pc, true), "", renderPlanSum(planned)]);
      if (!(await confirm("\nDo this? Only \"yes\" goes on: "))) {
        print(["nothing was done"]);
        return 1;
      }
    }
    const doing = flags.yes ? progress : await makeProgress(flags, print);
    await prepared.run.apply(doing.emit);
    await doing.end();
    const report = reportOf("apply", prepared, true);
    if (flags.json) printJson(report);
    else print([...renderChanges(report, pc, flags.diff ?? false), ...shownLines(prepared), ...renderRecap(report, pc)]);
    return report.totals.unreachable > 0 ? 4 : report.totals.failed > 0 ? 2 : 0;
  });
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
async function withRun(name: string, flags: RunFlags, work: (prepared: Prepared, print: Print, progress: Progress) => Promise<number>): Promise<number> {
  const vault = await openVault(flags);
  const { mask } = vault;
  const print: Print = (lines) => void (flags.json ? process.stderr : process.stdout).write(`${mask.hide(lines.join("\n"))}\n`);
  const warn = (message: string, place?: Place): void => void process.stderr.write(`warning: ${mask.hide(message)}${place ? ` (${showPlace(place)})` : ""}\n`);
  if (flags.syntaxCheck) return syntaxCheck(name, flags);
  const password = flags.askBecomePass ? await askPassword("sudo's password: ") : undefined;
  const prepared = await guarded(vault, () => prepare(playbookPath(name), flags, password, warn, vault));
  if (flags.listHosts || flags.listTasks || flags.listTags) {
    print(listing(prepared, flags));
    return 0;
  }
  try {
    return await work(prepared, print, await makeProgress(flags, print));
  } finally {
    await prepared.close();
  }
}

// On a terminal rows with counters, else lines; with --json nothing.
async function makeProgress(flags: RunFlags, print: Print): Promise<Progress> {
  if (flags.json) return { emit: () => {}, end: async () => {} };
  return process.stdout.isTTY && process.stdout.columns >= MIN_COLUMNS ? terminalProgress() : lineProgress((line) => { if (flags.verbose > 0) print([line]); });
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

function printJson(report: JsonReport): void {
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}
