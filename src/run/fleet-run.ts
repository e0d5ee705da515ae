import { breakOff, forgetSilence, forgetStates } from "../plan/model/host.ts";
import { eachLimited } from "../limit.ts";
import { hasSteps, isUnknown } from "../plan/model/entry.ts";
import { askAhead, planFleet, readFleet, type Together } from "./ask.ts";
import { walkAgain, walkFleet, type Walking } from "../plan/walk/pass.ts";
import type { Play } from "../playbook/play.ts";
import type { Emit } from "./event.ts";
import { changedSinceShown, departure, isPlannedAnew } from "../plan/shown.ts";
import type { HostRun } from "./host-run.ts";
import { entriesUpTo, nextWave, type Part } from "./schedule.ts";
import type { Pass } from "../plan/model/state.ts";

/**
 * Hosts that are planned and done together: each by itself, or all of them if
 * they look at each other.
 */
export class FleetRun {
  readonly runs: readonly HostRun[];
  private pass: Pass | undefined;
  private readonly together: Together;
  private readonly find: (host: string) => HostRun;
  /** What its hosts were asked before they are planned. */
  private asked: Promise<void> | undefined;
  /** Plays whose hosts were shown as known after apply. */
  private openPlays: ReadonlySet<number> = new Set();

  constructor(
    runs: readonly HostRun[],
    together: Omit<Together, "hosts">,
    find: (host: string) => HostRun,
  ) {
    this.runs = runs;
    this.together = { ...together, hosts: runs.map((run) => run.host.name) };
    this.find = find;
  }

  /** A task looks at hosts that are not in this fleet. */
  get looksElsewhere(): boolean {
    return this.pass?.coupled === true;
  }

  /** Those of its hosts on which nothing has to be done, as far as is planned. */
  get idle(): HostRun[] {
    const busy = new Set(
      this.taking
        .filter((run) => !run.failed)
        .flatMap(({ walk, host }) =>
          (walk?.entries ?? [])
            .filter((one) => hasSteps(one) || isUnknown(one))
            .map(({ on }) => on ?? host.name),
        ),
    );
    return this.runs.filter(({ host }) => !busy.has(host.name));
  }

  // Plans all that is not done yet.
  async plan(stopsAtOpaque = false): Promise<Pass> {
    if (this.asked) {
      await this.asked;
      this.asked = undefined;
      this.walkAgain(stopsAtOpaque);
    }
    this.pass = await planFleet(this.together, this.pass, stopsAtOpaque);
    this.show();
    return this.pass;
  }

  // Walks for the first time, and reads what its walks need from the controller's disk, without
  // contacting anybody. Undefined: the result no longer matters.
  async read(walk: (begin: () => Walking) => Promise<Pass | undefined>): Promise<Pass | undefined> {
    this.pass = await readFleet(this.together, walk);
    if (this.pass) this.show();
    return this.pass;
  }

  // Asks its hosts what is missing, while others are read.
  askAhead(): void {
    this.asked = this.pass && askAhead(this.pass, this.together.forks);
  }

  // Walks once without asking anybody, and gives each host its walk.
  show(): void {
    this.pass ??= walkFleet(this.together.fleet, this.together.playbook, this.together.hosts);
    for (const name of this.pass.walks.keys()) this.find(name).walk = this.pass.walks.get(name);
  }

  // Discards what was planned, and walks again without contacting anybody.
  showAnew(): void {
    this.pass = undefined;
    this.show();
  }

  /** Why the hosts of some plays are not known yet, by the plays' numbers. */
  get unknownHosts(): Pass["unknownHosts"] {
    return this.pass?.unknownHosts ?? {};
  }

  // What is planned now was shown and agreed to: also that some plays may come to any hosts.
  bind(): void {
    this.openPlays = new Set(Object.keys(this.unknownHosts).map(Number));
  }

  // Whether it has a part in a play.
  isIn(play: Play): boolean {
    return this.hostsOf(play).length > 0;
  }

  // Its hosts that a play is for.
  hostsOf(play: Play): HostRun[] {
    return this.taking.filter(({ host }) => this.pass?.view.isIn(play, host.name));
  }

  /** All hosts that have a part in it by now, also those that tasks added or delegated to. */
  get taking(): HostRun[] {
    return [...(this.pass?.walks.keys() ?? [])].map((name) => this.find(name));
  }

  /**
   * Carries out the plan of one play, wave by wave, and plans again what could not be known before,
   * until nothing is left. Once `stop` is aborted it starts nothing more, and shows how far it
   * came. False: only now it shows that a task looks at hosts that are not in this fleet; what is
   * left must be done with them.
   */
  async apply(play: number, emit: Emit, stop?: AbortSignal): Promise<boolean> {
    for (const run of this.taking) run.known.applying = true;
    if (this.isOutdated()) this.walkAgain(true);
    while (!stop?.aborted) {
      await this.plan(true);
      if (this.looksElsewhere) return false;
      this.tellFailures(emit);
      const { parts, limit } = nextWave(
        this.taking.filter((run) => !run.unreachable && !run.broken),
        play,
        this.together.forks,
      );
      const busy = parts
        .map((part) => asShown(part, this.openPlays))
        .filter(({ ready }) => ready.length > 0);
      if (busy.length > 0) {
        await this.work(busy, limit, emit, stop);
        this.forgetElsewhere(busy);
      } else if (parts.every(({ run }) => !run.broken) && !this.finish(parts, play)) {
        this.walkToEnd();
        return true;
      }
      this.walkAgain(true);
    }
    this.showAnew();
    this.tellFailures(emit);
    return true;
  }

  // Does nothing more on its hosts, as what is left must be done with hosts
  // that other processes do.
  refuse(emit: Emit): void {
    for (const { known } of this.runs)
      breakOff(known, {
        task: "",
        message:
          "a task looks at hosts that another process does, which became clear only after what was done before it",
        hint: "run again with --workers 1 and without --queue: what is done is not done twice",
      });
    this.showAnew();
    this.tellFailures(emit);
  }

  /**
   * Checks hosts again that will be planned again while they are changed: between what was shown
   * and the first change, nobody else may have changed anything. If something has changed, it is
   * refused, and nothing is done on that host.
   */
  async lookAgain(): Promise<void> {
    const open = this.taking.filter((run) => !run.failed && run.shown && isPlannedAnew(run.shown));
    if (open.length === 0) return;
    for (const { known } of open) forgetStates(known);
    this.pass = undefined;
    await this.plan();
    for (const { shown, known, walk } of open) {
      const moved = changedSinceShown(shown!, walk?.entries ?? []);
      if (moved && !known.broken) breakOff(known, { task: "", ...moved });
    }
  }

  // What hosts have changed may be seen at their other addresses, too, and makes
  // those answer that did not.
  private forgetElsewhere(busy: readonly Part[]): void {
    const changed = new Set(busy.map(({ run }) => run.host.name));
    for (const { host, known } of this.taking) {
      if (host.elsewhereOf === undefined || !changed.has(host.elsewhereOf)) continue;
      known.answers.clear();
      forgetSilence(known);
    }
  }

  // Tells which hosts have failed by now.
  private tellFailures(emit: Emit): void {
    for (const run of this.taking) if (run.failed) emit({ kind: "host-failed", run });
  }

  // Whether a question must be asked again, earlier plays may have made files on the
  // controller, or much of it is done.
  private isOutdated(): boolean {
    return (
      this.pass?.mark !== undefined ||
      [...(this.pass?.walks.values() ?? [])].some(
        (walk) => walk.retry.size > 0 || walk.awaitsController,
      )
    );
  }

  // Walks again with what has become known, from where all is done with.
  private walkAgain(stopsAtOpaque: boolean): void {
    const { fleet, playbook, hosts } = this.together;
    this.pass = walkAgain(this.pass, fleet, playbook, hosts, stopsAtOpaque);
  }

  // Plans what the walk did not reach any more, so that everything that is left can be reported.
  walkToEnd(): void {
    if (this.pass?.isHeld !== true || !this.pass.stopsAtOpaque) return;
    this.walkAgain(false);
    this.show();
  }

  // Lets hosts do their parts; those that are done on one host come one after another.
  private async work(
    parts: readonly Part[],
    limit: number,
    emit: Emit,
    stop?: AbortSignal,
  ): Promise<void> {
    const byTarget = new Map<string, Part[]>();
    for (const part of parts) {
      const target = part.ready[0]!.on ?? part.run.host.name;
      byTarget.set(target, [...(byTarget.get(target) ?? []), part]);
    }
    await eachLimited(
      [...byTarget],
      limit,
      async ([target, queue]) => {
        for (const { run, ready, passed } of queue)
          await run.execute(
            this.find(target),
            ready,
            passed,
            (entry, state) => emit({ kind: "step", host: run.host.name, entry, state }),
            stop,
          );
      },
      stop,
    );
  }

  // Keeps entries that need no work. A task whose result nobody can know ends its host's part;
  // true: others may continue then.
  private finish(parts: readonly Part[], play: number): boolean {
    let isStuck = false;
    for (const { run, passed } of parts) {
      run.settle(passed);
      const stuck = entriesUpTo(run, play)[passed.length];
      if (!stuck || !isUnknown(stuck)) continue;
      breakOff(run.known, {
        task: stuck.task,
        message: `it cannot be determined what this task will do: ${stuck.verdict.why}`,
      });
      isStuck = true;
    }
    return isStuck;
  }
}

// What of a part is as it was shown; where the first of it is not, the host's part is over.
function asShown(part: Part, openPlays: ReadonlySet<number>): Part {
  const { run, ready, passed } = part;
  const { shown, walk } = run;
  if (!shown) return part;
  const at = ready.findIndex(
    (entry) => !openPlays.has(entry.at[0]!) && departure(shown, entry, walk?.entries ?? []),
  );
  if (at < 0) return part;
  const first = ready[at]!;
  if (at === 0)
    breakOff(run.known, {
      task: first.task,
      place: first.place,
      ...departure(shown, first, walk?.entries ?? [])!,
    });
  return { run, ready: ready.slice(0, at), passed: passed.slice(0, passed.indexOf(first)) };
}
