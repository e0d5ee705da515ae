import { STOP_SIGNALS, type StopSignal } from "../../errors.ts";
import type { Share } from "../../queue/protocol.ts";
import type { ShareMessage, ShareOrder } from "../../queue/share-program.ts";
import { stopping, type Stop, type Stopping } from "../stop/stop.ts";

/** What a program that does shares hears from its worker, and tells it. */
export class ShareLine {
  private readonly shares: Share[] = [];
  private wanted: ((share: Share | undefined) => void) | undefined;
  private current: { number: number; stopping: Stopping } | undefined;

  constructor() {
    process.on("message", (order: ShareOrder) => {
      if (order.kind === "stop") this.stopped("SIGTERM", order.number);
      else if (order.kind === "end") this.leave();
      else if (this.wanted) this.wanted(order.share);
      else this.shares.push(order.share);
    });
    // without its worker nobody would receive the results of a share; another worker takes it
    process.once("disconnect", () => {
      if (this.current) process.kill(process.pid, "SIGKILL");
      this.wanted?.(undefined);
    });
    for (const signal of Object.keys(STOP_SIGNALS) as StopSignal[])
      process.on(signal, () => {
        if (this.current) this.stopped(signal, this.current.number);
        else this.leave();
      });
  }

  // The next share; undefined: the worker has no more.
  async next(): Promise<Share | undefined> {
    this.done();
    let share = this.shares.shift();
    if (!share && process.connected)
      share = await new Promise((resolve) => (this.wanted = resolve));
    this.wanted = undefined;
    if (share) this.current = { number: share.number, stopping: stopping() };
    return share;
  }

  /** How the share is stopped that is being done. */
  get stop(): Stop {
    return this.current!.stopping.stop;
  }

  // Tells the worker something of the share; once it hears that the share has
  // ended, it may give the next.
  tell(message: ShareMessage): void {
    if (!this.current) return;
    process.send!(message);
    if (message.kind === "ended") this.done();
  }

  private stopped(signal: StopSignal, number: number): void {
    if (this.current?.number === number) this.current.stopping.hear(signal);
  }

  private leave(): void {
    if (process.connected) process.disconnect();
  }

  private done(): void {
    this.current?.stopping.end();
    this.current = undefined;
  }
}
