import {
  ArgumentError,
  ConditionFailure,
  InputError,
  TaskFailure,
  UndefinedError,
  UnreachableError,
  describeError,
  UnsupportedError,
} from "../../errors.ts";
import { defined } from "../../defined.ts";
import { nodesOf } from "../../playbook/nodes.ts";
import { Unasked, Unknown } from "../../value.ts";
import { aboutTask } from "../entry/about.ts";
import { newEntry } from "../entry/new-entry.ts";
import { textOf, decideConditions, type ConditionsResult } from "../scope/conditions.ts";
import { planModuleCall } from "../call/module-call.ts";
import { hasStatus, type Entry } from "../model/entry.ts";
import {
  defer,
  fail,
  foretell,
  hide,
  setTitle,
  setResult,
  show,
  skip,
  waitFor,
} from "../entry/write-entry.ts";
import { inAnsibleWords } from "../call/ansible-words.ts";
import { concludeOutcome, judgeFailure } from "../call/status.ts";
import { runAgain, vainAttempts } from "../call/until.ts";
import { failLogin, failUnreachable } from "../entry/fail-unreachable.ts";
import { checkFlags, isSetAfterAll } from "../scope/flags.ts";
import { pendingFiles } from "../model/pending-files.ts";
import { walkOf, noteOnMachine } from "../model/pass-walks.ts";
import { doubtBehind } from "./doubt.ts";
import {
  howToSet,
  isSetNowhere,
  slipBehindResult,
  slipInFile,
  undefinedSlip,
} from "./undefined-names.ts";
import { showValue } from "../model/show-value.ts";
import { missingSource } from "./missing-source.ts";
import { NotAsked, NotKnown } from "../model/signals.ts";
import type { Invocation } from "../model/invocation.ts";
import { couple, noteChange, noteMade, seesAll, type Walk } from "../model/state.ts";
import { isHidden, relate } from "../entry/together.ts";
import { beginReading } from "../scope/hostvars.ts";

// Plans one item: its result, with what is known by now. Failures are entries, not errors.
export function planInvocation(walk: Walk, item: Invocation): Entry {
  const settled = walk.known.completed.get(item.id);
  beginReading(walk);
  if (item.task.module.onController?.kind === "file") couple(walk.pass); // others may read what it brings
  // what was done with in an earlier pass says the same again
  if (settled && !(settled.outcome && settled.entry.change)) return again(walk, settled.entry);
  const entry = settled ? { ...settled.entry } : newEntry(walk, item);
  guard(walk, item, entry, () =>
    settled
      ? concludeOutcome(walk, item, entry, { ...settled, outcome: settled.outcome! })
      : planEntry(walk, item, entry),
  );
  if (!settled?.outcome) failUnreachable(walk, item, entry);
  if (settled?.outcome && entry.change && !entry.change.silent) noteMade(targetWalk(walk, entry));
  if (settled?.outcome) guard(walk, item, entry, () => runAgain(walk, item, entry, settled));
  guard(walk, item, entry, () => relate(walk, item.task, item, entry));
  if (entry.noLog || isHidden(item)) hide(entry);
  if (!item.task.name && !entry.noLog)
    setTitle(entry, aboutTask(item.task, entry.item === undefined ? entry.args : undefined));
  const { onController } = item.task.module;
  if (onController?.kind === "message" && hasStatus(entry, "ok") && !entry.noLog)
    guard(walk, item, entry, () => {
      const said = onController.text(entry.result);
      if (said !== undefined) show(entry, showValue(said, 2));
    });
  return entry;
}

// An entry that was done with in an earlier pass.
function again(walk: Walk, entry: Entry): Entry {
  const { view } = targetWalk(walk, entry);
  const { readOnly, behind = view.askedBehind } = entry;
  if (readOnly && behind !== view.askedBehind) view.goBehind(behind);
  return { ...entry };
}

// The walk of the host on which an entry is done.
function targetWalk(walk: Walk, { on }: Entry): Walk {
  return on === undefined ? walk : walkOf(walk.pass, on);
}

// Does a part of the planning; what stops it becomes the entry's status.
function guard(walk: Walk, item: Invocation, entry: Entry, work: () => void): void {
  try {
    work();
  } catch (error) {
    refuse(walk, item, entry, error);
  }
}

// Plans a task whose condition holds. While the condition is unknown, a mistake in
// the task is not an error.
function planEntry(walk: Walk, item: Invocation, entry: Entry): void {
  const { holds: verdict, by } = whenHolds(item);
  if (verdict === false) return skipForCondition(entry, by && textOf(by));
  const isCertain = !walk.guessed && (verdict === true || isForApply(walk, verdict));
  const slip = isCertain ? slipBehindResult(walk, item) : undefined;
  if (slip) throw slip;
  try {
    checkFlags(item);
    planModuleCall(walk, item, entry, verdict);
  } catch (error) {
    throw verdict instanceof Unknown ? unlessDecided(walk, item, verdict, error) : error;
  }
}

// The error of a task that may be skipped: it is one only if the task runs, but for a variable that
// is set nowhere.
function unlessDecided(walk: Walk, item: Invocation, verdict: Unknown, error: unknown): unknown {
  const isCertain =
    error instanceof UndefinedError &&
    isForApply(walk, verdict) &&
    isSetNowhere(walk, item, error.variable);
  const isTasks = error instanceof InputError || error instanceof TaskFailure;
  return isTasks && !isCertain ? new NotKnown(verdict) : error;
}

// Whether a value can only be known by applying. An answer from the host may still decide
// that the task is skipped.
function isForApply({ guessed }: Walk, unknown: Unknown): boolean {
  return !guessed && !(unknown instanceof Unasked);
}

// The same error; if nothing sets a name, and no name is similar, with a hint on how to set it.
function withHint<T extends TaskFailure | InputError>(
  walk: Walk,
  item: Invocation,
  error: T,
): T | UndefinedError {
  if (!(error instanceof UndefinedError) || error.hint !== undefined) return error;
  const { variable, message, place } = error;
  if (variable === "item" && place)
    return new UndefinedError(variable, message, place, "only a task with a loop has one");
  return place && isSetNowhere(walk, item, variable)
    ? new UndefinedError(variable, message, place, howToSet(variable))
    : error;
}

// The conditions of the task and of all around it. Without the loop's items
// they may not be decidable.
function whenHolds({ around, variables, stopped }: Invocation): ConditionsResult {
  try {
    return decideConditions(
      variables,
      around.flatMap((part) => nodesOf(part.keywords.get("when"))),
    );
  } catch (error) {
    throw stopped ?? error;
  }
}

// Whether a task is done, whatever apply brings: its condition holds, and its loop has this item.
function isCertainToRun(item: Invocation): boolean {
  return item.stopped === undefined && whenHolds(item).holds === true;
}

// A task whose condition is false is not run.
function skipForCondition(entry: Entry, condition?: string): void {
  const skip_reason = "Conditional result was False";
  skip(entry, { changed: false, skipped: true, skip_reason }, condition);
}

// Turns what stopped the planning into the entry's status. What waits for a doubt is not looked
// through once more: it may not be a mistake by then.
function refuse(
  walk: Walk,
  item: Invocation,
  entry: Entry,
  error: unknown,
  isDoubted = false,
): void {
  const slip =
    error instanceof NotKnown && isForApply(walk, error.unknown)
      ? (undefinedSlip(walk, item) ?? slipInFile(walk, item))
      : undefined;
  if (slip) return refuse(walk, item, entry, slip);
  if (error instanceof NotAsked || error instanceof NotKnown) {
    if (error instanceof NotKnown) {
      const isLate = !isDoubted && isForApply(walk, error.unknown);
      const source = isLate ? missingSource(walk, item) : undefined;
      if (source && isCertainToRun(item)) return refuse(walk, item, entry, source);
      const { onRun } = item.task.module;
      defer(entry, error.unknown, onRun?.growsInventory ? "inventory" : error.decides);
      if (source) foretell(entry, source.message);
    } else waitFor(entry, new Unasked("the host"), error.message);
    if (entry.readOnly) return;
    noteChange(walk);
    noteOnMachine(targetWalk(walk, entry), (view) => view.expectAny(entry.task));
    return;
  }
  if (error instanceof UnreachableError) return failLogin(walk, item, entry, error);
  if (!(error instanceof TaskFailure || error instanceof InputError)) throw error;
  const made =
    error instanceof InputError && error.missing ? pendingFiles(walk, error.missing) : undefined;
  if (made !== undefined) return refuse(walk, item, entry, new NotKnown(new Unknown(made)));
  const doubt = doubtBehind(walk, item, entry, error);
  if (doubt !== undefined)
    return refuse(walk, item, entry, new NotKnown(new Unknown(`task "${doubt}"`)), true);
  const failure = judgeFailure(item, entry, error);
  if (failure === undefined) return;
  if (failure !== error) return refuse(walk, item, entry, failure);
  const isUnsupported = error instanceof UnsupportedError;
  fail(entry, describeError(withHint(walk, item, error)), {
    isUnsupported,
    isIgnored: seesAll(walk) || (!isUnsupported && isSetAfterAll(item, "ignore_errors")),
  });
  const result = {
    failed: true,
    changed: false,
    ...wordsOf(item, error),
    ...(error instanceof TaskFailure && error.result),
    ...entry.result,
  };
  setResult(entry, { ...vainAttempts(item, result), ...result });
}

// The words of a failure under the key that they have: `msg`, unless the module says otherwise.
function wordsOf({ task }: Invocation, error: TaskFailure | InputError): object {
  const words = registeredWords(error);
  const own = error instanceof ArgumentError ? undefined : task.module.failed;
  return words !== undefined && own ? own(words) : defined({ msg: words });
}

// The `msg` of what failed. Where only its `failed_when` says so, it has none of its own,
// as in Ansible.
function registeredWords(error: TaskFailure | InputError): string | undefined {
  if (error instanceof ConditionFailure) return undefined;
  return error instanceof InputError ? inAnsibleWords(error.message) : error.message;
}
