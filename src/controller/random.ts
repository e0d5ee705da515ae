import { createHash, randomBytes } from "node:crypto";
import { noteUnrepeatable } from "../disk/reading.ts";

/**
 * The chance, the clock and the commands of a run. Within a task they come out the
 * same each time it is planned.
 */
export class Chance {
  private readonly secret = randomBytes(32);
  private readonly times = new Map<string, number>();
  private readonly answers = new Map<string, unknown>();
  private key = "";
  private drawn = 0;

  // Starts a task again.
  begin(key: string): void {
    [this.key, this.drawn] = [key, 0];
  }

  // A random number from 0 up to, but not including, 1.
  random(): number {
    noteUnrepeatable("chance");
    const digest = createHash("sha256")
      .update(this.secret)
      .update(`${this.drawn++} ${this.key}`)
      .digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  }

  // The time at which the task was planned first.
  now(): number {
    noteUnrepeatable("the time");
    const time = this.times.get(this.key) ?? Date.now();
    this.times.set(this.key, time);
    return time;
  }

  // What was found when the task asked for it first.
  once<T>(what: string, ask: () => T): T {
    noteUnrepeatable("what a command prints");
    const key = `${what} ${this.key}`;
    if (!this.answers.has(key)) this.answers.set(key, ask());
    return this.answers.get(key) as T;
  }
}
