import {
  InputError,
  UnplacedError,
  Interrupted,
  STOP_SIGNALS,
  type StopSignal,
} from "../../errors.ts";
import type { Progress } from "../../report/progress.ts";
import { screen } from "../../report/screen.ts";
import type { ToldEvent, ToldHost } from "../../run/event.ts";
import type { HostRun } from "../../run/host-run.ts";
import { holdTo } from "../run/open-plan.ts";
import { leaveMistaken, mistakenHosts } from "../run/here.ts";
import { keepDefects } from "../run/defects.ts";
import { withRun } from "../run/with-run.ts";
import { applyUnlessStopped, planUnlessStopped } from "../stop/interruption.ts";
import type { Doing } from "../run/doing.ts";
import type { RunPart } from "../prepare/run-request.ts";
import { mistakeIn } from "../prepare/mistakes.ts";
import { writeRecord } from "../remembered/record.ts";
import { Remembering } from "../remembered/remembering.ts";
import { watchReadings } from "../../disk/reading.ts";
import { defined } from "../../defined.ts";
import { Ended, PartLine } from "./part-line.ts";
import type { PartTask } from "./messages.ts";
import { unpackVault, failureOf, resultOf } from "../run/tell-hosts.ts";
import { toldMistake } from "./mistake.ts";

// `hullwright part`: does some hosts of a run for the process that began it. Exit code 0:
// that has heard everything; another one where it was ended before, so that nothing which it still
// waits for holds it.
export async function partCommand(): Promise<number> {
  if (!process.send)
    throw new UnplacedError(
      "part is called by hullwright itself",
      "call hullwright plan or apply; --workers sets how many processes they use",
    );
  ignoreSignals();
  const line = new PartLine();
  screen.divert((to, text) => line.tell({ kind: "tell", to, text }));
  const mistaken: { host?: string } = {};
  let code = 0;
  try {
    await doPart(await line.task, line, mistaken);
  } catch (error) {
    if (error instanceof InputError)
      line.tell({ kind: "mistake", mistake: toldMistake(error), ...mistaken });
    else if (error instanceof Interrupted) code = STOP_SIGNALS[error.signal];
    else if (error instanceof Ended) code = 1;
    else throw error;
  }
  await line.close();
  return code;
}

// A signal is for all processes of a terminal; the one that began the run hears it, and tells what
// is to be done.
function ignoreSignals(): void {
  for (const signal of Object.keys(STOP_SIGNALS) as StopSignal[])
    process.on(signal, () => undefined);
}

// Does the hosts of a part. Throws InputError, Interrupted, Ended.
async function doPart(task: PartTask, line: PartLine, mistaken: { host?: string }): Promise<void> {
  const events = new Events(line);
  const part: RunPart = {
    run: task.run,
    printed: new Map(task.printed),
    others: {
      planned: async (plays) => {
        const { looksElsewhere: together } = events.doing!.prepared.run;
        return line.ask<number>({ what: "planned", plays, together });
      },
      begins: async (play, hosts) => line.ask({ what: "begins", play, hosts }),
      ends: async (play, count) => line.ask<boolean>({ what: "ends", play, count }),
    },
    turns: {
      take: async (machine) => line.ask({ what: "turn", machine }),
      leave: (machine, state) => line.tell({ kind: "leave", machine, state }),
    },
    askPassphrase: async (prompt) =>
      (await line.ask<string | null>({ what: "passphrase", prompt })) ?? undefined,
    keepFacts: (news) => line.tell({ kind: "facts", news }),
    mistaken: (host) => (mistaken.host = host),
  };
  const remembering = task.remembers
    ? new Remembering(watchReadings(), (run) =>
        line.tell({ kind: "remembered", record: writeRecord(run) }),
      )
    : undefined;
  const { connection, become } = task.passwords;
  await withRun(
    task.playbooks,
    { ...task.flags, hosts: task.hosts },
    task.command,
    async (doing) => {
      events.doing = doing;
      await planPart(task, line, doing, events);
      const order = await line.next();
      if (order.kind !== "apply") return 0;
      await applyPart(order.agreed, line, doing, events);
      await line.next();
      return 0;
    },
    {
      part,
      remembering,
      stop: line.stop,
      progress: events,
      passwords: { connection, become },
      vault: unpackVault(task.vault),
      warned: (text) => line.tell({ kind: "warning", text }),
    },
  );
}

// Plans the hosts, and tells the results.
async function planPart(
  { command, plan, showsPlan, flags }: PartTask,
  line: PartLine,
  doing: Doing,
  events: Events,
): Promise<void> {
  const { prepared, telling } = doing;
  await line.ask({ what: "read", together: prepared.run.looksElsewhere });
  await planUnlessStopped(doing);
  const saved = plan && { plan, isBroken: false };
  if (saved) {
    holdTo(prepared, saved);
  }
  for (const text of telling.warnOfResults(prepared)) line.tell({ kind: "warning", text });
  if (command === "apply") {
    const wrong = mistakenHosts(prepared);
    const first = wrong[0] && mistakeIn(wrong[0]);
    await line.ask({
      what: "mistakes",
      wrong: wrong.length,
      ...defined({ first: first && toldMistake(first) }),
    });
    leaveMistaken(wrong);
  }
  if (showsPlan) events.tellResults(false);
  const files = flags.out === undefined ? undefined : await prepared.read.recorded(process.cwd());
  line.tell({ kind: "phase", ...defined({ files, isBroken: saved?.isBroken }) });
}

// Does what was planned, and tells the results.
async function applyPart(
  agreed: boolean,
  line: PartLine,
  doing: Doing,
  events: Events,
): Promise<void> {
  const { prepared, telling } = doing;
  if (agreed) prepared.run.bind({ looksAgain: true });
  const cut = await applyUnlessStopped({ ...doing, print: () => undefined });
  for (const text of telling.warnOfResults(prepared)) line.tell({ kind: "warning", text });
  events.tellResults(true);
  line.tell({ kind: "phase", ...defined({ cut }) });
}

// Tells the process that began the run what happens, and what came of each host.
class Events implements Progress {
  doing: Doing | undefined;
  private readonly line: PartLine;
  /** Hosts of whose failure was told. */
  private readonly failed = new Set<string>();

  constructor(line: PartLine) {
    this.line = line;
  }

  emit(event: ToldEvent): void {
    if (event.kind === "step") this.tellStep(event);
    else if ("run" in event) this.tellHost(event);
  }

  private tellStep({ host, state, entry }: Extract<ToldEvent, { kind: "step" }>): void {
    const { task, title, item, change } = entry;
    const silent = change && { silent: change.silent === true };
    const told = { task, title, ...defined({ item, change: silent }) };
    this.line.tell({ kind: "step", host, state, entry: told });
  }

  private tellHost(event: Extract<ToldEvent, { run: ToldHost }>): void {
    const run = event.run as HostRun;
    const { name } = run.host;
    if (event.kind === "host-failed" && this.failed.has(name)) return;
    if (run.failed) this.failed.add(name);
    const doing = this.doing!;
    this.line.tell({
      kind: event.kind,
      host: name,
      ...defined({
        play: event.kind === "host-done" ? event.play : undefined,
        address: run.failed ? doing.prepared.addressOf(name) : undefined,
        failure: failureOf(run, doing),
      }),
    });
  }

  // Nothing is drawn here.
  async end(): Promise<void> {}

  // Tells what came of each host: what is planned, or only what was done.
  tellResults(onlyDone: boolean): void {
    const doing = this.doing!;
    keepDefects(doing.prepared.runs);
    const promises = doing.flags.out !== undefined;
    for (const run of doing.prepared.runs) {
      const result = resultOf(run, doing, { onlyDone, promises });
      this.line.tell({ kind: "result", host: run.host.name, result });
    }
  }
}
