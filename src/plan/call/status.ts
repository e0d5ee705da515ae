import {
  ArgumentError,
  ConditionFailure,
  InputError,
  JudgedFailure,
  TaskFailure,
  UnsupportedError,
} from "../../errors.ts";
import { isAsync } from "../../playbook/keywords/async.ts";
import { nodesOf } from "../../playbook/nodes.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { Unknown } from "../../value.ts";
import type { Entry, Outcome } from "../model/entry.ts";
import { setChange, setResult, settle, skip } from "../entry/write-entry.ts";
import { inAnsibleWords } from "./ansible-words.ts";
import { controllerFor } from "./controller.ts";
import type { StepOutput } from "../../modules/contract/module.ts";
import { notRun, withoutPlace } from "../../script/exec.ts";
import { path, type PathArg } from "../../probes/files/path.ts";
import type { Invocation } from "../model/invocation.ts";
import { holds, textOf } from "../scope/conditions.ts";
import { overtime } from "./time-limit.ts";
import { keyword, type Walk } from "../model/state.ts";
import { defined } from "../../defined.ts";
import { canonical } from "../../canonical.ts";

/** What a module answered, and whether it says of itself that it changed or failed. */
interface Told {
  result: { [key: string]: unknown };
  changed: boolean;
  failure?: TaskFailure;
}

// Decides ok, changed or failed from the module's word, changed_when and failed_when.
export function decideStatus(item: Invocation, entry: Entry, told: Told): void {
  settle(entry, told.changed ? "changed" : "ok");
  const result: Told["result"] = {
    changed: told.changed,
    failed: told.failure !== undefined,
    ...defined({ msg: told.failure ? told.failure.message : undefined }),
    ...told.result,
  };
  setResult(entry, result);
  if (result["skipped"] === true && !told.changed) skip(entry, result);
  else if (result["skipped"] === true) {
    // it is the state after the change that says so
    delete result["skipped"];
    delete result["msg"];
  }
  if (item.task.keywords.has("until")) result["attempts"] ??= new Unknown("its until");
  if (isAsync(item.task, (node) => item.variables.render(node)))
    Object.assign(result, { started: 1, finished: 1 });
  const changed = judged(item, result, "changed_when");
  if (changed !== undefined) {
    result["changed"] = changed;
    if (!(changed instanceof Unknown)) settle(entry, changed ? "changed" : "ok");
    if (changed === false && entry.change)
      setChange(entry, { ...entry.change, silent: true, opaque: true });
  }
  const failed = judged(item, result, "failed_when");
  if (failed !== undefined) result["failed_when_result"] = failed;
  if (failed === undefined ? told.failure : failed === true) {
    result["failed"] = true;
    // what acts on the run is not done then
    if (item.task.module.onRun && changed === undefined) result["changed"] = false;
    const { failure } = told;
    if (failure === undefined) throw new ConditionFailure("its failed_when condition is true");
    throw new JudgedFailure(failure.message, failure.hint, failure.result);
  }
  result["failed"] = failed ?? false;
}

// What stopped the planning of a task, once `failed_when` has been asked; undefined: it says that
// this is no failure. It is asked about what a module says, and about files of this machine that
// are missing, as in Ansible; so is `changed_when`.
export function judgeFailure(
  item: Invocation,
  entry: Entry,
  error: TaskFailure | InputError,
): Error | undefined {
  const isAsked = ["failed_when", "changed_when"].some((name) => keyword(item.around, name));
  if (!isOfModule(error) || !isAsked) return error;
  const failure =
    error instanceof TaskFailure
      ? error
      : new TaskFailure(error.message, error.hint, { msg: inAnsibleWords(error.message) });
  try {
    decideStatus(item, entry, { result: { ...failure.result }, changed: false, failure });
    return undefined;
  } catch (judged) {
    const isSame = judged instanceof JudgedFailure || !keyword(item.around, "failed_when");
    return isSame ? error : (judged as Error);
  }
}

// Whether an error is a module's own, as which `failed_when` may see it.
function isOfModule(error: TaskFailure | InputError): boolean {
  if (error instanceof JudgedFailure) return false;
  if (error instanceof TaskFailure || error instanceof ArgumentError) return true;
  return error.missing !== undefined && !(error instanceof UnsupportedError);
}

// The value of changed_when or failed_when; undefined: the task has none.
function judged(
  { around, variables, task }: Invocation,
  result: Told["result"],
  name: "changed_when" | "failed_when",
): boolean | Unknown | undefined {
  const node = keyword(around, name);
  if (!node) return undefined;
  const register = task.keywords.get("register");
  const values = new Map<string, unknown>(
    register?.kind === "scalar" ? [[String(register.value), result]] : [],
  );
  try {
    return holds(variables.with({ values }), nodesOf(node));
  } catch (error) {
    if (!(error instanceof InputError || error instanceof TaskFailure)) throw error;
    result["failed"] = true;
    result[`${name}_result`] = conditionWords(error.message, nodesOf(node)[0]);
    throw error;
  }
}

// What Ansible registers where a condition cannot be evaluated.
function conditionWords(message: string, condition: YamlNode | undefined): string {
  const text = condition ? textOf(condition) : "";
  return `The conditional check '${text}' failed. The error was: error while evaluating conditional (${text}): ${message}`;
}

// How the failure of a command with a non-zero exit code is described: its last words say most.
export function commandFailure(output: StepOutput): TaskFailure {
  const refused = notRun(output);
  if (refused) return new TaskFailure(refused.message, refused.hint);
  const { code, stdout, stderr } = output;
  const words = (stderr.trim() || stdout.trim()).split("\n").slice(-15).join("\n");
  const shown = code === 1 ? words : `${words}\n(code ${code})`; // 1 says nothing that the words do not
  return new TaskFailure(words === "" ? `ended with code ${code}` : shown, hintOf(words));
}

/** Words of the system that mean the same on every host, and how to fix them. */
const HINTS: readonly [words: RegExp, hint: string][] = [
  [
    /No space left on device|Disk quota exceeded/,
    "free some space on that file system, then run again: finished changes stay",
  ],
  [
    /Read-only file system/,
    "the file system is mounted read-only: use mount -o remount,rw, and look for the reason in dmesg",
  ],
  [
    /Operation not permitted|Permission denied/,
    "is become: true missing, or is the file immutable (lsattr)?",
  ],
  [
    /command not found|^(\S*sh: )?(line )?(\d+: )?\S+: not found/m,
    "the program does not exist on the host, or not in its PATH",
  ],
];

function hintOf(words: string): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(words))?.[1];
}

// Why an entry failed: the program's own word for it, else the last words of
// the step that ended it.
export function outcomeFailure({ message, hint, outputs }: Outcome, entry?: Entry): TaskFailure {
  const last = outputs.at(-1);
  if (message !== undefined || !last) return new TaskFailure(message ?? "failed", hint);
  const isUsers = entry?.change?.steps.some(({ asLogin }) => asLogin) === true;
  const stderr = isUsers ? last.stderr : namePaths(withoutPlace(last.stderr), entry);
  return commandFailure({ ...last, stderr });
}

// Files are first written under temporary names in a private directory; messages about them name
// the path that they are for.
function namePaths(words: string, entry: Entry | undefined): string {
  const changed = (entry?.probes ?? []).find(
    ([probe, before, after]) =>
      probe.kind.name === path.name && canonical(before) !== canonical(after),
  );
  if (!changed || entry?.change?.opaque) return words;
  const name = (changed[0].arg as unknown as PathArg).path;
  return words.replace(
    /^[\w./-]+: (?:(?:error|cannot|can't|failed|unable)[^:\n]*'\.\/[^'\n]*'[^:\n]*|write error): /gm,
    `cannot write ${name}: `,
  );
}

// Takes what became of an entry that ran into what the plan knows of it.
export function concludeOutcome(
  walk: Walk,
  item: Invocation,
  entry: Entry,
  { outcome, runs = 1 }: { outcome: Outcome; runs?: number },
): void {
  const controller = controllerFor(walk, item.task, item.variables, entry.identity.user);
  const last = outcome.outputs.at(-1);
  const isFailed = outcome.status === "failed";
  const late = isFailed ? overtime(item, last) : undefined;
  if (late) {
    setResult(entry, {}); // nothing that was planned of it is registered
    throw late;
  }
  const failure = isFailed ? outcomeFailure(outcome, entry) : undefined;
  const wasRun = isUsersOwn(entry) && !(last && notRun(last));
  const ran = outcome.status === "done" || (outcome.status === "failed" && wasRun);
  const changed = ran && !entry.change?.silent;
  const outputs = outcome.outputs.length > 0 ? outcome.outputs : undefined;
  const result = {
    ...withoutUnknown(entry.change?.result),
    ...item.task.module.result(entry.args, entry.change?.after ?? {}, outputs, controller),
    ...(item.task.keywords.has("until") && { attempts: runs }),
  };
  decideStatus(item, entry, {
    result,
    changed,
    ...defined({ failure: failure ? failure : undefined }),
  });
}

// Whether a task ran what its user wrote: that counts as a change also where it failed, which of
// modules only what was done does.
function isUsersOwn({ change }: Entry): boolean {
  return change?.opaque === true && change.steps.some(({ asLogin }) => asLogin === true);
}

// What a change says of its result, without what was to be known once it was done, which
// the module tells by then.
function withoutUnknown(result: Entry["result"] = {}): Entry["result"] {
  return Object.fromEntries(
    Object.entries(result).filter(([, value]) => !(value instanceof Unknown)),
  );
}
