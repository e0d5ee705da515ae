import type { JsonReport } from "../../report/summary.ts";
import { screen } from "../../report/screen.ts";
import type { Showing } from "../../report/text.ts";
import { agreesTo, appliedCode } from "./agree.ts";
import { plannedWith, type OpenPlan } from "./open-plan.ts";
import type { Doing } from "./doing.ts";
import { hasDeferred, tellApplied, tellPlan } from "./tell.ts";
import { keepUndone, planAgain, retryCommand, type GoOn } from "./retry.ts";

/** The result of planning, and how it is shown. */
export interface Planned {
  report: JsonReport;
  showing: Showing;
  /** Keeps it in a file. */
  save(file: string): Promise<void>;
}

/** The result of a run, and how it is shown. */
export interface Applied {
  report: JsonReport;
  showing: Showing;
  /**
   * Set if someone stopped it: reports how far it got (`tell`: in the form for a run that was not
   * stopped), and returns the exit code.
   */
  stopped?(tell: (document: object) => void): number;
}

/** Who does the hosts of a run: this program, or workers. The flow around it is the same. */
export interface HostWork {
  /** Nobody needs to see a plan before it is done: they are planned as part of it. */
  readonly plansItself: boolean;
  plan(command: "plan" | "apply"): Promise<Planned>;
  /** Does what was planned; where somebody `agreed` to what was shown, that and nothing else. */
  apply(agreed: boolean): Promise<Applied>;
}

// Plans hosts, keeps the plan if it is wanted, and shows it.
export async function planHosts({ flags, print }: Doing, work: HostWork): Promise<number> {
  const { report, showing, save } = await work.plan("plan");
  if (flags.out !== undefined) await save(flags.out);
  return tellPlan(report, showing, flags, print);
}

/** Whether apply may begin, and how long somebody took to say so; or the code to exit with. */
type Go = { isAgreed: boolean; askedMs: number } | { code: number };

// Plans hosts, asks, does it. With a saved plan, a host that has changed since is refused
// and nothing is done on it.
export async function applyToHosts(
  doing: Doing,
  work: HostWork,
  saved?: OpenPlan,
): Promise<number> {
  const begun = performance.now();
  const go = await mayApply(doing, work);
  if ("code" in go) return go.code;
  const { report, showing, stopped } = await work.apply(go.isAgreed);
  const tell = (document: object): void => {
    const undone = keepUndone(report, (message) =>
      screen.warn(`warning: ${doing.telling.warn(message)}`),
    );
    if (doing.flags.json) return screen.json(document);
    const next = goOn(undone, doing.flags.words, saved);
    const milliseconds = performance.now() - begun - go.askedMs;
    tellApplied(report, showing, { milliseconds, next }, doing.print);
  };
  if (stopped) return stopped(tell);
  tell(report);
  return appliedCode(report);
}

// Plans hosts and asks whether it is to be done. With --check the plan is all that is wanted; with
// --yes nobody is asked, and hosts that plan themselves need no plan before.
async function mayApply(doing: Doing, work: HostWork): Promise<Go> {
  const { flags, print } = doing;
  if (flags.yes && !flags.check && work.plansItself) return { isAgreed: false, askedMs: 0 };
  const { report, showing } = await work.plan("apply");
  if (flags.check) return { code: tellPlan(report, showing, flags, print) };
  const hasWork = report.totals.changes > 0 || hasDeferred(report);
  if (flags.yes || !hasWork) return { isAgreed: false, askedMs: 0 };
  const asked = performance.now();
  const isAgreed = await agreesTo(doing, report, showing);
  return isAgreed ? { isAgreed, askedMs: performance.now() - asked } : { code: 1 };
}

// How to go on with the hosts that are not done. Where one is not any more what a saved plan says,
// the plan is of no more use.
function goOn(
  undone: string | undefined,
  words: readonly string[] | undefined,
  saved: OpenPlan | undefined,
): GoOn | undefined {
  if (undone === undefined || !words) return undefined;
  return saved?.isBroken
    ? planAgain(plannedWith(saved), words, undone)
    : retryCommand(words, undone);
}
