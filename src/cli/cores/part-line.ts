import { setMaxListeners } from "node:events";
import { Socket } from "node:net";
import { Interrupted } from "../../errors.ts";
import type { Stop } from "../stop/stop.ts";
import type { FromPart, PartTask, PartQuestion, ToPart } from "./messages.ts";

/** The run is over for a worker process: the process that began it wants nothing more. */
export class Ended extends Error {}

/**
 * The descriptor of the pipe to the process that began the run: Node's own channel
 * is slow where much is told.
 */
export const UP = 4;

type Order = Extract<ToPart, { kind: "apply" | "end" }>;

/**
 * What a worker process hears from the process that began the run, and tells it. If that process
 * dies, this one does, too.
 */
export class PartLine {
  readonly task: Promise<PartTask>;
  readonly stop: Stop;
  private readonly waiting = new Map<
    number,
    { resolve: (answer: unknown) => void; reject: (error: Error) => void }
  >();
  private readonly orders: Order[] = [];
  private wanted: ((order: Order) => void) | undefined;
  private asked = 0;
  private readonly up = new Socket({ fd: UP, readable: false, writable: true });

  constructor() {
    const [soon, now] = [new AbortController(), new AbortController()];
    setMaxListeners(0, soon.signal, now.signal);
    this.stop = { soon: soon.signal, now: now.signal };
    process.once("disconnect", die);
    this.up.on("error", die);
    this.task = new Promise((resolve) => {
      process.on("message", (message: ToPart) => {
        if (message.kind === "task") resolve(message.task);
        else if (message.kind === "answer") this.answered(message.id, message.answer);
        else if (message.kind !== "stop") this.ordered(message);
        else (message.times === 1 ? soon : now).abort(new Interrupted(message.signal));
      });
    });
  }

  tell(message: FromPart): void {
    this.up.write(`${JSON.stringify(message)}\n`);
  }

  // Asks something, and waits for the answer. Throws Ended where none will come.
  async ask<T>(question: PartQuestion): Promise<T> {
    const id = this.asked++;
    if (this.orders.some(({ kind }) => kind === "end")) throw new Ended();
    const answer = new Promise<unknown>((resolve, reject) =>
      this.waiting.set(id, { resolve, reject }),
    );
    this.tell({ kind: "ask", id, ...question });
    return (await answer) as T;
  }

  // What to do next.
  async next(): Promise<Order> {
    const order = this.orders.shift();
    return order ?? new Promise((resolve) => (this.wanted = resolve));
  }

  // Leaves, once everything that was told has left.
  async close(): Promise<void> {
    process.off("disconnect", die);
    process.removeAllListeners("message");
    await new Promise<void>((resolve) => this.up.end(resolve));
    if (process.connected) process.disconnect();
  }

  private answered(id: number, answer: unknown): void {
    this.waiting.get(id)?.resolve(answer);
    this.waiting.delete(id);
  }

  private ordered(order: Order): void {
    if (order.kind === "end") for (const { reject } of this.waiting.values()) reject(new Ended());
    const { wanted } = this;
    this.wanted = undefined;
    if (wanted) wanted(order);
    else this.orders.push(order);
  }
}

// Nobody would hear what this process does.
function die(): void {
  process.kill(process.pid, "SIGKILL");
}
