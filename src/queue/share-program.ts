import { spawn, type ChildProcess } from "node:child_process";
import type { HostResult, Share, ShareError } from "./protocol.ts";

/** What a program that does shares reports to its worker. */
export type ShareMessage =
  | { kind: "planned" | "host-done"; host: string; failure?: string }
  | { kind: "step"; host: string; task: string; item?: string; state: "begin" | "done" | "failed" }
  | { kind: "warning"; message: string }
  | { kind: "result"; host: string; result: HostResult }
  | { kind: "ended"; error?: ShareError; files?: unknown; interrupted?: true };

/**
 * What a worker tells a program that does shares: to do one, to stop the one that it does (a second
 * time, at once), that there are no more.
 */
export type ShareOrder =
  { kind: "share"; share: Share } | { kind: "stop"; number: number } | { kind: "end" };

/** How a worker starts a program for shares; its stdin is closed, and it talks over IPC. */
export interface Program {
  command: string;
  args: readonly string[];
}

/** For how long a program that has nothing to do is kept, in milliseconds. */
const IDLE_MS = 10_000;
/** How long a program may take to end by itself, in milliseconds. */
const LEAVE_MS = 3_000;

/** The share that a program does. */
interface Doing {
  number: number;
  /** It has said something of it. */
  isBegun: boolean;
  isEnded: boolean;
  take(message: ShareMessage): Promise<void>;
  /** What was taken. */
  work: Promise<void>[];
  resolve(): void;
  reject(error: unknown): void;
}

/** The program has ended before it did anything of a share. */
export class NotBegun extends Error {}

/**
 * A program that does shares of one phase of a run, one after another. It has a group of its own:
 * Ctrl-C at the worker is not for it.
 */
export class ShareProgram {
  private readonly child: ChildProcess;
  private readonly over: Promise<void>;
  private doing: Doing | undefined;
  private last = "";

  constructor({ command, args }: Program, cwd: string) {
    this.child = spawn(command, args, {
      cwd,
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.child.stderr!.on("data", (data: Buffer) => {
      this.last = `${this.last}${data.toString("utf8")}`.slice(-2000);
    });
    this.child.on("message", (message: ShareMessage) => this.hear(message));
    this.over = new Promise((resolve) => {
      this.child.once("error", (error) => {
        this.doing?.reject(error);
        resolve();
      });
      this.child.once("close", (code) => {
        this.fail(code);
        resolve();
      });
    });
  }

  /** It can do another share. */
  get isThere(): boolean {
    const { connected, exitCode, signalCode } = this.child;
    return connected && exitCode === null && signalCode === null;
  }

  // Does a share, and receives what is said of it. `take` is called in the order of the messages,
  // and not waited for between them: a queue that takes its time would hold up all hosts. Throws if
  // the program ends before the share does.
  async do(share: Share, take: (message: ShareMessage) => Promise<void>): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const { number } = share;
      this.doing = { number, isBegun: false, isEnded: false, take, work: [], resolve, reject };
      this.order({ kind: "share", share });
    });
    this.doing = undefined;
  }

  // Stops the share that it does.
  stop(): void {
    if (this.doing) this.order({ kind: "stop", number: this.doing.number });
  }

  // Has it end, and waits until it has.
  async end(): Promise<void> {
    const late = setTimeout(() => this.child.kill("SIGKILL"), LEAVE_MS);
    // the program leaves the channel: where this side does, Node does not say
    // that the program has ended
    if (this.child.connected) this.order({ kind: "end" });
    await this.over;
    clearTimeout(late);
  }

  private order(order: ShareOrder): void {
    // one that has ended is heard of by its end
    this.child.send(order, () => undefined);
  }

  private hear(message: ShareMessage): void {
    const { doing } = this;
    if (!doing) return;
    doing.isBegun = true;
    const taken = doing.take(message);
    taken.catch(() => undefined); // it is told at the end
    doing.work.push(taken);
    if (message.kind !== "ended") return;
    doing.isEnded = true;
    Promise.all(doing.work).then(() => doing.resolve(), doing.reject);
  }

  private fail(code: number | null): void {
    const { doing } = this;
    if (!doing || doing.isEnded) return;
    const said = this.last.trim().split("\n").at(-1);
    const message = `its program ended with ${code ?? "a signal"}: ${said}`;
    const error = doing.isBegun ? new Error(message) : new NotBegun(message);
    Promise.all(doing.work).then(() => doing.reject(error), doing.reject);
  }
}

/**
 * The programs of a worker. Those that have nothing to do wait a while for the
 * next share of their run.
 */
export class SharePrograms {
  private readonly program: Program;
  private readonly idle: { program: ShareProgram; of: string; timer: NodeJS.Timeout }[] = [];

  constructor(program: Program) {
    this.program = program;
  }

  // Does a share with a program that has done others of the same phase of the run, or with a new
  // one. `hear` gets the program.
  async do(
    share: Share,
    directory: string,
    take: (message: ShareMessage) => Promise<void>,
    hear: (program: ShareProgram) => void,
  ): Promise<void> {
    const of = `${share.run} ${share.phase} ${share.bundle}`;
    const known = this.known(of);
    try {
      await this.doWith(known ?? new ShareProgram(this.program, directory), of, share, take, hear);
    } catch (error) {
      // one that was killed while it had nothing to do: nothing was begun
      if (!known || !(error instanceof NotBegun)) throw error;
      await this.doWith(new ShareProgram(this.program, directory), of, share, take, hear);
    }
  }

  // Ends those that have nothing to do.
  async end(): Promise<void> {
    for (const { timer } of this.idle) clearTimeout(timer);
    await Promise.all(this.idle.splice(0).map(({ program }) => program.end()));
  }

  private async doWith(
    program: ShareProgram,
    of: string,
    share: Share,
    take: (message: ShareMessage) => Promise<void>,
    hear: (program: ShareProgram) => void,
  ): Promise<void> {
    hear(program);
    try {
      await program.do(share, take);
    } catch (error) {
      void program.end();
      throw error;
    }
    const timer = setTimeout(() => this.drop(program), IDLE_MS);
    this.idle.push({ program, of, timer });
  }

  // One that waits for a share of a phase of a run.
  private known(of: string): ShareProgram | undefined {
    const at = this.idle.findIndex((one) => one.of === of && one.program.isThere);
    const [found] = at < 0 ? [] : this.idle.splice(at, 1);
    clearTimeout(found?.timer);
    return found?.program;
  }

  private drop(program: ShareProgram): void {
    const at = this.idle.findIndex((one) => one.program === program);
    if (at >= 0) this.idle.splice(at, 1);
    void program.end();
  }
}
