import { warnOnce } from "../run/telling.ts";
import type { ToldEvent, ToldHost } from "../../run/event.ts";
import { screen } from "../../report/screen.ts";
import { colours } from "../../report/visible.ts";
import { askPassphrase } from "../connection/passphrase.ts";
import { partOf, type OpenPlan } from "../run/open-plan.ts";
import { plannedOf, reportOf, showingOf } from "../queue/answer.ts";
import type { Applied, HostWork, Planned } from "../run/flow.ts";
import { HostsHere } from "../run/here.ts";
import { renderStopping, TasksAtWork, type CutOff } from "../stop/cut-off.ts";
import { reportCutOff } from "../stop/interruption.ts";
import type { Doing } from "../run/doing.ts";
import { unlessStopped } from "../stop/stop.ts";
import { defined } from "../../defined.ts";
import type { PartEvent, PartTask } from "./messages.ts";
import type { Program } from "../../queue/share-program.ts";
import { Team, type TeamAnswer } from "./team.ts";
import { readRecord } from "../remembered/record.ts";
import { packKeys } from "../run/tell-hosts.ts";

// Has worker processes do the hosts, and ends them in any case.
export async function withWorkers(
  doing: Doing,
  saved: OpenPlan | undefined,
  program: Program,
  command: "plan" | "apply",
  work: (hosts: HostWork) => Promise<number>,
): Promise<number> {
  const hosts = new HostsApart(doing, saved, program, command);
  try {
    return await work(hosts);
  } finally {
    await hosts.end();
  }
}

/**
 * The hosts of a run, done by worker processes of this machine; to everybody else it is as
 * if this program did them.
 */
class HostsApart implements HostWork {
  readonly plansItself = false;
  private readonly doing: Doing;
  private readonly saved: OpenPlan | undefined;
  private readonly team: Team;
  private readonly atWork = new TasksAtWork();
  private readonly told = new Map<string, { -readonly [K in keyof ToldHost]: ToldHost[K] }>();
  /** Set where it shows that one process must do all hosts. */
  private here: HostsHere | undefined;

  constructor(
    doing: Doing,
    saved: OpenPlan | undefined,
    program: Program,
    command: "plan" | "apply",
  ) {
    [this.doing, this.saved] = [doing, saved];
    const { prepared, telling, stop, progress } = doing;
    this.team = new Team({
      program,
      tasks: tasksOf(doing, saved, command),
      stop,
      askPassphrase: async (prompt) => askPassphrase(prompt),
      hear: (event) => this.hear(event),
      begins: (play, hosts) =>
        progress.emit({ kind: "play", name: prepared.playbook.plays[play]!.title, hosts }),
      tell: (to, text) => screen.tell(to, text),
      warn: (text) => warnOnce(telling, text),
      keepFacts: (news) => prepared.remember(news),
      remember: (record) => doing.remembering?.joins(readRecord(record)),
      lost: (hosts, { message }) => {
        for (const host of hosts) this.hear({ kind: "host-failed", host, failure: message });
      },
    });
  }

  async plan(command: "plan" | "apply"): Promise<Planned> {
    const { doing, team, saved } = this;
    const { prepared, progress, stop } = doing;
    progress.emit({ kind: "planning", hosts: prepared.names.length });
    const answer = await unlessStopped(stop.soon, team.plan());
    if (answer === "together") return this.planHere(command);
    await progress.end();
    if (saved && answer.isBroken) saved.isBroken = true;
    return plannedOf(doing, command, answer);
  }

  async apply(agreed: boolean): Promise<Applied> {
    if (this.here) return this.here.apply(agreed);
    const { doing, team, atWork } = this;
    const { progress, print, stop } = doing;
    const heard = (): void => print(renderStopping(atWork, colours));
    stop.soon.addEventListener("abort", heard, { once: true });
    let answer: TeamAnswer;
    try {
      answer = await team.apply(agreed);
    } finally {
      stop.soon.removeEventListener("abort", heard);
    }
    await progress.end();
    const report = reportOf(doing, "apply", answer);
    const done = { report, showing: showingOf(doing, answer, false) };
    if (!stop.soon.aborted) return done;
    const cutOff = this.cutOff(answer);
    return { ...done, stopped: () => reportCutOff(doing, report, cutOff) };
  }

  async end(): Promise<void> {
    await this.team.end();
  }

  // One process does all hosts, as a task looks at others.
  private async planHere(command: "plan" | "apply"): Promise<Planned> {
    const { doing, saved, team } = this;
    await team.end();
    await doing.progress.end();
    await doing.guard(() => doing.prepared.openAll());
    this.here = new HostsHere(doing, saved);
    return this.here.plan(command);
  }

  // Shows what happens in worker processes as if it happened here.
  private hear(event: PartEvent): void {
    const { progress, stop } = this.doing;
    // what is no longer waited for is not reported either
    if (stop.now.aborted) return;
    const shown: ToldEvent = event.kind === "step" ? event : this.toldEvent(event);
    this.atWork.note(shown);
    progress.emit(shown);
  }

  private toldEvent({ kind, host, address, failure, play = 0 }: HostEvent): ToldEvent {
    const values = new Map<string, unknown>(
      address === undefined ? [] : [["ansible_host", address]],
    );
    const run = this.told.get(host) ?? {
      host: { name: host, connection: { values } },
      failed: false,
    };
    this.told.set(host, run);
    if (failure !== undefined)
      Object.assign(run, {
        failed: true,
        why: failure,
        host: { name: host, connection: { values } },
      });
    return kind === "host-done" ? { kind, run, play } : { kind, run };
  }

  // Where all hosts were when the run was stopped, in the order of the run.
  private cutOff({ cut, failed }: TeamAnswer): CutOff {
    const { prepared } = this.doing;
    const order = new Map(prepared.names.map((name, at) => [name, at]));
    const at = (host: string): number => order.get(host) ?? order.size;
    const lost = failed.flatMap(({ hosts }) => hosts);
    const { done, stopped, running, notBegun } = cut.hosts;
    const lostAtWork = lost.flatMap((host) => {
      const task = this.atWork.tasks.get(host);
      return task === undefined ? [] : [{ host, task, changes: { done: 0, left: 0 } }];
    });
    const hosts = {
      done: done.toSorted((a, b) => at(a) - at(b)),
      stopped: stopped.toSorted((a, b) => at(a.host) - at(b.host)),
      running: [...running, ...lostAtWork].toSorted((a, b) => at(a.host) - at(b.host)),
      notBegun: notBegun.toSorted((a, b) => at(a) - at(b)),
    };
    return { hosts, hasNotified: cut.hasNotified };
  }
}

type HostEvent = Exclude<PartEvent, { kind: "step" }>;

// What each worker process does.
function tasksOf(
  { prepared, flags, passwords, vault, remembering }: Doing,
  saved: OpenPlan | undefined,
  command: "plan" | "apply",
): PartTask[] {
  const { parts } = prepared;
  const forks = Math.max(1, Math.floor((flags.forks ?? 1) / parts.length));
  const showsPlan = command === "plan" || flags.yes !== true || flags.check === true;
  return parts.map((hosts) => {
    const task: PartTask = {
      playbooks: prepared.playbook.files,
      command,
      hosts,
      flags: { ...flags, forks },
      run: prepared.name,
      passwords: defined(passwords),
      vault: packKeys(vault),
      printed: [...prepared.printed],
      showsPlan,
      remembers: remembering !== undefined,
    };
    if (saved) task.plan = partOf(saved.plan, hosts);
    return task;
  });
}
