import { setTimeout as sleep } from "node:timers/promises";
import { TaskFailure, UnreachableError } from "../errors.ts";
import type { Entry, Outcome } from "../plan/entry.ts";
import { planHost, type Asking, type OpenSession } from "../plan/observe.ts";
import type { Host, Known, Walk } from "../plan/state.ts";
import { conclude, runPatiently } from "./conclude.ts";
import { changeProgram, isOnlyWait, nextEntries, readProgram } from "./program.ts";
import { stageFiles } from "./stage.ts";
import { watchMarks } from "./watch.ts";

/** What a run needs from outside, the same for all hosts. */
export interface RunOptions {
  nonce: () => string;
  /** Names this run's journal on the hosts; names sort by time. */
  run: string;
  /** Who runs, for others who find a host locked. */
  owner: string;
}

// A host that was away may come back with another kernel and another address: facts are gathered again, too.
function forgetHost(known: Known): void {
  known.answers.clear();
  known.away = false;
}

/** One host in a run: what is known of it, and the login it is asked over. */
export class HostRun {
  readonly host: Host;
  readonly known: Known;
  /** The last pass over the playbook. */
  walk: Walk | undefined;
  unreachable: UnreachableError | undefined;
  /** A failure that belongs to no task: the lock, the stage. */
  broken: { task: string; message: string; hint?: string } | undefined;
  private readonly asking: Asking;
  private readonly options: RunOptions;
  private ran = 0;

  constructor(host: Host, session: OpenSession, options: RunOptions, guesses: Known["guesses"] = new Map()) {
    this.host = host;
    this.known = { answers: new Map(), made: [], settled: new Map(), loops: new Map(), tries: new Map(), applying: false, guesses };
    this.options = options;
    this.asking = { session, nonce: options.nonce };
  }

  get failed(): boolean {
    return this.unreachable !== undefined || this.broken !== undefined || this.walk?.failed !== undefined;
  }

  // Plans all that is not done yet. A host that cannot be reached is a result, not an error.
  async plan(): Promise<void> {
    await this.guard(async () => {
      this.walk = await planHost(this.host, this.known, this.asking, this.walk);
    });
  }

  // Does what is planned for one play, and plans again what could not be known before, until nothing is left of it.
  async apply(play: number, onProgress: (entry: Entry, state: "begin" | "end") => void): Promise<void> {
    this.known.applying = true;
    if (this.walk && this.walk.again.size > 0) this.walk = undefined;
    await this.guard(async () => {
      for (;;) {
        this.walk ??= await planHost(this.host, this.known, this.asking);
        const mine = this.walk.entries.filter((entry) => entry.play <= play);
        const { ready, passed } = nextEntries(mine, (entry) => this.known.settled.has(entry.id) && entry.retryAfter === undefined);
        if (ready.length > 0) await this.execute(this.walk, ready, passed, onProgress);
        else {
          this.settle(passed, new Map());
          const stuck = mine[passed.length];
          if (stuck) this.broken = { task: stuck.task, message: `it cannot be known what this task comes to: ${stuck.why ?? ""}` };
          return;
        }
        if (this.broken) return;
        this.walk = await planHost(this.host, this.known, this.asking);
      }
    });
  }

  // Runs entries as one program, and keeps what became of them.
  private async execute(walk: Walk, ready: Entry[], passed: Entry[], onProgress: (entry: Entry, state: "begin" | "end") => void): Promise<void> {
    const { identity, retryAfter } = ready[0]!;
    if (retryAfter !== undefined) await sleep(retryAfter * 1000);
    if (isOnlyWait(ready[0]!)) return this.wait(ready[0]!, passed);
    const session = await this.asking.session();
    const isRoot = identity.user === "root";
    const inline = await stageFiles(session, ready, identity, isRoot);
    const nonce = this.options.nonce();
    const program = changeProgram(ready, inline, { nonce, isRoot, run: this.options.run, owner: this.options.owner, from: this.ran });
    const onStdout = watchMarks(nonce, (word, index) => {
      const entry = ready[index];
      if (entry) onProgress(entry, word === "begin" ? "begin" : "end");
    });
    const output = await runPatiently(session, program, ready.at(-1)!, { become: identity.become, onStdout });
    const result = readProgram(output.stdout.toString("utf8"), output.stderr, ready, nonce);
    this.ran += ready.length;
    if (result.lockedBy !== undefined) {
      this.broken = { task: ready[0]!.task, message: `another run holds this host: ${result.lockedBy}`, hint: "wait until it ends" };
      return;
    }
    if (result.outcomes.size === 0) throw new TaskFailure(output.stderr.trim() || "the program of changes did not start", "is there space, and may our folder be written?");
    for (const [id, items] of walk.loops) if (ready.some((entry) => entry.id.startsWith(`${id}[`))) this.known.loops.set(id, items);
    await conclude(ready, result.outcomes, { session: this.asking.session, files: this.host.files, become: identity.become });
    this.settle(passed, new Map([...result.outcomes].map(([index, outcome]) => [ready[index]!.id, outcome])), ready);
  }

  // Waits for a host that may not answer yet: no program can be sent before.
  private async wait(entry: Entry, passed: Entry[]): Promise<void> {
    const outcome: Outcome = { status: "done", outputs: [] };
    await conclude([entry], new Map([[0, outcome]]), { session: this.asking.session, files: this.host.files, become: entry.identity.become });
    this.settle(passed, new Map([[entry.id, outcome]]), [entry]);
  }

  // Freezes what is done with: all that was planned before the last entry that ran, and what became of those that ran.
  private settle(passed: readonly Entry[], outcomes: ReadonlyMap<string, Outcome>, ready: readonly Entry[] = []): void {
    const lastRan = ready.filter((entry) => outcomes.has(entry.id)).at(-1);
    for (const entry of passed) {
      const outcome = outcomes.get(entry.id);
      const waits = ready.includes(entry) && !outcome;
      if (waits) return;
      const before = this.known.settled.get(entry.id);
      if (outcome) this.known.settled.set(entry.id, { entry, outcome, runs: (before?.runs ?? 0) + 1 });
      else if (!before) this.known.settled.set(entry.id, { entry });
      if (outcome) this.take(entry, outcome);
      if (entry === lastRan && outcome?.status === "failed") return;
    }
  }

  // What an executed entry leaves: its states, but commands and texts are asked anew. Where anything may have
  // changed, or nobody knows to what, so is all else.
  private take(entry: Entry, outcome: Outcome): void {
    const { change } = entry;
    if (change?.runner?.kind === "reconnect" && outcome.status === "done") forgetHost(this.known);
    if (!change || outcome.status === "failed" || change.opaque || JSON.stringify(change.after).includes('"sha256":null')) {
      for (const key of this.known.answers.keys()) if (!/\n(facts|basics|notices) /.test(key)) this.known.answers.delete(key);
      this.known.made.length = 0;
      return;
    }
    for (const key of this.known.answers.keys()) if (/\n(command|services|installed) |"unless":""/.test(key)) this.known.answers.delete(key);
    this.known.made.push(...(change.also ?? []));
    for (const [probe, , after] of entry.probes ?? []) this.known.made.push({ kind: probe.kind.name, subject: probe.kind.subject(probe.arg as never), after });
  }

  // Keeps the errors that end a host's part in the run.
  private async guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof UnreachableError) this.unreachable = error;
      else if (error instanceof TaskFailure) this.broken = { task: "", message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
      else throw error;
    }
  }
}
