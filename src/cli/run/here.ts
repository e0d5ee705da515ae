import { shownFailure } from "../../plan/model/entry.ts";
import { breakOff } from "../../plan/model/host.ts";
import { screen } from "../../report/screen.ts";
import { colours } from "../../report/visible.ts";
import { holdTo, savePlan, type OpenPlan } from "./open-plan.ts";
import type { Prepared } from "../prepare/prepared.ts";
import type { HostRun } from "../../run/host-run.ts";
import { refuseMistakes } from "../prepare/mistakes.ts";
import { applyUnlessStopped, planUnlessStopped, reportCutOff } from "../stop/interruption.ts";
import type { Doing } from "./doing.ts";
import type { Applied, HostWork, Planned } from "./flow.ts";
import type { Telling } from "./telling.ts";
import { fromKeys } from "../../records.ts";

/** The hosts of a run, done by this program. */
export class HostsHere implements HostWork {
  readonly plansItself = false;
  private readonly doing: Doing;
  private readonly saved: OpenPlan | undefined;

  constructor(doing: Doing, saved?: OpenPlan) {
    this.doing = doing;
    this.saved = saved;
  }

  async plan(command: "plan" | "apply"): Promise<Planned> {
    const { doing, saved } = this;
    const { prepared, telling, flags } = doing;
    await planUnlessStopped(doing);
    if (saved) holdTo(prepared, saved);
    warnOfTasks(prepared, telling);
    for (const [{ title, hosts }, why] of prepared.run.unknownHosts())
      screen.warn(
        `warning: ${telling.warn(`the hosts of the play "${title}" are known after apply: they depend on ${why}`, hosts.place)}`,
      );
    if (command === "plan") warnOfPlays(prepared, telling);
    else await doing.guard(() => refuseMistaken(prepared));
    const report = telling.report(command, prepared);
    const showing = telling.showing(prepared, colours, true);
    return {
      report,
      showing,
      async save(file) {
        const words = fromKeys(Object.keys(report.hosts), (host) => showing.words(host));
        await savePlan(file, prepared.playbook.files, flags, prepared, { report, words });
      },
    };
  }

  async apply(agreed: boolean): Promise<Applied> {
    const { doing } = this;
    const { prepared, telling } = doing;
    if (agreed) prepared.run.bind({ looksAgain: true });
    const cutOff = await applyUnlessStopped(doing);
    warnOfPlays(prepared, telling);
    warnOfTasks(prepared, telling);
    const report = telling.report("apply", prepared, true);
    const done = { report, showing: telling.showing(prepared, colours, false) };
    return cutOff ? { ...done, stopped: () => reportCutOff(doing, report, cutOff) } : done;
  }
}

// A host whose plan shows a mistake is left as it is; if that is every host, nothing is done.
export function refuseMistaken(prepared: Prepared): void {
  const wrong = mistakenHosts(prepared);
  if (wrong.length > 0 && wrong.length === prepared.runs.length) refuseMistakes(wrong[0]!);
  leaveMistaken(wrong);
}

// The hosts whose plans show mistakes.
export function mistakenHosts({ runs }: Prepared): HostRun[] {
  return runs.filter(({ walk, broken }) => walk?.failed?.verdict.failure.place && !broken);
}

// Has nothing done on hosts whose plans show mistakes.
export function leaveMistaken(wrong: readonly HostRun[]): void {
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

// Shows what tasks warn of, each warning once.
function warnOfTasks(prepared: Prepared, telling: Telling): void {
  for (const text of telling.warnOfResults(prepared)) screen.warn(`warning: ${text}`);
}

// Warns of plays that have no host by the end, where tasks might have added some.
function warnOfPlays(prepared: Prepared, telling: Telling): void {
  for (const { hosts } of prepared.emptyPlays()) {
    const what = hosts.kind === "scalar" ? `"${String(hosts.value)}"` : "this play";
    screen.warn(
      `warning: ${telling.warn(`no host matches ${what}, not even those that tasks add`, hosts.place)}`,
    );
  }
}
