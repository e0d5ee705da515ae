import { filesOf, type Change, type Controller } from "../../modules/contract/module.ts";
import { refuseBackground } from "../../playbook/keywords/async.ts";
import { nodesOf } from "../../playbook/nodes.ts";
import { askUser } from "../../probes/system/account.ts";
import { askCwd } from "../../probes/files/cwd.ts";
import { answerIn, questionsOf, type AnyProbes, type NamedProbe } from "../../probes/probe.ts";
import { Unknown, type Json } from "../../value.ts";
import { argumentsOf, wantKnown } from "../scope/arguments.ts";
import type { Entry, Identity } from "../model/entry.ts";
import {
  markReadOnly,
  setBehind,
  setAction,
  setArguments,
  setChange,
  setPlace,
  setTopics,
  setVariables,
  settle,
} from "../entry/write-entry.ts";
import { pathVariable, preparedSteps } from "./environment.ts";
import { askedSince, gatherBySetup } from "../scope/facts.ts";
import { delegatedLogin, machineOf } from "../scope/login.ts";
import { controllerFor } from "./controller.ts";
import { identityOf, whereOf, type Acting } from "../scope/become.ts";
import { decideStatus } from "./status.ts";
import { checkedCommand, inWordsOfCheckMode, isChecked, notChecked } from "./check-mode.ts";
import { overlay } from "./overlay.ts";
import { refuseContexts, wantAttributes } from "./contexts.ts";
import { directoryOf, expandPaths, homeOf } from "../scope/paths.ts";
import { secretValues } from "./secret-values.ts";
import { showDiff } from "./without-secrets.ts";
import { hostVariables } from "../scope/task-variables.ts";
import { NotAsked, NotKnown } from "../model/signals.ts";
import type { Invocation } from "../model/invocation.ts";
import { noteChange, keyword, localDirectory, type Walk } from "../model/state.ts";
import { mustHaveUser, observe, wantToo } from "./observe.ts";
import { leaveProbes, refuseUnwritable } from "./leave.ts";
import { refuseUnknownOwners, wantUser } from "./accounts.ts";
import { targetOf } from "../entry/together.ts";
import { umaskOf, wantUmask } from "./umask.ts";
import { isReadOnly, planQuestion } from "./question.ts";
import { defined } from "../../defined.ts";

type Arguments = ReturnType<typeof argumentsOf>;

// What a task does on its host, once its condition holds: arguments ->
// questions -> the module's plan.
export function planModuleCall(
  walk: Walk,
  item: Invocation,
  entry: Entry,
  verdict: true | Unknown,
): void {
  const { task } = item;
  const refusal = task.refusal ?? item.stopped;
  if (refusal) throw refusal;
  const { on, identity } = whereDone(walk, item);
  setPlace(entry, identity);
  setBehind(entry, on.view.askedBehind);
  const { args, controller } = readCall(walk, on, item, entry);
  const isBlind = entry.probes.length === 0 && !on.host.isLocal;
  const question =
    task.module.readOnly || isReadOnly(item) ? task.module.probe?.(args, controller) : undefined;
  if (verdict instanceof Unknown) {
    if (!question) {
      observe(on, entry, task.module.observe(args, controller));
      wantAttributes(on, entry, item.task.module.schema, args);
    }
    throw new NotKnown(verdict);
  }
  if (question) return planQuestion(walk, on, item, entry, question);
  if (task.module.name === "setup") return gatherNow(on, item, entry, args, controller);
  planChange(walk, on, item, entry, args, controller);
  const isRegistered = task.keywords.has("register");
  leaveResultOut(entry, { isRegistered, isTimed: isRegistered || walk.rescueDepth > 0 });
  if (isBlind && entry.probes.length === 0 && isToldByCode(item, entry))
    setChange(entry, { ...entry.change!, standsAlone: true });
  if (on.hasPendingChange) noteChange(walk);
}

// The machine and the user that a task runs on and as: its own host with the login that applies
// around it, or the host that it is delegated to, whose variables say how to get there; what
// keywords say is of the task's own host.
function whereDone(walk: Walk, item: Invocation): Acting {
  const { task, around, variables } = item;
  const delegated = targetOf(walk, item);
  const isAsked = task.module.schema.reachesNoHost !== true;
  if (delegated === walk && isAsked) return whereOf(walk, around, variables);
  const own = delegated === walk ? variables : hostVariables(delegated, around);
  const login = isAsked ? delegatedLogin(delegated, around, own, variables) : undefined;
  const on = machineOf(delegated, login);
  const by = on === delegated ? login : undefined;
  return { on, identity: identityOf(on, by, around, own, variables) };
}

// Renders what the task specifies: where and as whom it runs, what it notifies, its arguments.
function readCall(
  walk: Walk,
  on: Walk,
  item: Invocation,
  entry: Entry,
): { args: Arguments; controller: Controller } {
  const { task, variables, around } = item;
  refuseBackground(task, (node) => variables.render(node));
  const { identity } = entry;
  if (on !== walk) setPlace(entry, identity, on.host.name);
  const { user } = identity;
  const controller = {
    ...controllerFor(walk, task, variables, user),
    isLocal: on.host.isLocal,
    isChecked: isChecked(item),
    umask: () => umaskOf(on, entry),
  };
  setTopics(
    entry,
    nodesOf(keyword(around, "notify"))
      .flatMap((node) => [wantKnown(variables.render(node))].flat())
      .map(String),
  );
  const given = argumentsOf(task, variables) as { readonly [name: string]: unknown };
  const variable = (name: string): string | undefined => pathVariable(item, given, name);
  const homeOnHost = (name: string): string =>
    homeOf(name, observe(on, entry, { user: askUser({ name }) }));
  const args = expandPaths(task.module, given, {
    variable,
    homeOf: (name) =>
      name === undefined
        ? (variable("HOME") ?? homeHere(on, identity) ?? homeOnHost(user))
        : homeOnHost(name),
    directory: () => localDirectory(walk, on) ?? directoryOf(observe(on, entry, { cwd: askCwd() })),
  });
  setArguments(entry, args);
  for (const secret of secretValues(args)) walk.host.conceal?.(secret);
  const { onController } = task.module;
  if (onController?.kind === "file")
    on.host.files.expect(onController.path(args, controller), entry.task, false);
  return { args, controller };
}

// The home of who runs this program, as HOME has it, where a task runs here as nobody else.
function homeHere({ host }: Walk, { become }: Identity): string | undefined {
  return host.isLocal && become === undefined ? host.files.place("~", "/") : undefined;
}

// A setup task: facts as they are by then, whatever was asked for before.
function gatherNow(
  on: Walk,
  item: Invocation,
  entry: Entry,
  args: Arguments,
  controller: Controller,
): void {
  const { module } = item.task;
  markReadOnly(entry);
  gatherBySetup(on);
  if (on.factsDoubt) throw new NotKnown(new Unknown(`task "${on.factsDoubt.task}"`));
  const asked = questionsOf(module.observe(args, controller)).map(({ name, probe }) => [
    name,
    askedSince(on, probe),
  ]);
  const state = observe(on, entry, Object.fromEntries(asked) as AnyProbes);
  if (state === undefined) throw new NotAsked("the host");
  const result = module.result(args, state, undefined, controller);
  decideStatus(item, entry, { result, changed: false });
}

// Asks the module what it would change, given the state that the host will have by then.
function planChange(
  walk: Walk,
  on: Walk,
  item: Invocation,
  entry: Entry,
  args: Arguments,
  controller: Controller,
): void {
  const { module } = item.task;
  const isDry = isChecked(item);
  const skipped = isDry ? notChecked(item) : undefined;
  if (skipped) return decideStatus(item, entry, { result: skipped, changed: false });
  const first = module.observe(args, controller);
  const firstAnswers = observe(on, entry, first);
  const probes = (firstAnswers && module.observeAgain?.(args, firstAnswers)) ?? first;
  const questions = questionsOf(probes);
  const before = probes === first ? firstAnswers : observe(on, entry, probes, questions);
  wantAttributes(on, entry, item.task.module.schema, args);
  wantUmask(on, module.schema, args as { mode?: unknown }, entry);
  if (!module.readOnly)
    for (const probe of leaveProbes(entry, questions)) wantToo(on, probe, entry);
  if (questions.length === 0 && !module.readOnly) wantUser(on, entry);
  if (before === undefined) throw new NotAsked("the host");
  refuseContexts(on, entry, item.task, args);
  const change = module.plan(args, before, controller);
  const checked = change && isDry ? checkedCommand(item, args as { creates?: unknown }) : undefined;
  if (checked) return decideStatus(item, entry, checked);
  if (change) {
    mustHaveUser(on, entry);
    refuseUnwritable(on, entry, change, questions);
    refuseUnknownOwners(on, entry, module.schema, args, change);
    takeChange(item, entry, { change, questions }, localDirectory(walk, on));
  }
  if (module.onController?.kind === "variables")
    setVariables(entry, module.onController.read(args, controller));
  const told = {
    ...module.result(args, change?.after ?? before, undefined, controller),
    ...change?.result,
  };
  const result = isDry ? inWordsOfCheckMode(told) : told;
  decideStatus(item, entry, { result, changed: change !== null && !change.silent });
  if (module.onRun) {
    setAction(entry, module.onRun.action(args, controller));
    if (entry.result["changed"] === true) settle(entry, "changed");
  }
  overlay(on, entry);
}

// If the result is not registered, nobody sees what only it tells; nor, if no rescue may look at
// it, when a command ran, and finding out costs two processes on the host.
function leaveResultOut(
  entry: Entry,
  { isRegistered, isTimed }: { isRegistered: boolean; isTimed: boolean },
): void {
  if (!entry.change?.steps.some(({ timed, unregistered }) => timed || unregistered)) return;
  const steps = entry.change.steps.map(({ unregistered, timed, ...step }) => ({
    ...step,
    run: isRegistered ? step.run : (unregistered ?? step.run),
    ...defined({ timed: isTimed ? timed : undefined }),
  }));
  setChange(entry, { ...entry.change, steps });
}

// Whether an entry is a command whose only result is its exit code.
function isToldByCode({ around, task }: Invocation, { change }: Entry): boolean {
  if (change?.opaque !== true || change.silent || change.runner) return false;
  const isJudged = ["failed_when", "changed_when"].some((name) => keyword(around, name));
  return !isJudged && !["until", "retries"].some((name) => task.keywords.has(name));
}

/** A module's change, and the questions that it was planned from. */
interface Planned {
  change: Change<Record<string, Json>>;
  questions: readonly NamedProbe[];
}

// Takes a module's change into the entry.
function takeChange(
  item: Invocation,
  entry: Entry,
  { change, questions }: Planned,
  directory: string | undefined,
): void {
  const files = filesOf(change);
  showDiff(item, entry, change, files);
  if (isChecked(item)) return;
  setChange(
    entry,
    { ...change, files, steps: preparedSteps(item, change.steps, directory) },
    entry.probes.map(([probe, state], i) => [probe, state, answerIn(change.after, questions[i]!)]),
  );
}
