import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { InputError } from "../../errors.ts";
import { type Interrupted } from "../../errors.ts";
import type { HostResult, ShareError } from "../../queue/protocol.ts";
import { joinCutOffs, type CutOff } from "../stop/cut-off.ts";
import type { Stop } from "../stop/stop.ts";
import type { FromPart, Meeting, PartEvent, PartTask, PhaseEnd, ToPart } from "./messages.ts";
import { UP } from "./part-line.ts";
import { eachLine } from "./each-line.ts";
import { agreed } from "./meeting.ts";
import { mistakeError } from "./mistake.ts";
import { MachineTurns } from "./turns.ts";
import type { Program } from "../../queue/share-program.ts";

export interface TeamOptions {
  program: Program;
  tasks: readonly PartTask[];
  stop: Stop;
  askPassphrase(prompt: string): Promise<string | undefined>;
  hear(event: PartEvent): void;
  /** All hosts have come to a play. */
  begins(play: number, hosts: number): void;
  tell(to: "stdout" | "stderr", text: string): void;
  warn(text: string): void;
  keepFacts(news: Extract<FromPart, { kind: "facts" }>["news"]): void;
  /** Takes what a process has noted of its part of the run. */
  remember(record: string): void;
  /** Hosts are lost, as the process that did them has ended. */
  lost(hosts: readonly string[], error: ShareError): void;
}

/** What worker processes made of planning, or of apply. */
export interface TeamAnswer {
  hosts: ReadonlyMap<string, HostResult>;
  failed: readonly { hosts: readonly string[]; error: ShareError }[];
  files: readonly unknown[];
  isBroken: boolean;
  cut: CutOff;
}

/** A worker process. */
interface Member {
  readonly child: ChildProcess;
  readonly hosts: readonly string[];
  /** What it last said on stderr. */
  last: string;
  /** The question that it waits for an answer to until all others have asked the same. */
  meeting: { id: number; asked: Meeting } | undefined;
  mistake: { error: InputError; host: string } | undefined;
  /** What it said at the end of the phase. */
  phase: PhaseEnd | undefined;
  /** Which of the answers that its passphrases got it has had, by the question. */
  readonly prompted: Map<string, number>;
  /** Why it has ended before it should have. */
  lost: ShareError | undefined;
  hasEnded: boolean;
}

/** How long a process may take to end by itself, in milliseconds. */
const LEAVE_MS = 5_000;
/** The same where it has to make sure before that its part of the run may be remembered. */
const NOTE_MS = 60_000;
/**
 * How long those of a stopped run that nobody waits for any more may take to say how far
 * they came, in milliseconds.
 */
const REPORT_MS = 3_000;

/** The worker processes of a run, each with some of its hosts. */
export class Team {
  private readonly options: TeamOptions;
  private readonly members: Member[];
  private readonly turns = new MachineTurns<Member>((member, id, answer) =>
    send(member, { kind: "answer", id, answer }),
  );
  private readonly answers = new Map<string, Promise<string | undefined>[]>();
  private results = new Map<string, HostResult>();
  private isTogether = false;
  private isEnding = false;
  private readonly count: number;
  private check: () => void = () => undefined;

  constructor(options: TeamOptions) {
    this.options = options;
    this.count = options.tasks.flatMap(({ hosts }) => hosts).length;
    this.members = options.tasks.map((task) => this.start(task));
    const { stop } = options;
    const stopped = (times: 1 | 2) => (): void => {
      const { signal } = stop.soon.reason as Interrupted;
      for (const member of this.members) send(member, { kind: "stop", signal, times });
      this.check();
    };
    stop.soon.addEventListener("abort", stopped(1), { once: true });
    stop.now.addEventListener("abort", stopped(2), { once: true });
  }

  // Has all hosts planned. "together": a task looks at other hosts, so that one process must
  // do all. Throws InputError.
  async plan(): Promise<TeamAnswer | "together"> {
    await this.phase(() => this.isTogether);
    return this.isTogether ? "together" : this.answer();
  }

  // Has done what was planned.
  async apply(agreed: boolean): Promise<TeamAnswer> {
    this.results = new Map();
    for (const member of this.members) {
      member.phase = undefined;
      send(member, { kind: "apply", agreed });
    }
    const { now } = this.options.stop;
    await Promise.race([this.phase(() => false), late(now)]);
    return this.answer();
  }

  // Has all processes end, and waits until they have.
  async end(): Promise<void> {
    this.isEnding = true;
    const gone = new AbortController();
    const { tasks, stop } = this.options;
    const isNoted = !stop.soon.aborted && tasks.some(({ remembers }) => remembers);
    const left = wait(isNoted ? NOTE_MS : LEAVE_MS, "late", { signal: gone.signal }).catch(
      () => "left",
    );
    const ends = this.members.map(async (member) => {
      if (member.hasEnded) return;
      const ended = once(member.child, "close");
      send(member, { kind: "end" });
      if ((await Promise.race([ended, left])) !== "late") return;
      member.child.kill("SIGKILL");
      await ended;
    });
    await Promise.all(ends);
    gone.abort();
  }

  // Waits until all processes have ended their part, or are lost. Throws InputError.
  private async phase(isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.check = () => {
        const mistake = this.mistake();
        if (mistake) return reject(mistake);
        this.meet();
        if (isOver() || this.members.every(({ phase, lost }) => phase ?? lost)) resolve();
      };
      this.check();
    });
  }

  private answer(): TeamAnswer {
    const { members, results: hosts } = this;
    return {
      hosts,
      cut: joinCutOffs(members.flatMap(({ phase }) => phase?.cut ?? [])),
      failed: members.flatMap(({ hosts, lost }) => (lost ? [{ hosts, error: lost }] : [])),
      files: members.flatMap(({ phase }) => (phase?.files ? [phase.files] : [])),
      isBroken: members.some(({ phase }) => phase?.isBroken === true),
    };
  }

  // The mistake that is reported: that of the first host, once all processes have looked.
  private mistake(): InputError | undefined {
    const found = this.members.flatMap(({ mistake }) => mistake ?? []);
    const busy = this.members.some(
      ({ mistake, meeting, phase, lost }) => !(mistake ?? meeting ?? phase ?? lost),
    );
    if (found.length === 0 || busy) return undefined;
    const order = new Map(
      this.options.tasks
        .flatMap(({ hosts }) => hosts.map((host, at): [string, number] => [host, at]))
        .toSorted(([, a], [, b]) => a - b)
        .map(([host], at) => [host, at]),
    );
    const at = ({ host }: { host: string }): number => order.get(host) ?? 0;
    return found.toSorted((a, b) => at(a) - at(b))[0]!.error;
  }

  // Answers all processes, once all of them have come to the same.
  private meet(): void {
    const here = this.members.filter(({ lost }) => lost === undefined);
    const met = here.flatMap(({ meeting }) => (meeting ? [meeting.asked] : []));
    const isStopped = this.options.stop.soon.aborted;
    if (met.length === 0 || (met.length < here.length && !isStopped)) return;
    const { answer, together, mistake, begun } = agreed(met, this.count);
    this.isTogether ||= together;
    if (this.isTogether) return;
    if (mistake) this.members[0]!.mistake = { error: mistakeError(mistake), host: "" };
    if (mistake) return this.check();
    if (begun) this.options.begins(begun.play, begun.hosts);
    for (const member of here) {
      const { meeting } = member;
      member.meeting = undefined;
      if (meeting) send(member, { kind: "answer", id: meeting.id, answer });
    }
    this.check();
  }

  private start(task: PartTask): Member {
    const { command, args } = this.options.program;
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe", "ipc", "pipe"] });
    const member: Member = {
      child,
      hosts: task.hosts,
      last: "",
      meeting: undefined,
      mistake: undefined,
      phase: undefined,
      prompted: new Map(),
      lost: undefined,
      hasEnded: false,
    };
    child.stderr!.on("data", (data: Buffer) => {
      member.last = `${member.last}${data.toString("utf8")}`.slice(-2000);
    });
    eachLine(child.stdio[UP] as Readable, (line) =>
      this.take(member, JSON.parse(line) as FromPart),
    );
    child.on("error", (error) => this.lose(member, error.message));
    child.on("close", (code, signal) => {
      member.hasEnded = true;
      this.lose(member, signal ?? `exit code ${code}`);
    });
    send(member, { kind: "task", task });
    return member;
  }

  // A process has ended: what it had not told about its hosts is lost.
  private lose(member: Member, how: string): void {
    this.turns.lose(member);
    if (this.isEnding || (member.lost ?? member.mistake)) return;
    const said = member.last.trim().split("\n").at(-1);
    member.lost = {
      message: `the worker process that did this host has ended (${[how, said].filter(Boolean).join(": ")})`,
      hint: "run again: what is done is not done twice",
    };
    member.meeting = undefined;
    const open = member.hosts.filter((host) => !this.results.has(host));
    if (!this.options.stop.soon.aborted && open.length > 0 && !member.phase)
      this.options.lost(open, member.lost);
    this.check();
  }

  private take(member: Member, message: FromPart): void {
    const { options } = this;
    switch (message.kind) {
      case "ask":
        return this.asked(member, message);
      case "leave":
        return this.turns.leave(member, message.machine, message.state);
      case "tell":
        return options.tell(message.to, message.text);
      case "warning":
        return options.warn(message.text);
      case "result":
        this.results.set(message.host, message.result);
        return undefined;
      case "facts":
        return options.keepFacts(message.news);
      case "remembered":
        return options.remember(message.record);
      case "mistake": {
        const { mistake, host = member.hosts[0]! } = message;
        member.mistake = { error: mistakeError(mistake), host };
        return this.check();
      }
      case "phase":
        member.phase = message;
        return this.check();
      default:
        return options.hear(message);
    }
  }

  private asked(member: Member, message: Extract<FromPart, { kind: "ask" }>): void {
    const { id } = message;
    if (message.what === "turn") return this.turns.take(member, id, message.machine);
    if (message.what === "passphrase") return void this.passphrase(member, id, message.prompt);
    member.meeting = { id, asked: message };
    this.check();
  }

  // Answers the question for a passphrase. Each process that asks the same for the n-th
  // time gets the n-th answer.
  private async passphrase(member: Member, id: number, prompt: string): Promise<void> {
    const times = member.prompted.get(prompt) ?? 0;
    member.prompted.set(prompt, times + 1);
    const answers = this.answers.get(prompt) ?? [];
    this.answers.set(prompt, answers);
    answers[times] ??= this.options.askPassphrase(prompt);
    const answer = await answers[times].catch(() => undefined);
    send(member, { kind: "answer", id, answer: answer ?? null });
  }
}

// Resolves a while after nothing is waited for any more.
async function late(now: AbortSignal): Promise<void> {
  if (!now.aborted) await once(now, "abort");
  await wait(REPORT_MS, undefined, { ref: false });
}

// Tells a process something, unless it has ended.
function send({ child }: Member, message: ToPart): void {
  if (child.connected) child.send(message, () => undefined);
}
