import { breakOff } from "../../plan/model/host.ts";
import type { HostRun } from "../../run/host-run.ts";
import { InputError, Interrupted, type Place } from "../../errors.ts";
import { showTime } from "../../report/phase.ts";
import {
  lineProgress,
  terminalProgress,
  type Progress,
  type WhyFailed,
} from "../../report/progress.ts";
import { renderPlanNotes, renderPlanSum, renderRecap, renderTimes } from "../../report/recap.ts";
import { screen } from "../../report/screen.ts";
import { reportHost, type JsonReport } from "../../report/summary.ts";
import { renderChanges, type Showing } from "../../report/text.ts";
import { colours } from "../../report/visible.ts";
import {
  openPlan,
  plannedWith,
  refuseChanged,
  refuseMoved,
  refusePlan,
  savePlan,
  ChangedSinceError,
  type OpenPlan,
} from "./apply-saved.ts";
import { readAnsibleConfig } from "../settings/ansible-cfg.ts";
import { agreesTo, appliedCode } from "./agree.ts";
import {
  applyUnlessStopped,
  planUnlessStopped,
  reportCutOff,
  type Doing,
  type Print,
} from "../stop/interruption.ts";
import type { RunFlags } from "../settings/options.ts";
import { shownFailure } from "../../plan/model/entry.ts";
import type { Mask } from "../../vault/mask.ts";
import type { Vault } from "../../vault/vault.ts";
import { syntaxCheck } from "./lint.ts";
import { listing } from "../prepare/list.ts";
import { passwords, type Passwords } from "../connection/passwords.ts";
import { playbookPath } from "../playbook-path.ts";
import { isListing, prepare, refuseMistakes } from "../prepare/prepare.ts";
import type { PlaybookText } from "../../playbook/load/load.ts";
import { keepUndone, planAgain, retryCommand, type GoOn } from "../run/retry.ts";
import { Telling } from "../run/telling.ts";
import { settledFlags } from "../settings/settled-flags.ts";
import { guarded, openVault } from "../vault/access.ts";
import { refuseForeign } from "../run/saved-plan.ts";
import { stoppable } from "../stop/stop.ts";
import type { Prepared } from "../prepare/prepared.ts";

// `hullwright plan`, and `apply --check`: shows what would change. Exit codes: 0 nothing, 2 changes, 1 error, 4 unreachable.
export async function planCommand(names: readonly string[], flags: RunFlags): Promise<number> {
  names.forEach(refusePlan);
  if (flags.out !== undefined) refuseForeign(flags.out);
  return withRun(names, flags, "plan", async (doing) => {
    const { prepared, print, telling } = doing;
    await planUnlessStopped(doing);
    warnOfPlays(prepared, telling);
    const [report, showing] = [
      telling.report("plan", prepared),
      telling.showing(prepared, colours, true),
    ];
    const words = Object.fromEntries(
      Object.keys(report.hosts).map((host) => [host, showing.words(host)]),
    );
    if (flags.out !== undefined)
      await savePlan(flags.out, prepared.playbook.files, flags, prepared, { report, words });
    return tellPlan(report, showing, flags, print);
  });
}

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
  const { totals } = report;
  if (totals.unreachable > 0) return 4;
  if (totals.failed > 0) return 1;
  return totals.changes > 0 || hasDeferred(report) ? 2 : 0;
}

// `hullwright apply`: plans, asks, does it. Exit codes: 0 converged, 2 a host failed, 1 error before anything was done, 4 unreachable.
export async function applyCommand(names: readonly string[], flags: RunFlags): Promise<number> {
  const saved = await openPlan(names, flags);
  if (!saved) return flags.check ? planCommand(names, flags) : applyPlaybooks(names, flags);
  try {
    return await applyPlaybooks(saved.playbooks, saved.flags, saved);
  } catch (error) {
    if (error instanceof InputError && !(error instanceof ChangedSinceError)) refuseChanged(saved);
    throw error;
  }
}

// Plans and does it. With a saved plan, a host that moved since is refused and nothing is done on it.
async function applyPlaybooks(
  names: readonly string[],
  flags: RunFlags,
  saved?: OpenPlan,
): Promise<number> {
  return withRun(names, flags, "apply", async (doing) => {
    const { prepared, print, telling } = doing;
    let begun = performance.now();
    if (saved) refuseChanged(saved, prepared.runs);
    await planUnlessStopped(doing);
    if (saved) {
      refuseMoved(prepared, saved);
      prepared.run.bind(false);
    }
    await doing.guard(() => refuseMistaken(prepared));
    const planned = telling.report("apply", prepared);
    if (flags.check)
      return tellPlan(planned, telling.showing(prepared, colours, true), flags, print);
    if (!flags.yes && (planned.totals.changes > 0 || hasDeferred(planned))) {
      const asked = performance.now();
      if (!(await agreesTo(doing, planned, telling.showing(prepared, colours, true)))) return 1;
      prepared.run.bind(true);
      begun += performance.now() - asked;
    }
    const stopped = await applyUnlessStopped(doing);
    warnOfPlays(prepared, telling);
    const report = telling.report("apply", prepared, true);
    if (stopped) return reportCutOff(doing, report, stopped);
    const undone = keepUndone(report, (message) =>
      screen.warn(`warning: ${telling.warn(message)}`),
    );
    if (flags.json) screen.json(report);
    else
      print([
        ...applied(
          report,
          telling.showing(prepared, colours, false),
          goOn(undone, flags.words, saved),
        ),
        ...took(performance.now() - begun),
      ]);
    return appliedCode(report);
  });
}

// How long a run took, where that is worth a word.
export function took(milliseconds: number): string[] {
  const time = showTime(milliseconds);
  return time === "" ? [] : [`It took ${time}.`];
}

// A host whose plan shows a mistake is left alone; where that is every host, nothing is done.
export function refuseMistaken({ runs }: Prepared): void {
  const wrong = runs.filter(({ walk, broken }) => walk?.failed?.verdict.failure.place && !broken);
  if (wrong.length > 0 && wrong.length === runs.length) refuseMistakes(wrong[0]!);
  for (const { walk, known } of wrong) {
    const failed = walk!.failed!;
    const { message, hint, ...where } = shownFailure(failed);
    breakOff(known, {
      task: failed.task,
      message,
      ...where,
      hint: [hint, "nothing was done on this host"].filter(Boolean).join("; "),
    });
  }
}

/** What a run may have from elsewhere than its flags: a part of a run has it from its coordinator. */
export interface GivenRun {
  vault?: Vault;
  book?: PlaybookText;
  passwords?: Passwords;
  progress?: Progress;
}

// Prepares a run, does something with it, and closes all logins in any case.
export async function withRun(
  names: readonly string[],
  given: RunFlags,
  command: string,
  work: (doing: Doing) => Promise<number>,
  from: GivenRun = {},
): Promise<number> {
  const vault = from.vault ?? (await openVault(given));
  const { mask } = vault;
  const flags = { ...given };
  const print: Print = (lines) =>
    screen.tell(flags.json ? "stderr" : "stdout", `${mask.hide(lines.join("\n"))}\n`);
  const telling = new Telling(mask, flags);
  const warn = (message: string, place?: Place): void =>
    screen.warn(`warning: ${telling.warn(message, place)}`);
  if (flags.syntaxCheck) return syntaxCheck(names, flags);
  const settings = readAnsibleConfig(warn);
  Object.assign(flags, settledFlags(given, settings));
  const asked = from.passwords ?? (await passwords(flags));
  flags.connectionPassword = asked.connection;
  const prepared = await guarded(vault, () =>
    prepare(
      from.book ? [from.book.file] : names.map(playbookPath),
      flags,
      { becomePassword: asked.become, settings, book: from.book },
      warn,
      vault,
    ),
  );
  if (isListing(flags)) {
    print(listing(prepared, flags));
    return 0;
  }
  const progress =
    from.progress ??
    (await makeProgress(flags, print, (run) => run.why ?? whyFailed(run as HostRun, mask)));
  try {
    return await stoppable((stop) =>
      work({
        prepared,
        flags,
        print,
        progress,
        telling,
        stop,
        passwords: asked,
        vault,
        guard: (risky) => guarded(vault, risky),
      }),
    );
  } catch (error) {
    await progress.end();
    if (flags.json && error instanceof Interrupted)
      screen.json({
        ...telling.empty(command, names.map(playbookPath)),
        interrupted: { signal: error.signal },
      });
    throw error;
  } finally {
    await progress.end();
    await prepared.close();
  }
}

// Why a host failed, in one line.
export function whyFailed(run: HostRun, mask: Mask): string {
  const { task = "", message = "failed" } =
    mask.hideIn(reportHost(run, { rounds: 0 }, true)).failed ?? {};
  const [first = "", second = ""] = message.split("\n");
  const words = first.endsWith(":") ? `${first} ${second.trim()}` : first;
  return `${task === "" ? "" : `${task}: `}${words}`;
}

// On a terminal a line with counters, else a line for what happens; with --json nothing, unless -v wants lines on stderr.
async function makeProgress(flags: RunFlags, print: Print, why: WhyFailed): Promise<Progress> {
  const isVerbose = flags.verbose > 0;
  if (flags.json && !isVerbose) return { emit: () => {}, end: async () => {} };
  return !flags.json && screen.isLive
    ? terminalProgress(screen, why)
    : lineProgress((line) => print([line]), why, isVerbose);
}

export function hasDeferred(report: JsonReport): boolean {
  return Object.values(report.hosts).some((host) => host.deferred.length > 0);
}

// How to go on with the hosts that are not done. Where one is not any more what a saved plan says, the plan is of no more use.
export function goOn(
  undone: string | undefined,
  words: readonly string[] | undefined,
  saved: OpenPlan | undefined,
): GoOn | undefined {
  if (undone === undefined || !words) return undefined;
  return saved?.isBroken
    ? planAgain(plannedWith(saved), words, undone)
    : retryCommand(words, undone);
}

// What apply prints at its end: what was done on each host, how long it took, the recap, and how to go on.
export function applied(report: JsonReport, showing: Showing, next: GoOn | undefined): string[] {
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

// Warns of plays that have no host by the end, where tasks might have added some.
function warnOfPlays({ emptyPlays }: Prepared, telling: Telling): void {
  for (const { hosts } of emptyPlays()) {
    const what = hosts.kind === "scalar" ? `"${String(hosts.value)}"` : "this play";
    screen.warn(
      `warning: ${telling.warn(`no host matches ${what}, also with those that tasks add`, hosts.place)}`,
    );
  }
}
