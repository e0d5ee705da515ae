import { whoOf } from "../scope/login.ts";
import { JudgedFailure } from "../../errors.ts";
import { nodesOf } from "../../playbook/nodes.ts";
import type { Probe } from "../../probes/probe.ts";
import { Unknown } from "../../value.ts";
import { wantKnown } from "../scope/arguments.ts";
import { isSetAfterAll } from "../scope/flags.ts";
import { holds } from "../scope/conditions.ts";
import { hasStatus, type Entry } from "../model/entry.ts";
import { fail, retryAfter, setResult } from "../entry/write-entry.ts";
import { NotAsked, NotKnown } from "../model/signals.ts";
import { noteOnMachine } from "../model/pass-walks.ts";
import type { Invocation } from "../model/invocation.ts";
import { keyword, noteChange, seesAll, type Walk } from "../model/state.ts";
import { answerKey } from "../view/host-view.ts";
import type { Completed } from "../model/host.ts";

/** Ansible's own numbers where a task does not say: three tries more, five seconds between. */
const RETRIES = 3;
const DELAY = 5;

// A task that ran runs again while its `until` does not hold and tries are left; then it has
// failed, unless its `failed_when` says otherwise. With `retries: 0` nobody asks `until`.
export function runAgain(
  walk: Walk,
  item: Invocation,
  entry: Entry,
  { runs = 1 }: Completed,
): void {
  if (item.task.keywords.has("until")) setResult(entry, { ...entry.result, attempts: runs });
  if (untilHolds(item, entry.result)) return;
  const { retries, delay } = limits(item);
  if (retries === 0) return;
  if (runs <= retries) {
    retryAfter(entry, delay, new Unknown(`task "${entry.task}"`));
    noteChange(walk);
    noteOnMachine(walk, (view) => view.blur(entry.task, true));
    return;
  }
  if (!hasStatus(entry, "failed") && entry.result?.["failed_when_result"] !== false)
    fail(
      entry,
      { message: `its until condition was still false after ${runs} tries` },
      { isIgnored: seesAll(walk) || isSetAfterAll(item, "ignore_errors") },
    );
  setResult(entry, { ...entry.result, failed: true, attempts: retries });
}

/**
 * How often a question was asked, and whether it was the last time and in vain,
 * which `failed_when` judges.
 */
interface Asked {
  attempts: number;
  isOver: boolean;
}

// A question is put again while its `until` does not hold. A plan does not wait: it says that apply
// will. `walk` is the one of the host that is asked.
export function askAgain(
  walk: Walk,
  key: string,
  item: Invocation,
  entry: Entry,
  probe: Probe<unknown>,
  result: Entry["result"],
): Asked {
  const tries = walk.known.tries.get(key) ?? 0;
  if (untilHolds(item, result)) return { attempts: tries + 1, isOver: false };
  const { retries, delay } = limits(item);
  if (retries === 0) return { attempts: 1, isOver: false };
  if (tries >= retries && keyword(item.around, "failed_when"))
    return { attempts: retries, isOver: true };
  if (tries >= retries)
    throw new JudgedFailure(
      `its until condition was still false after ${tries + 1} tries`,
      undefined,
      {
        ...result,
        failed: true,
        attempts: retries,
      },
    );
  walk.retry.set(answerKey(probe, whoOf(entry.identity)), { seconds: delay, id: key });
  throw walk.known.applying
    ? new NotAsked("its until")
    : new NotKnown(new Unknown("its until condition, which apply waits for"));
}

// The tries that a task registers which fails before it does anything: it would fail each time.
export function vainAttempts(
  item: Invocation,
  result: Entry["result"],
): { attempts: number } | undefined {
  if (!item.task.keywords.has("until")) return undefined;
  try {
    return { attempts: untilHolds(item, result) ? 1 : Math.max(1, limits(item).retries) };
  } catch {
    return undefined; // it has failed anyway, maybe for this very reason
  }
}

// Under which name the tries of a task are counted: hosts that ask the same one
// keep their own count.
export function triesKey({ host }: Walk, { id }: Invocation): string {
  return `${host.name} ${id}`;
}

// Whether `until` holds for a result; a task without one is content.
function untilHolds({ task, variables }: Invocation, result: Entry["result"]): boolean {
  const node = task.keywords.get("until");
  if (!node) return true;
  const register = task.keywords.get("register");
  const values = new Map<string, unknown>(
    register?.kind === "scalar" ? [[String(register.value), result]] : [],
  );
  return holds(variables.with({ values }), nodesOf(node)) === true;
}

// How often and after how many seconds.
function limits({ task, variables }: Invocation): { retries: number; delay: number } {
  const number = (name: string, fallback: number): number => {
    const node = task.keywords.get(name);
    const value = node ? Number(wantKnown(variables.render(node))) : fallback;
    return Number.isFinite(value) && value >= 0 ? value : fallback;
  };
  return { retries: number("retries", RETRIES), delay: number("delay", DELAY) };
}
