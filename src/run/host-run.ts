import { setTimeout as sleep } from "node:timers/promises";
import { defined } from "../defined.ts";
import { defectOf, TaskFailure, describeError, UnreachableError } from "../errors.ts";
import { retryOf } from "../plan/model/entry.ts";
import type { Entry, FailedEntry, Outcome, StepState } from "../plan/model/entry.ts";
import type { Member } from "../plan/model/fleet.ts";
import type { Walk } from "../plan/model/state.ts";
import type { Shown } from "../plan/shown.ts";
import { findUnknown } from "../value.ts";
import type { Script } from "../script/sh.ts";
import { conclude, doneIn, runPatiently } from "./program/conclude.ts";
import type { RunnerTools } from "./program/controller-step.ts";
import { addMachine, lockOf, mayGoOn, tellOutcome, type HostRunOptions } from "./machine.ts";
import { changeProgram, isOnlyWait, readProgram, stopProgram } from "./program/build.ts";
import { stageFiles } from "./program/stage.ts";
import { nothingHeard } from "./program/streams.ts";
import { telling } from "./program/telling.ts";
import { failedEntryOf, unreachableOf } from "./failures.ts";
import { lastRunSeen } from "./learn.ts";
import { watchMarks } from "./program/progress.ts";
import type { Session } from "../transport/transport.ts";
import type { OpenSession, HostQuestions } from "../plan/model/session.ts";
import {
  breakOff,
  forgetStates,
  loseContact,
  type Host,
  type HostKnowledge,
} from "../plan/model/host.ts";
import { timerMs } from "../timer.ts";

/** Hears of the entries that begin and end on a host. */
type OnProgress = (entry: Entry, state: StepState) => void;

/** What the marks of a program say of an entry; all others are failures. */
const STATES: { readonly [word: string]: StepState } = {
  begin: "begin",
  done: "done",
  already: "done",
};

/** One host in a run: what is known of it, and the login it is asked over. */
export class HostRun implements Member {
  readonly host: Host;
  readonly known: HostKnowledge;
  readonly asking: HostQuestions;
  /** The last pass over the playbook. */
  walk: Walk | undefined;
  /** What was shown of it to whoever agreed to it; nothing else is done. */
  shown: Shown | undefined;
  /** The run ended with this play, before others that are for this host. */
  ended: { play: number; why: string } | undefined;
  private readonly options: HostRunOptions;

  constructor(
    host: Host,
    session: OpenSession,
    options: HostRunOptions,
    guesses: HostKnowledge["guesses"] = new Map(),
  ) {
    this.host = host;
    this.known = {
      answers: new Map(),
      asked: new Map(),
      changes: [],
      completed: new Map(),
      loops: new Map(),
      tries: new Map(),
      questions: [],
      noUsers: new Map(),
      noLogins: new Map(),
      lostLogins: new Map(),
      applying: false,
      returns: 0,
      guesses,
    };
    this.options = options;
    addMachine(host, this.known, options);
    this.asking = { session, nonce: options.nonce, asksLastRun: options.replans };
  }

  /**
   * Why the host, or one that it delegates to, could not be reached, where the play
   * did not go on without it.
   */
  get unreachable(): UnreachableError | undefined {
    return unreachableOf(this);
  }

  /** A failure that belongs to no task: the lock, the stage. */
  get broken(): HostKnowledge["broken"] {
    return this.known.broken;
  }

  /** The entry that ended its part, unless the run ends before that. */
  get failedEntry(): FailedEntry | undefined {
    return failedEntryOf(this);
  }

  get failed(): boolean {
    const isLost = this.broken !== undefined || this.walk?.stopped === "lost";
    return isLost || this.failedEntry !== undefined;
  }

  /**
   * Why the run did not do everything that it should on this host, if that is
   * not a failure of the host.
   */
  get cut(): string | undefined {
    return this.ended?.why ?? this.walk?.cut;
  }

  // Runs entries as one program, and keeps what became of them.
  async execute(
    target: HostRun,
    ready: Entry[],
    passed: Entry[],
    onProgress: OnProgress,
    stop?: AbortSignal,
  ): Promise<void> {
    if (stop?.aborted) return;
    try {
      await this.runOn(target, ready, passed, onProgress, stop);
    } catch (error) {
      if (stop?.aborted && (error === stop.reason || (error as Error).name === "AbortError"))
        return;
      if (error instanceof UnreachableError && error.kind === "become")
        target.known.noUsers.set(ready[0]!.identity.user, error);
      else if (error instanceof UnreachableError) loseContact(target.known, error);
      else if (error instanceof TaskFailure)
        breakOff(this.known, { task: "", ...describeError(error) });
      else breakOff(this.known, defectOf(error));
    }
  }

  private async runOn(
    target: HostRun,
    ready: Entry[],
    passed: Entry[],
    onProgress: OnProgress,
    stop?: AbortSignal,
  ): Promise<void> {
    const retry = retryOf(ready[0]!);
    if (retry) await sleep(timerMs(retry.after), undefined, { signal: stop });
    if (isOnlyWait(ready[0]!)) return this.wait(target, ready[0]!, passed);
    const { machines } = this.options;
    const attempt = (): Promise<boolean> => this.attempt(target, ready, passed, onProgress, stop);
    while (!(await machines.get(target.host.name)!.take(attempt)));
  }

  // The session of an entry. Undefined: its own login, which is not the host's usual
  // one, failed, which is noted.
  private async openFor(target: HostRun, { id, identity }: Entry): Promise<Session | undefined> {
    try {
      return await target.asking.session(undefined, identity.login);
    } catch (error) {
      if (!(error instanceof UnreachableError) || identity.login === undefined) throw error;
      this.known.lostLogins.set(id, error);
      return undefined;
    }
  }

  // Runs a program once, or has it planned again; false: try again, taking turns with another
  // name of the same machine.
  private async attempt(
    target: HostRun,
    ready: Entry[],
    passed: Entry[],
    onProgress: OnProgress,
    stop?: AbortSignal,
  ): Promise<boolean> {
    const { identity } = ready[0]!;
    const machine = this.options.machines.get(target.host.name)!;
    if (machine.hasNews(target.host.name)) {
      forgetStates(target.known); // what it has under this name is planned anew
      return true;
    }
    const session = await this.openFor(target, ready[0]!);
    if (session === undefined) return true; // the task has failed: what follows is planned anew
    const isRoot = identity.user === "root";
    const nonce = this.options.nonce();
    const { run, lockTimeout, machines } = this.options;
    // Another login has a shell of its own, which comes under the lock that the first one holds.
    const holder = [target.host.name, identity.login].filter(Boolean).join(" by ");
    machines.set(holder, machine);
    const seen = lastRunSeen(target.known, identity);
    const own = { nonce, isRoot, host: holder, shared: machine.hasNames, ...defined({ seen }) };
    const lock = lockOf(this.options, own);
    const waits = (by: string): void =>
      this.options.say(
        target.host.name,
        `waits up to ${lockTimeout} s for another run that has locked this host: ${this.options.describeHolder?.(by) ?? by}`,
      );
    const { become } = identity;
    const { inline, locking } = await stageFiles(
      session,
      ready,
      identity,
      lock,
      waits,
      stop,
      async (file, directory) =>
        (await this.options.relays?.bring(file, {
          host: target.host.name,
          session,
          become,
          directory,
          signal: stop,
        })) === true,
    );
    stop?.throwIfAborted();
    if (locking && !mayGoOn(target, this.known, ready[0]!, locking, this.options))
      return locking.sharedWith === undefined;
    const programOf = (entries: readonly Entry[]): Script =>
      changeProgram(entries, inline, { ...lock, from: machine.ran });
    const program = programOf(ready);
    const open = ready.filter(({ noLog }) => !noLog);
    const shown = open.length < ready.length ? () => programOf(open).sh : undefined;
    const onStdout = watchMarks(
      nonce,
      (word, index) => {
        const entry = ready[index];
        if (entry) onProgress(entry, STATES[word] ?? "failed");
      },
      waits,
    );
    const halt = (): Promise<unknown> =>
      session.aside(stopProgram(run, isRoot).sh, { become: identity.become });
    const lost = (heard: Buffer): void => {
      const done = doneIn(
        readProgram(heard.toString("utf8"), "", ready, nonce, machine.ran),
        ready,
      );
      this.settle(passed, done, ready, target);
    };
    const output = await telling(
      stop,
      halt,
      runPatiently(session, program, ready.at(-1)!, lost, {
        become: identity.become,
        keep: true,
        onStdout,
        traceText: shown,
      }),
    );
    const result = readProgram(
      output.stdout.toString("utf8"),
      output.stderr,
      ready,
      nonce,
      machine.ran,
    );
    machine.did(target.host.name, ready.length, result.outcomes);
    if (result.wasStopped && result.outcomes.size === 0) return true;
    if (!mayGoOn(target, this.known, ready[0]!, result.locking, this.options))
      return result.locking.sharedWith === undefined;
    if (result.outcomes.size === 0) throw nothingHeard(output.stderr, nonce);
    for (const [id, items] of this.walk?.loops ?? [])
      if (ready.some((entry) => entry.id.startsWith(`${id}[`))) this.known.loops.set(id, items);
    await this.concludeLast(target, ready, result.outcomes);
    this.settle(
      passed,
      new Map([...result.outcomes].map(([index, outcome]) => [ready[index]!.id, outcome])),
      ready,
      target,
    );
    return true;
  }

  // Waits for a host that may not answer yet: no program can be sent before.
  private async wait(target: HostRun, entry: Entry, passed: Entry[]): Promise<void> {
    const outcomes = new Map<number, Outcome>([[0, { status: "done", outputs: [] }]]);
    await this.concludeLast(target, [entry], outcomes);
    this.settle(passed, new Map([[entry.id, outcomes.get(0)!]]), [entry], target);
  }

  // Does what the last entry of a program leaves to the runner, if the program came to it.
  private async concludeLast(
    target: HostRun,
    ready: readonly Entry[],
    outcomes: Map<number, Outcome>,
  ): Promise<void> {
    const entry = ready.at(-1)!;
    const outcome = outcomes.get(ready.length - 1);
    if (!outcome) return;
    const tools: RunnerTools = {
      session: async (again) => target.asking.session(again, entry.identity.login),
      files: this.host.files,
      become: entry.identity.become,
    };
    outcomes.set(ready.length - 1, await conclude(entry, outcome, tools));
  }

  // Freezes what is done with: all that was planned before the last entry that ran, and what
  // became of those that ran.
  settle(
    passed: readonly Entry[],
    outcomes: ReadonlyMap<string, Outcome> = new Map(),
    ready: readonly Entry[] = [],
    target: HostRun = this,
  ): void {
    const lastRan = ready.filter((entry) => outcomes.has(entry.id)).at(-1);
    for (const entry of passed) {
      const outcome = outcomes.get(entry.id);
      const waits = ready.includes(entry) && !outcome;
      if (waits) return;
      const before = this.known.completed.get(entry.id);
      if (outcome)
        this.known.completed.set(entry.id, { entry, outcome, runs: (before?.runs ?? 0) + 1 });
      else if (!before && findUnknown(entry.result) === undefined)
        this.known.completed.set(entry.id, { entry }); // Else what it waits for was just done.
      if (outcome) tellOutcome(target, entry, outcome, this.options);
      if (outcome && target !== this && entry.change?.opaque === "wait") forgetStates(this.known);
      if (outcome && target.host.isLocal) this.host.files.forget();
      if (entry === lastRan && outcome?.status === "failed") return;
    }
  }
}
