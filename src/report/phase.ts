import type { ToldEvent } from "../run/event.ts";

/** One phase of a run over all its hosts: looking at them, or a play. */
export class Phase {
  readonly title: string;
  readonly total: number;
  /** Resolves when the phase has ended, also where that was before anybody waited for it. */
  readonly ended: Promise<void>;
  /** Names of hosts: workers may report one more than once. */
  private readonly done = new Set<string>();
  private readonly failed = new Set<string>();
  private changes = 0;
  /** Hosts at work, and the task that each is at. */
  private readonly running = new Map<string, string>();
  private readonly begun: number;
  private readonly now: () => number;
  private finish: () => void = () => {};

  constructor(title: string, total: number, now: () => number = () => performance.now()) {
    this.title = title;
    this.total = total;
    this.now = now;
    this.begun = now();
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  // Takes an event into the counters.
  count(event: ToldEvent): void {
    if (event.kind === "step" && event.state === "begin")
      this.running.set(event.host, event.entry.task);
    if (event.kind === "step" && event.state === "done" && !event.entry.change?.silent)
      this.changes++;
    if (event.kind !== "host-done" && event.kind !== "planned") return;
    const { name } = event.run.host;
    this.running.delete(name);
    this.done.add(name);
    if (event.run.failed) this.failed.add(name);
  }

  // The phase is over, whether or not all of its hosts were.
  end(): void {
    this.running.clear();
    this.finish();
  }

  // All of its hosts are done, and none has failed.
  get isFine(): boolean {
    return this.failed.size === 0 && this.done.size >= this.total;
  }

  // How many hosts are done, for how long it has gone on, and one host that is at work.
  describe(): string {
    const counters = [`${this.done.size}/${this.total} ${this.total === 1 ? "host" : "hosts"}`];
    if (this.changes > 0)
      counters.push(`${this.changes} ${this.changes === 1 ? "change" : "changes"}`);
    if (this.failed.size > 0) counters.push(`${this.failed.size} failed`);
    const elapsed = showTime(this.now() - this.begun);
    if (elapsed !== "") counters.push(elapsed);
    return `${this.title}: ${counters.join(", ")}${this.atWork()}`;
  }

  private atWork(): string {
    const [one] = this.running;
    if (!one) return "";
    const more = this.running.size > 1 ? ` (and ${this.running.size - 1} more)` : "";
    return `; ${one[0]}: ${one[1]}${more}`;
  }
}

// "12 s", "3 min 5 s", "2 h 10 min"; what is shorter than a second is not worth a word.
export function showTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  if (seconds < 1) return "";
  if (minutes < 1) return `${seconds} s`;
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
