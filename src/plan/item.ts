import { InputError, TaskFailure, told, UnsupportedError } from "../errors.ts";
import type { Change, StepOutput } from "../modules/module.ts";
import { refuseBackground } from "../playbook/background.ts";
import { keywordBool, nodesOf } from "../playbook/nodes.ts";
import { askUser } from "../probes/account.ts";
import type { Probe } from "../probes/probe.ts";
import { Unknown, type Json } from "../value.ts";
import { argumentsOf, wantKnown } from "./arguments.ts";
import { deriveDiff } from "./derive.ts";
import { blankEntry } from "./blank-entry.ts";
import type { Entry } from "./entry.ts";
import { preparedSteps, withEnvironment } from "./environment.ts";
import { givenFor } from "./given.ts";
import { identityOf } from "./identity.ts";
import { commandFailure, concludeOutcome, judge } from "./judge.ts";
import type { Item } from "./spec.ts";
import { madeHere } from "./made-here.ts";
import { NotAsked, NotKnown } from "./signals.ts";
import { withoutHost } from "./lost.ts";
import { expandPaths, homeOf } from "./paths.ts";
import { overlay } from "./overlay.ts";
import { isLeftOut } from "./left-out.ts";
import { walkOf } from "./pass-walks.ts";
import { hostVariables } from "./scope.ts";
import { flagOf, isHidden, isSet, relate, targetOf } from "./together.ts";
import { askAgain, runAgain, triesKey } from "./until.ts";
import { holds } from "./conditions.ts";
import { keyword, type Walk } from "./state.ts";

// Plans one item: what it comes to, with what is known by now. Failures are entries, not errors.
export function planItem(walk: Walk, item: Item): Entry {
  const settled = walk.known.settled.get(item.id);
  walk.pass.reader = walk;
  walk.looked = false;
  if (item.task.module.brings) walk.pass.coupled ||= walk.pass.partial; // others may read what it brings
  if (settled && !(settled.outcome && settled.entry.change)) return replay(walk, settled.entry);
  const entry = settled ? { ...settled.entry } : blankEntry(walk, item);
  guard(walk, item, entry, () => (settled ? concludeOutcome(walk, item, entry, settled.outcome!) : planEntry(walk, item, entry)));
  if (!settled?.outcome) withoutHost(walk, item, entry);
  if (settled?.outcome) guard(walk, item, entry, () => runAgain(walk, item, entry, settled));
  guard(walk, item, entry, () => relate(walk, item.task, item, entry));
  entry.noLog ||= isHidden(item);
  const { shows } = item.task.module;
  if (shows && entry.status === "ok" && !entry.noLog) entry.shows = showValue(shows(entry.result));
  return entry;
}

// Does a part of the planning; what stops it becomes the entry's status.
function guard(walk: Walk, item: Item, entry: Entry, work: () => void): void {
  try {
    work();
  } catch (error) {
    refuse(walk, item, entry, error);
  }
}

// Writes a value for people: text as it is, all else as JSON.
function showValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, (_key, part: unknown) => (part instanceof Map ? Object.fromEntries(part) : part), 2);
}

// An entry that was done with in an earlier pass says the same again.
function replay(walk: Walk, entry: Entry): Entry {
  if (entry.status === "changed" && !entry.change && !entry.ofRun) walk.dirty = true;
  return { ...entry };
}

// Plans a task whose condition holds. While nobody knows whether it does, what would be wrong with the task is no mistake.
function planEntry(walk: Walk, item: Item, entry: Entry): void {
  const verdict = whenHolds(item);
  if (verdict === false) return skip(entry);
  if (!(verdict instanceof Unknown)) return planDeed(walk, item, entry, verdict);
  try {
    planDeed(walk, item, entry, verdict);
  } catch (error) {
    throw error instanceof InputError || error instanceof TaskFailure ? new NotKnown(verdict) : error;
  }
}

// Arguments -> questions -> the module's plan.
function planDeed(walk: Walk, item: Item, entry: Entry, verdict: true | Unknown): void {
  const { task, variables, around } = item;
  if (task.module.refusal ?? item.stopped) throw task.module.refusal ?? item.stopped;
  refuseBackground(task, (node) => variables.render(node));
  const on = targetOf(walk, item);
  if (on !== walk) entry.on = on.host.name;
  entry.identity = identityOf(on, around, on === walk ? variables : hostVariables(on));
  const given = givenFor(walk, task, variables, entry.identity.user);
  entry.wouldNotify = nodesOf(keyword(around, "notify")).flatMap((node) => [wantKnown(variables.render(node))].flat()).map(String);
  const args = expandPaths(task.module.schema, argumentsOf(task, variables), (name = entry.identity.user) => homeOf(name, observe(on, entry, { user: askUser({ name }) })));
  entry.args = args;
  const brought = task.module.brings?.(args, given);
  if (brought !== undefined) on.host.files.expect(brought, entry.task, false);
  const question = task.module.readOnly || isReadOnly(item) ? task.module.probe?.(args, given) : undefined;
  if (verdict instanceof Unknown) {
    if (!question) observe(on, entry, task.module.observe(args, given));
    throw new NotKnown(verdict);
  }
  if (question) return look(walk, on, item, entry, question);
  const before = observe(on, entry, task.module.observe(args, given));
  if (before === undefined) throw new NotAsked("the host");
  const change = task.module.plan(args, before, given);
  if (change && isLeftOut(item, entry)) return;
  if (change) takeChange(item, entry, change, before);
  if (task.module.variables) entry.variables = task.module.variables(args, given);
  const result = { ...task.module.result?.(args, change?.after ?? before, undefined, given), ...change?.result };
  judge(item, entry, { result, changed: entry.status === "changed" });
  if (task.module.ofRun && entry.result["changed"] === true) Object.assign(entry, { status: "changed", ofRun: true });
  overlay(on, entry);
  walk.dirty ||= on.dirty;
}

// The conditions of the task and of all around it. Without the loop's items they may not be decidable.
function whenHolds({ around, variables, stopped }: Item): boolean | Unknown {
  try {
    return holds(variables, around.flatMap((part) => nodesOf(part.keywords.get("when"))));
  } catch (error) {
    throw stopped ?? error;
  }
}

// `changed_when: false` and `check_mode: false` say that a command only looks.
function isReadOnly(item: Item): boolean {
  return keywordBool(keyword(item.around, "changed_when")) === false || flagOf(item, "check_mode") === false;
}

// A command that only looks is a question, as long as no change stands before it.
function look(walk: Walk, on: Walk, item: Item, entry: Entry, probe: Probe<StepOutput>): void {
  entry.readOnly = true;
  if (walk.guessed || on.guessed) throw new NotAsked("the host");
  if (walk.dirty || on.dirty) throw new NotKnown(new Unknown("the tasks before it"));
  const question = withEnvironment(item, probe);
  const output = observe(on, entry, { output: question })?.["output"] as unknown as StepOutput | undefined;
  if (!output) throw new NotAsked("the host");
  const given = givenFor(walk, item.task, item.variables, entry.identity.user);
  const result = item.task.module.result?.(entry.args, {}, [output], given) ?? {};
  const tries = askAgain(on, triesKey(walk, item), item, entry, question, { changed: false, failed: output.code !== 0, ...result });
  if (item.task.keywords.has("until")) result["attempts"] = tries + 1;
  judge(item, entry, { result, changed: false, ...(output.code === 0 ? {} : { failure: commandFailure(output) }) });
}

// Looks up states in the world; what was not asked yet is noted. undefined: something is missing.
function observe(walk: Walk, entry: Entry, probes: { readonly [name: string]: Probe<unknown> }): Record<string, Json> | undefined {
  const states: Record<string, Json> = {};
  let missing = false;
  for (const [name, probe] of Object.entries(probes)) {
    const state = walk.world.get(probe, entry.identity.user);
    if (state instanceof Unknown) throw new NotKnown(state);
    if (state === undefined) {
      walk.missing.set(`${entry.identity.user} ${probe.key}`, { probe, identity: entry.identity });
      missing = true;
    } else states[name] = state;
  }
  if (missing) return undefined;
  entry.probes = Object.entries(probes).map(([name, probe]) => [probe, states[name]!, states[name]!]);
  return states;
}

// Takes a module's change into the entry.
function takeChange(item: Item, entry: Entry, change: Change<Record<string, Json>>, before: Record<string, Json>): void {
  entry.status = change.silent ? "ok" : "changed";
  const hidden = entry.noLog ? "no_log is set" : change.files?.some((file) => file.secret) ? "its source is encrypted" : undefined;
  entry.diff = hidden !== undefined ? [{ kind: "note", title: `hidden, as ${hidden}` }] : (change.diff ?? deriveDiff(before, change.after));
  if (wantKnown(flagOf(item, "check_mode")) === true) return;
  entry.change = { ...change, steps: preparedSteps(item, change.steps) };
  const names = Object.keys(before);
  entry.probes = entry.probes!.map(([probe, state], i) => [probe, state, change.after[names[i]!] ?? null]);
}

function skip(entry: Entry): void {
  entry.status = "skipped";
  entry.result = { changed: false, skipped: true, skip_reason: "Conditional result was False" };
}

// Turns what stopped the planning into the entry's status.
function refuse(walk: Walk, item: Item, entry: Entry, error: unknown): void {
  if (error instanceof NotAsked || error instanceof NotKnown) {
    entry.status = error instanceof NotAsked ? "waiting" : "deferred";
    entry.why = error.message;
    entry.unknown = error instanceof NotKnown ? error.unknown : new Unknown("the host");
    if (!entry.readOnly) walk.dirty = true;
    return;
  }
  if (!(error instanceof TaskFailure || error instanceof InputError)) throw error;
  const made = error instanceof InputError && error.missing ? madeHere(walk, error.missing) : undefined;
  if (made !== undefined) return refuse(walk, item, entry, new NotKnown(new Unknown(made)));
  const blurredBy = (entry.on === undefined ? walk : walkOf(walk.pass, entry.on)).world.blurredBy;
  if (blurredBy !== undefined && error instanceof TaskFailure && (entry.probes ?? []).length > 0 && !entry.change) {
    // what it found may be otherwise once that task is done
    return refuse(walk, item, entry, new NotKnown(new Unknown(`task "${blurredBy}"`)));
  }
  entry.status = "failed";
  entry.failure = told(error);
  entry.result = { failed: true, changed: false, msg: error.message, ...(error instanceof TaskFailure ? error.result : {}), ...entry.result };
  entry.refused = error instanceof UnsupportedError;
  entry.forgiven = !entry.refused && isSet(item, "ignore_errors");
}
