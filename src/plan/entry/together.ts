import { mapGet } from "../../yaml/node.ts";
import { InputError } from "../../errors.ts";
import type { Task } from "../../playbook/play.ts";
import { wantKnown } from "../scope/arguments.ts";
import { allowedFailures } from "../model/batches.ts";
import { endsPart, type Entry } from "../model/entry.ts";
import { dropChange, failForAll, setPace } from "./write-entry.ts";
import { walkOf, isShared } from "../model/pass-walks.ts";
import { flagOf, isSet, keywordValue, type Keyed } from "../scope/flags.ts";
import { couple, keyword, type Walk } from "../model/state.ts";
import { insteadOf } from "../../instead-of.ts";

// Whether the task's output must be hidden. While that is not known, it is hidden.
export function isHidden(keyed: Keyed): boolean {
  return insteadOf([InputError], true, () => (flagOf(keyed, "no_log") ?? false) !== false);
}

// Whether a task is done on one host for all.
function runsOnce(task: Task, keyed: Keyed): boolean {
  const written = (parameter: string): unknown => {
    const node = mapGet(task.args, parameter);
    return node?.kind === "scalar" ? node.value : undefined;
  };
  return task.module.onRun?.isOnce(written) === true || isSet(keyed, "run_once");
}

// The same; where that cannot be said, the task is planned on every host, and fails there.
function mayRunOnce(task: Task, keyed: Keyed): boolean {
  return insteadOf([InputError], false, () => runsOnce(task, keyed));
}

/**
 * Plans what runs once on the first host that comes by, and hands the result to the
 * others; all else on every host.
 */
export function once<T>(
  walk: Walk,
  { task, id, ...keyed }: Keyed & { task: Task; id: string },
  plan: () => T,
): { result: T; isPlannedHere: boolean } {
  if (!mayRunOnce(task, keyed)) return { result: plan(), isPlannedHere: true };
  lookAtOthers(walk);
  const key = `${walk.at[0]} ${walk.at[1]} ${id}`;
  const known = walk.pass.once.get(key) as T | undefined;
  if (known) return { result: known, isPlannedHere: false };
  const result = plan();
  walk.pass.once.set(key, result);
  return { result, isPlannedHere: true };
}

// Notes that hosts are not planned each for itself; where others take part, a partial
// pass must not be believed.
function lookAtOthers({ pass }: Walk): void {
  if (pass.playHosts.length > 1) couple(pass);
}

// The walk of the host on which a task is done: its own, or the one that it is delegated to.
export function targetOf(walk: Walk, { around, variables }: Keyed): Walk {
  const found = keywordValue({ around, variables }, "delegate_to");
  if (!found) return walk;
  const { node } = found;
  const name = wantKnown(found.value);
  if (typeof name !== "string" || name === "")
    throw new InputError("delegate_to takes the name of a host", node.place);
  if (name === walk.host.name) return walk;
  couple(walk.pass);
  return walkOf(walk.pass, name);
}

// Records how an entry relates to other hosts: whether they wait for each other there, and whether
// its failure is theirs too.
export function relate(walk: Walk, task: Task, keyed: Keyed, entry: Entry): void {
  const [throttle, fatal, isOnce] = termsOf(task, keyed, entry);
  const lockstep =
    fatal || allowedFailures(keyword(keyed.around, "max_fail_percentage"), keyed.variables) < 100;
  const barrier =
    lockstep ||
    throttle !== undefined ||
    entry.on !== undefined ||
    walk.readOtherHosts ||
    isOnce ||
    isShared(walk);
  setPace(entry, barrier, throttle);
  if (lockstep || throttle !== undefined) lookAtOthers(walk);
  if (endsPart(entry) && walk.rescueDepth === 0 && (fatal || isOnce)) failForAll(entry);
}

// What its keywords say of the other hosts. What cannot be said stops the task
// before it does anything.
function termsOf(
  task: Task,
  keyed: Keyed,
  entry: Entry,
): [throttle: number | undefined, fatal: boolean, isOnce: boolean] {
  try {
    return [throttleOf(keyed), isSet(keyed, "any_errors_fatal"), runsOnce(task, keyed)];
  } catch (error) {
    dropChange(entry);
    throw error;
  }
}

// How many hosts may be at a task at once; undefined: as many as the run allows.
function throttleOf({ around, variables }: Keyed): number | undefined {
  const node = keyword(around, "throttle");
  const value = node && Number(wantKnown(variables.render(node)));
  if (value === undefined || value === 0) return undefined;
  if (Number.isInteger(value) && value > 0) return value;
  throw new InputError("throttle takes a number of hosts", node!.place);
}
