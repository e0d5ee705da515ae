import { setImmediate as others } from "node:timers/promises";
import type { Walking } from "../plan/walk/pass.ts";
import type { Pass } from "../plan/model/state.ts";

/** How long a walk keeps everything else waiting, in milliseconds. */
const AT_A_TIME = 4;

/** Walks of several hosts, one at a time: whoever comes first in the order of hosts goes first. */
export class WalksInTurn {
  private isBusy = false;
  private readonly waiting: { order: number; go: () => void }[] = [];

  // Walks to the end, and lets logins and answers have their turn meanwhile. `onPause` sees how far
  // it is. Undefined: `begin` says that it is not wanted any more.
  async walk(
    order: number,
    begin: () => Walking | undefined,
    onPause: (pass: Pass) => void,
  ): Promise<Pass | undefined> {
    await this.turn(order);
    try {
      const walking = begin();
      if (!walking) return undefined;
      for (let begun = performance.now(); ;) {
        const { done, value } = walking.next();
        if (done || performance.now() - begun >= AT_A_TIME) onPause(value);
        if (done) return value;
        if (performance.now() - begun < AT_A_TIME) continue;
        await others();
        begun = performance.now();
      }
    } finally {
      this.next();
    }
  }

  private turn(order: number): Promise<void> | undefined {
    if (this.isBusy) return new Promise((go) => void this.waiting.push({ order, go }));
    this.isBusy = true;
    return undefined;
  }

  private next(): void {
    const first = this.waiting.toSorted((a, b) => a.order - b.order)[0];
    if (first) this.waiting.splice(this.waiting.indexOf(first), 1);
    else this.isBusy = false;
    first?.go();
  }
}
