import { defined } from "../defined.ts";
import { TaskFailure } from "../errors.ts";
import type { Entry, Outcome } from "../plan/model/entry.ts";
import type { JournalOptions, Locking, LockOptions } from "./program/lock.ts";
import { takeOutcome } from "./learn.ts";
import type { Relays } from "./relay/relay.ts";
import { breakOff, type Host, type HostKnowledge } from "../plan/model/host.ts";

/** What a run needs from outside, the same for all hosts. */
export interface HostRunOptions {
  nonce: () => string;
  /** Names this run's journal on the hosts; names sort by time. */
  run: string;
  /** Who runs, for others who find a host locked. */
  owner: string;
  /** Tells of another owner whether it still lives, as far as is known. */
  describeHolder?: (owner: string) => string;
  /** How long to wait for another run that holds a host, in seconds. */
  lockTimeout: number;
  /** What the journals on the hosts say of this run, and how long they stay. */
  journal?: JournalOptions;
  /**
   * If another run had to be waited for, the host is planned again; otherwise
   * what has changed is refused.
   */
  replans: boolean;
  /** Reports something about a host while the run is going on. */
  say(host: string, text: string): void;
  /** Hosts that others fetch files from. */
  relays?: Relays;
  /** The machines of the run, by the names of the inventory. */
  machines: Map<string, Machine>;
  /** The same by their addresses. */
  addresses: Map<string, Machine>;
  /** Other processes do other hosts of the run, some of which may be the same machines. */
  turns?: Turns;
}

/** What all processes of a run know of a machine. */
export interface MachineState {
  ran: number;
  shared: boolean;
}

/** Turns on machines among the processes of a run. */
export interface Turns {
  /** Waits for the turn on a machine, by its name. */
  take(machine: string): Promise<MachineState>;
  /** Gives the turn to the next. */
  leave(machine: string, state: MachineState): void;
}

/**
 * A machine, by one or more names of the inventory. What the run does on it is
 * done one after another.
 */
export class Machine {
  /** How many entries ran on it. */
  ran = 0;
  /** Its lock turned out to be held under another name: these take turns under that lock. */
  shared = false;
  /** Under how many further names it was met. */
  others = 0;
  /** How many entries had run when each of its names was asked last. */
  private readonly asked = new Map<string, number>();
  /** What is known of it under the names whose address is its own: each is told what was done. */
  private readonly known = new Map<string, HostKnowledge>();
  private turn: Promise<unknown> = Promise.resolve();
  private readonly name: string;
  private readonly turns: Turns | undefined;

  constructor(name = "", turns?: Turns) {
    [this.name, this.turns] = [name, turns];
  }

  /** It has several names, which take turns under the lock of one of them. */
  get hasNames(): boolean {
    return this.shared || this.known.size > 1;
  }

  // Whether other names of the machine did something since this one was asked;
  // then it must be asked again.
  hasNews(name: string): boolean {
    const isUpToDate = this.isUpToDate(name);
    this.asked.set(name, this.ran);
    return this.hasNames && !isUpToDate;
  }

  // Notes that entries ran under one of its names, which knows what they did; where all went as
  // planned, so do the names whose address is the same.
  did(name: string, entries: number, outcomes: ReadonlyMap<number, Outcome>): void {
    const asPlanned = [...outcomes.values()].every(({ status }) => status !== "failed");
    const names = [name, ...(asPlanned ? this.known.keys() : [])];
    const upToDate = names.filter((one) => this.isUpToDate(one));
    this.ran += entries;
    for (const one of upToDate) this.asked.set(one, this.ran);
  }

  private isUpToDate(name: string): boolean {
    return (this.asked.get(name) ?? 0) === this.ran;
  }

  // Adds a name whose address is the machine's.
  join(name: string, known: HostKnowledge): void {
    this.known.set(name, known);
  }

  // What is known of it under all names that are told what was done under one of them.
  knownBeside(name: string, own: HostKnowledge): Iterable<HostKnowledge> {
    return this.known.has(name) ? this.known.values() : [own];
  }

  // Does something when all that came before is done.
  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(() => (this.turns ? this.among(this.turns, work) : work()));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  // The same among all processes of the run, with what others did in the meantime.
  private async among<T>(turns: Turns, work: () => Promise<T>): Promise<T> {
    const { ran, shared } = await turns.take(this.name);
    this.ran = ran;
    this.shared ||= shared;
    try {
      return await work();
    } finally {
      turns.leave(this.name, { ran: this.ran, shared: this.shared });
    }
  }
}

// The machine of a host: the one with its address, if the run has met that already.
export function addMachine(
  { name, machine: address }: Host,
  known: HostKnowledge,
  { machines, addresses, turns }: HostRunOptions,
): void {
  const met = address === undefined ? undefined : addresses.get(address);
  const machine = met ?? new Machine(name, turns);
  machines.set(name, machine);
  if (address === undefined) return;
  addresses.set(address, machine);
  machine.join(name, known);
}

// Lets a host know what became of an entry that ran there, under all names with its address.
export function tellOutcome(
  { host, known }: { host: Host; known: HostKnowledge },
  entry: Entry,
  outcome: Outcome,
  { machines }: Pick<HostRunOptions, "machines">,
): void {
  const machine = machines.get(host.name)!;
  for (const one of machine.knownBeside(host.name, known)) takeOutcome(one, entry, outcome);
}

// What a program on a host must know about the lock.
export function lockOf(
  { run, owner, lockTimeout: timeout, replans: anew, journal }: HostRunOptions,
  ofHost: Pick<LockOptions, "nonce" | "isRoot" | "host" | "shared" | "seen">,
): LockOptions {
  return { ...ofHost, run, owner, timeout, anew, ...defined({ journal }) };
}

// Whether the run holds the lock of the host, and what it is about to do was planned after it did.
// Whom a failure belongs to is `own`. Throws TaskFailure where there can be no lock.
export function mayGoOn(
  target: { host: Host; known: HostKnowledge },
  blamed: HostKnowledge,
  first: Entry,
  locking: Locking,
  { say, machines, turns, replans, describeHolder = String }: HostRunOptions,
): boolean {
  const { name } = target.host;
  for (const path of locking.cleared)
    say(name, `removed ${path}, left over from an interrupted run`);
  if (locking.failure) throw new TaskFailure(locking.failure.message, locking.failure.hint);
  if (locking.lockedBy !== undefined) {
    const hint =
      "wait until it ends (--lock-timeout); a run whose controller is gone ends by itself after 5 minutes. To end it sooner: hullwright unlock HOST -i INVENTORY";
    breakOff(blamed, {
      task: first.task,
      message: `another run has locked this host: ${describeHolder(locking.lockedBy)}`,
      hint,
    });
    return false;
  }
  if (locking.sharedWith !== undefined) {
    const other =
      machines.get(locking.sharedWith) ?? elsewhere(locking.sharedWith, machines, turns);
    if (!other)
      throw new TaskFailure(
        `this run has already locked this host under the name ${locking.sharedWith}`,
      );
    if (machines.get(name) !== other) {
      other.others++;
      if (other.others === 1)
        say(name, `is the same machine as ${locking.sharedWith}: they take turns`);
    }
    other.shared = true;
    machines.set(name, other);
    return false;
  }
  if (!locking.waited || !replans) return true;
  target.known.answers.clear();
  target.known.changes.length = 0;
  return false;
}

// A machine that another process of the run has locked; a holder is the name of a host, and of its
// login where that is another one.
function elsewhere(
  holder: string,
  machines: Map<string, Machine>,
  turns: Turns | undefined,
): Machine | undefined {
  if (!turns) return undefined;
  const name = holder.split(" by ")[0]!;
  const machine = machines.get(name) ?? new Machine(name, turns);
  machines.set(name, machine);
  return machine;
}

// Reports each machine that was met under several more names, with their number; the first
// name was reported before.
export function tellShared({ machines, say }: Pick<HostRunOptions, "machines" | "say">): void {
  const alike = new Map<Machine, string[]>();
  for (const [name, machine] of machines)
    if (machine.others > 1) alike.set(machine, [...(alike.get(machine) ?? []), name]);
  for (const [first = "", ...rest] of alike.values())
    say(first, `is the same machine as ${rest.length} other hosts of the run: they took turns`);
}
