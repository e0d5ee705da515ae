import type { Meeting, Mistake } from "./messages.ts";
import type { PlayCount } from "../../run/other-parts.ts";
import { defined } from "../../defined.ts";

/** What the worker processes of a run agree on, once all have come to the same. */
export interface Agreement {
  answer: unknown;
  /** A task looks at other hosts: one process must do all. */
  together: boolean;
  /** All hosts show mistakes, this one first: nothing is done. */
  mistake?: Mistake;
  /** A play begins, with so many hosts. */
  begun?: { play: number; hosts: number };
}

// What comes of a meeting, in a run of so many hosts. Of a run that was stopped
// not all may have come to it.
export function agreed(met: readonly Meeting[], hosts: number): Agreement {
  const all = <W extends Meeting["what"]>(what: W): Extract<Meeting, { what: W }>[] =>
    met.filter((one): one is Extract<Meeting, { what: W }> => one.what === what);
  const together = met.some((one) => "together" in one && one.together);
  const first = met[0]!;
  if (first.what === "planned") {
    const plans = all("planned").map(({ plays }) => plays);
    const last = first.plays.findIndex((_, play) => isLast(plans.map((plays) => plays[play]!)));
    return { answer: last, together };
  }
  if (first.what === "mistakes") {
    const mistake = sharedMistake(all("mistakes"), hosts);
    return { answer: null, together, ...defined({ mistake }) };
  }
  if (first.what === "begins") {
    const sum = all("begins").reduce((before, one) => before + one.hosts, 0);
    return { answer: null, together, begun: { play: first.play, hosts: sum } };
  }
  return {
    answer: first.what === "ends" && isLast(all("ends").map(({ count }) => count)),
    together,
  };
}

// The first mistake, if the plan of every host shows one.
function sharedMistake(
  met: readonly Extract<Meeting, { what: "mistakes" }>[],
  hosts: number,
): Mistake | undefined {
  const count = met.reduce((sum, { wrong }) => sum + wrong, 0);
  return count === hosts ? met.find(({ wrong }) => wrong > 0)?.first : undefined;
}

// Whether the run ends with a play, by its hosts in all processes.
function isLast(counts: readonly PlayCount[]): boolean {
  return counts.some(({ alive }) => alive) && counts.every(({ failed }) => failed);
}
