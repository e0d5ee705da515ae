import { hasStatus } from "../plan/model/entry.ts";
import { eachLimited } from "../limit.ts";
import type { Fleet } from "../plan/model/fleet.ts";
import type { Play, Playbook } from "../playbook/play.ts";
import { shownOf } from "../plan/shown.ts";
import type { Emit } from "./event.ts";
import { FleetRun } from "./fleet-run.ts";
import type { HostRun } from "./host-run.ts";
import { WalksInTurn } from "./patiently.ts";
import { isLast, type OtherParts, type PlayCount } from "./other-parts.ts";
import type { Pass } from "../plan/model/state.ts";

/** What a run is made of. */
export interface RunParts {
  fleet: Fleet;
  playbook: Playbook;
  /** The hosts of all plays. */
  hosts: readonly HostRun[];
  /** The run of any host, also one that a task adds or delegates to. */
  find(host: string): HostRun;
  /** How many hosts are at work at once. */
  forks: number;
  /** The first hosts, as many as work at once, are asked as soon as each of them is walked. */
  isEager?: boolean;
  /**
   * The first host is walked to its end, without an error: hosts may be logged in on. Where it is
   * given, the first host is connected to before.
   */
  sound?(): void;
  /** Ends the logins of a host that has nothing to do; one that is needed again is opened again. */
  release?(host: string): Promise<void>;
  /** Other processes do the other hosts of the run. */
  others?: OtherParts;
}

/**
 * A whole run. Each host is done by itself, until a task looks at another: then all are together.
 */
export class Run {
  private readonly parts: RunParts;
  private fleets: FleetRun[];
  private looksAgain = false;
  private isRead = false;
  /**
   * The first host is walked to its end, without an error: most mistakes show on every host, and
   * should be reported before any host is contacted.
   */
  private isSound = false;
  /** The hosts that are logged in on ahead. */
  private readonly reached = new Set<string>();

  constructor(parts: RunParts) {
    this.parts = parts;
    this.fleets = parts.hosts.map((run) => this.fleetOf([run]));
  }

  // Walks for the first time, and reads all that the walks want of this machine's disk.
  async read(): Promise<void> {
    this.isRead = true;
    if (await this.readFleets()) return;
    this.fleets = [this.fleetOf(this.parts.hosts)];
    await this.readFleets();
  }

  // Reads each fleet; false: one of several looks at another one.
  private async readFleets(): Promise<boolean> {
    const { fleets } = this;
    const turns = new WalksInTurn();
    let [isCoupled, isOver] = [false, false];
    const read: [fleet: FleetRun, pass: Pass][] = [];
    const reach = (pass: Pass): void => this.reach(pass);
    const readOne = async (fleet: FleetRun, order: number): Promise<void> => {
      const pass = await fleet.read(async (begin) => {
        const pass = await turns.walk(order, () => (isOver ? undefined : begin()), reach);
        isCoupled ||= fleets.length > 1 && pass?.coupled === true;
        isOver ||= isCoupled;
        return isOver ? undefined : pass;
      });
      if (!pass) return;
      read.push([fleet, pass]);
      if (order === 0) this.isSound = [...pass.walks.values()].every(({ failed }) => !failed);
      if (this.isSound) this.goAhead(read.splice(0));
    };
    try {
      await eachLimited([...fleets.entries()], this.parts.forks, ([order, fleet]) =>
        readOne(fleet, order),
      );
    } catch (error) {
      isOver = true;
      throw error;
    }
    return !isCoupled;
  }

  // Hosts may be logged in on: asks the fleets that were read so far, as many as work at once.
  private goAhead(read: readonly (readonly [fleet: FleetRun, pass: Pass])[]): void {
    this.parts.sound?.();
    for (const [fleet, pass] of read) {
      this.reach(pass);
      if (fleet.runs.every(({ host }) => this.reached.has(host.name))) fleet.askAhead();
    }
  }

  // Logs in on those hosts of a pass that will certainly be asked: while it is not
  // known whether all is sound, whoever opens sessions only connects. Errors are
  // reported when the hosts are asked.
  private reach({ walks }: Pass): void {
    const { isEager, forks, find, sound } = this.parts;
    if (!isEager || (!this.isSound && !sound)) return;
    for (const { host, missing, failed } of walks.values()) {
      const isAsked = [...missing.values()].some(
        ({ identity, isOptional }) => identity.login === undefined && isOptional !== true,
      );
      if (!isAsked || failed || this.reached.has(host.name) || this.reached.size >= forks) continue;
      this.reached.add(host.name);
      find(host.name)
        .asking.session()
        .catch(() => undefined);
    }
  }

  /** All hosts are planned and done together, as a task looks at another host. */
  get isTogether(): boolean {
    return this.fleets.length === 1 && this.parts.hosts.length > 1;
  }

  /** A task looks at hosts that this run, which is a part of another, does not do. */
  get looksElsewhere(): boolean {
    return this.fleets.some((fleet) => fleet.looksElsewhere);
  }

  /** Every host that has a part in it by now. */
  get hosts(): HostRun[] {
    return [
      ...new Set([
        ...this.parts.hosts,
        ...this.fleets.flatMap((fleet) =>
          fleet.taking.filter((run) => (run.walk?.entries.length ?? 0) > 0),
        ),
      ]),
    ];
  }

  /** Plays that no host is in; while that is not known of all tasks, none. */
  emptyPlays(): Play[] {
    if (this.hosts.some(({ walk }) => walk?.entries.some((one) => hasStatus(one, "deferred"))))
      return [];
    const unknown = new Set(this.unknownHosts().map(([play]) => play));
    return this.parts.playbook.plays.filter(
      (play) => !unknown.has(play) && !this.fleets.some((fleet) => fleet.isIn(play)),
    );
  }

  /** Plays whose hosts only apply will show, and why. */
  unknownHosts(): [play: Play, why: string][] {
    const { plays } = this.parts.playbook;
    const found = this.fleets.flatMap((fleet) => Object.entries(fleet.unknownHosts));
    return found.map(([number, { why }]) => [plays[Number(number)]!, why]);
  }

  // Plans all hosts, a limited number at once. Once `stop` is aborted, no further one is started.
  async plan(emit: Emit, stop?: AbortSignal): Promise<void> {
    emit({ kind: "planning", hosts: this.parts.hosts.length });
    if (!this.isRead) await this.read();
    await this.togetherIfCoupled(
      async (fleet) => {
        const pass = await fleet.plan();
        await this.releaseIdle(fleet, pass);
        return pass;
      },
      (run) => emit({ kind: "planned", run }),
      stop,
    );
    if (stop?.aborted) return;
    const counts = this.parts.playbook.plays.map((play, number) => this.countOf(play, number));
    const last = (await this.parts.others?.planned(counts)) ?? counts.findIndex(isLast);
    if (last >= 0) this.endWith(last);
  }

  // Lets go of hosts that have nothing to do: connections take memory on both sides.
  private async releaseIdle(fleet: FleetRun, { coupled }: Pass): Promise<void> {
    const { hosts, forks, release } = this.parts;
    if (!release || hosts.length <= forks || coupled) return;
    await Promise.all(fleet.idle.map(({ host }) => release(host.name)));
  }

  // Does something for each fleet, and for all hosts as one once a task looks at another host.
  private async togetherIfCoupled(
    work: (fleet: FleetRun) => Promise<Pass>,
    done: (run: HostRun) => void = () => {},
    stop?: AbortSignal,
  ): Promise<void> {
    const passes: Pass[] = [];
    await eachLimited(
      this.fleets,
      this.parts.forks,
      async (fleet) => {
        passes.push(await work(fleet));
        fleet.runs.forEach(done);
      },
      stop,
    );
    if (stop?.aborted) return;
    if (this.fleets.length === 1 || !passes.some(({ coupled }) => coupled)) return;
    this.fleets = [this.fleetOf(this.parts.hosts)];
    await work(this.fleets[0]!);
  }

  // What is planned now was shown and agreed to: nothing else is done from here on. Where somebody
  // took time to agree, apply looks at all hosts again before it begins.
  bind({ looksAgain }: { looksAgain: boolean }): void {
    this.looksAgain = looksAgain;
    for (const fleet of this.fleets) fleet.bind();
    for (const run of this.hosts) run.shown = shownOf(run.walk?.entries ?? []);
  }

  // Does what was planned, play by play. A play in which all hosts are lost ends the
  // run. Once `stop` is aborted no change is begun anywhere any more; it resolves when
  // those that run have ended.
  async apply(emit: Emit, stop?: AbortSignal): Promise<void> {
    if (this.looksAgain)
      await eachLimited(this.fleets, this.parts.forks, (fleet) => fleet.lookAgain(), stop);
    if (stop?.aborted) return;
    // From here on templates may write files on the controller, which the plan did not know.
    if (this.parts.hosts[0]?.host.files.generated.begin())
      for (const fleet of this.fleets) fleet.showAnew();
    for (const run of this.hosts) run.ended = undefined;
    for (const [number, play] of this.parts.playbook.plays.entries()) {
      if (stop?.aborted) return;
      const mine = this.fleets.filter((fleet) => fleet.isIn(play));
      const hosts = mine.flatMap((fleet) => fleet.hostsOf(play));
      const alive = hosts.filter((run) => !run.unreachable && !run.broken);
      await this.parts.others?.begins(number, hosts.length);
      if (stop?.aborted) return;
      emit({ kind: "play", name: play.title, hosts: hosts.length });
      await this.applyPlay(number, mine, emit, stop);
      const count = { alive: alive.length > 0, failed: hosts.every((run) => run.failed) };
      if ((await this.parts.others?.ends(number, count)) ?? isLast(count))
        return this.endWith(number);
    }
  }

  // Does one play with each fleet. Where one finds only now that a task looks at other hosts, it
  // waits until all others are at the same place or done with the play, and then all hosts go on as
  // one; where other processes do some of them, its hosts fail.
  private async applyPlay(
    number: number,
    fleets: readonly FleetRun[],
    emit: Emit,
    stop: AbortSignal | undefined,
  ): Promise<void> {
    const play = this.parts.playbook.plays[number]!;
    const done = new Set<HostRun>();
    const tell = (fleet: FleetRun): void => {
      if (stop?.aborted) return;
      for (const run of fleet.hostsOf(play))
        if (!done.has(run)) emit({ kind: "host-done", run, play: number });
      fleet.hostsOf(play).forEach((run) => done.add(run));
    };
    const waiting: FleetRun[] = [];
    const work = async (fleet: FleetRun): Promise<void> => {
      if (await fleet.apply(number, emit, stop)) tell(fleet);
      else waiting.push(fleet);
    };
    await eachLimited(fleets, this.parts.forks, work, stop);
    if (stop?.aborted || waiting.length === 0) return;
    if (this.fleets.length > 1 && this.parts.hosts.length === this.parts.fleet.size) {
      this.fleets = [this.fleetOf(this.parts.hosts)];
      await work(this.fleets[0]!);
      return;
    }
    for (const fleet of waiting) {
      fleet.refuse(emit);
      tell(fleet);
    }
  }

  // Discards what was planned, and walks again from the top without contacting anybody.
  showAnew(): void {
    for (const fleet of this.fleets) fleet.showAnew();
  }

  // Has everything that is left planned, so that it can be reported.
  walkToEnd(): void {
    for (const fleet of this.fleets) fleet.walkToEnd();
  }

  // How the hosts of a play are by its end, as far as is planned.
  private countOf(play: Play, number: number): PlayCount {
    const hosts = this.fleets.flatMap((fleet) => fleet.hostsOf(play));
    return {
      alive: hosts.some((run) => !run.unreachable && !run.broken),
      failed: hosts.every((run) => failsBy(run, number)),
    };
  }

  // Records on hosts of later plays that the run does not reach those plays.
  private endWith(number: number): void {
    const { plays } = this.parts.playbook;
    const why = `all hosts of "${plays[number]!.title}" failed`;
    for (const play of plays.slice(number + 1)) {
      for (const run of this.fleets.flatMap((fleet) => fleet.hostsOf(play)))
        if (!failsBy(run, number)) run.ended ??= { play: number, why };
    }
  }

  private fleetOf(runs: readonly HostRun[]): FleetRun {
    const { fleet, playbook, forks, find } = this.parts;
    return new FleetRun(runs, { fleet, playbook, forks }, find);
  }
}

// Whether a host has failed by the end of a play.
function failsBy({ unreachable, broken, walk }: HostRun, play: number): boolean {
  const isLost = (unreachable ?? broken) !== undefined;
  return isLost || (walk?.failed !== undefined && walk.failed.play <= play);
}
