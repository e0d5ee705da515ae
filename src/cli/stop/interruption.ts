import type { Emit } from "../../run/event.ts";
import { Interrupted, STOP_SIGNALS } from "../../errors.ts";
import { screen } from "../../report/screen.ts";
import type { JsonReport } from "../../report/summary.ts";
import { renderChanges } from "../../report/text.ts";
import { colours } from "../../report/visible.ts";
import { AtWork, cutOff, renderCutOff, renderStopping, type CutOff } from "./cut-off.ts";
import { refuseUnknownRun } from "./unknown-run.ts";
import { unlessStopped } from "./stop.ts";
import type { Doing } from "../run/doing.ts";

// Plans all hosts; if someone stops it, it throws Interrupted immediately, and
// reports nothing more.
export async function planUnlessStopped(doing: Doing): Promise<void> {
  const { prepared, progress, stop, flags } = doing;
  const emit: Emit = (event) => {
    if (!stop.soon.aborted) progress.emit(event);
  };
  await unlessStopped(stop.soon, prepared.run.plan(emit, stop.soon));
  await progress.end();
  refuseUnknownRun(prepared, flags);
}

// Carries out the plan. If someone stops it, it returns how far it got.
export async function applyUnlessStopped({
  prepared,
  print,
  progress,
  telling,
  stop,
}: Doing): Promise<CutOff | undefined> {
  const atWork = new AtWork();
  const emit: Emit = (event) => {
    // what is no longer waited for is not reported either
    if (stop.now.aborted) return;
    atWork.hear(event);
    progress.emit(event);
  };
  const heard = (): void => print(renderStopping(atWork, colours));
  stop.soon.addEventListener("abort", heard, { once: true });
  try {
    await unlessStopped(stop.now, prepared.run.apply(telling.watch(emit), stop.soon));
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  } finally {
    stop.soon.removeEventListener("abort", heard);
  }
  await progress.end();
  if (!stop.soon.aborted) return undefined;
  prepared.run.walkToEnd();
  return prepared.mask.hideIn(cutOff(prepared.runs, atWork));
}

// Reports the results of a run that someone stopped, and returns its exit code.
export function reportCutOff(
  { prepared, print, flags, telling, stop }: Doing,
  report: JsonReport,
  interrupted: CutOff,
): number {
  const { signal } = stop.soon.reason as Interrupted;
  if (flags.json) screen.json({ ...report, interrupted: { signal, ...interrupted.hosts } });
  else
    print([
      ...renderChanges(onlyTouched(report), telling.showing(prepared, colours, false)),
      ...renderCutOff(interrupted, signal, colours),
    ]);
  return STOP_SIGNALS[signal];
}

// The hosts on which something was done, or failed.
function onlyTouched(report: JsonReport): JsonReport {
  return {
    ...report,
    hosts: Object.fromEntries(
      Object.entries(report.hosts).filter(
        ([, { status }]) => status !== "ok" && status !== "not_reached",
      ),
    ),
  };
}
