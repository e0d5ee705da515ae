import { factNames } from "../../modules/contract/module.ts";
import { noteGathered } from "../scope/facts.ts";
import { InputError, describeError } from "../../errors.ts";
import { keywordBool } from "../../playbook/nodes.ts";
import type { Common, Play, Task } from "../../playbook/play.ts";
import { Unknown } from "../../value.ts";
import { mapGet, type MapNode } from "../../yaml/node.ts";
import { newEntry } from "../entry/new-entry.ts";
import { noteDoubts } from "./doubt.ts";
import { slipOfHandlers } from "./deferred-handlers.ts";
import { planInvocation } from "./plan-task.ts";
import { withDelegatedVars } from "../scope/delegated-vars.ts";
import { noteGenerated } from "../model/pending-files.ts";
import { taskVariables } from "../scope/task-variables.ts";
import { NotKnown } from "../model/signals.ts";
import { eachLoopItem, type LoopTurns } from "./loop-items.ts";
import { lookUp } from "./loop-lookup.ts";
import type { Layer, Variables } from "../model/variables.ts";
import { endsPart, hasStatus, unknownOf, type Entry } from "../model/entry.ts";
import { fail, setResult, skip } from "../entry/write-entry.ts";
import { addEntry } from "../entry/notify.ts";
import { walkOf } from "../model/pass-walks.ts";
import type { Invocation } from "../model/invocation.ts";
import { keyword, returnFailure, type Walk } from "../model/state.ts";
import { isSet } from "../scope/flags.ts";
import { once } from "../entry/together.ts";
import { defined } from "../../defined.ts";
import { fromKeys } from "../../records.ts";

// Plans one task for the host: once, or once for each item of its loop. A task that runs once for
// all hosts is planned on the first one only.
export function walkTask(
  walk: Walk,
  play: Play,
  task: Task,
  around: readonly Common[],
  extra: readonly Layer[],
  suffix = "",
): void {
  const item = {
    task,
    around,
    variables: withDelegatedVars(walk, around, taskVariables(walk, around, extra)),
    id: task.id + walk.suffix + suffix,
  };
  const { result, isPlannedHere } = once(walk, item, () => planTask(walk, play, item));
  const name = task.keywords.get("register");
  if (name?.kind === "scalar") walk.registered.set(String(name.value), result.register);
  noteDoubts(walk, item, result.entries);
  walk.version++;
  if (!isPlannedHere && walk.rescueDepth > 0) returnFailure(walk, result.entries.find(endsPart));
  if (walk.failed && result.entries.includes(walk.failed))
    tellFailure(walk, walk.failed, result.register);
  if (!isPlannedHere) for (const entry of result.shared) takeResult(walk, task, entry);
}

/** What `register` sees of a task, and its entries. */
interface TaskResult {
  register: unknown;
  entries: Entry[];
  /** The entries whose facts all hosts get, where one does the task for them. */
  shared: Entry[];
}

// What failed, with all items of its loop, is known to the rescue that comes, and stays known.
export function tellFailure(walk: Walk, { task, module }: Entry, result: unknown): void {
  if (walk.rescueDepth === 0) return;
  walk.registered.set("ansible_failed_task", { name: task, action: module });
  walk.registered.set("ansible_failed_result", result);
  walk.version++;
}

// Plans a task or the items of its loop.
function planTask(walk: Walk, play: Play, item: Invocation): TaskResult {
  beginChance(walk, item.id);
  const loop = loopTurns(walk, item.task, item.id, item.variables);
  if (loop !== undefined && !(loop instanceof Error)) {
    const planned = walkLoop(walk, play, item, loop);
    const entries = planned.map(({ entry }) => entry);
    if (entries.length === 0) addEntry(walk, emptyLoop(walk, item), play);
    const shared = entries.filter((_entry, i) => !planned[i]!.isTheirs);
    return { register: loopResult(entries), entries, shared };
  }
  const one = planOne(walk, play, { ...item, ...defined({ stopped: loop ? loop : undefined }) });
  const { entry } = one;
  const register = unknownOf(entry) ?? entry.result;
  return { register, entries: [entry], shared: one.isTheirs ? [] : [entry] };
}

// The line of a task whose loop has no items: it is skipped, as in Ansible.
function emptyLoop(walk: Walk, item: Invocation): Entry {
  const entry = newEntry(walk, item);
  const skip_reason = "No items in the list";
  skip(entry, { changed: false, skipped: true, skip_reason });
  return entry;
}

/** An entry, and whether its facts are those of the host that it is delegated to alone. */
interface Planned {
  readonly entry: Entry;
  readonly isTheirs: boolean;
}

function sendsFacts(item: Invocation): boolean {
  return keyword(item.around, "delegate_to") !== undefined && isSet(item, "delegate_facts");
}

// Plans one entry; what it makes known is seen by the next.
function planOne(
  walk: Walk,
  play: Play,
  item: Invocation,
  resultKeys: { [key: string]: unknown } = {},
): Planned {
  beginChance(walk, item.id);
  const entry = planInvocation(walk, item);
  noteGenerated(walk, entry.task);
  setResult(entry, { ...entry.result, ...resultKeys });
  const isOpen = hasStatus(entry, "deferred") || entry.result["changed"] instanceof Unknown;
  const slip = isOpen ? slipOfHandlers(walk, play, item) : undefined;
  if (slip) fail(entry, describeError(slip));
  addEntry(walk, entry, play);
  const isDone = !hasStatus(entry, "failed") && !hasStatus(entry, "skipped");
  const isTheirs = isDone && sendsFacts(item);
  const facts = isTheirs && entry.on !== undefined ? walkOf(walk.pass, entry.on) : walk;
  takeResult(facts, item.task, entry);
  return { entry, isTheirs };
}

// Templates of a task find the same chance and time in every walk.
function beginChance({ host }: Walk, id: string): void {
  host.env.outside?.begin(`${host.name} ${id}`);
}

// Keeps the variables and facts that an entry brings.
function takeResult(walk: Walk, task: Task, entry: Entry): void {
  includeVariables(walk, task, entry);
  registerFacts(walk, task, unknownOf(entry) ?? entry.result, isCacheable(task, entry));
}

// The facts that set_fact made for another host: the loop's next items see them
// all the same, as in Ansible.
function factsSentBy(entry: Entry): [string, unknown][] {
  if (entry.on === undefined || entry.module !== "set_fact") return [];
  const unknown = unknownOf(entry);
  if (unknown) return Object.keys(entry.args as object).map((name) => [name, unknown]);
  return Object.entries((entry.result["ansible_facts"] ?? {}) as { [name: string]: unknown });
}

// Plans the items of a loop until one fails for good.
function walkLoop(
  walk: Walk,
  play: Play,
  { task, around, variables, id }: Invocation,
  loop: LoopTurns,
): Planned[] {
  const planned: Planned[] = [];
  const name = task.keywords.get("register");
  const registered = name?.kind === "scalar" ? String(name.value) : undefined;
  // what an item leaves to those after it: facts for other hosts, and what it registered
  const sent = new Map<string, unknown>();
  while (planned.length < loop.length) {
    const seen: Layer = { values: new Map(sent) };
    const { resultKeys, label, layer, pause, stopped } = loop.at(planned.length, seen, registered);
    const one = planOne(
      walk,
      play,
      {
        task,
        around,
        variables: withDelegatedVars(walk, around, variables.with(seen, layer), loop),
        id: `${id}[${planned.length}]`,
        item: label,
        pause,
        ...defined({ stopped: stopped ? stopped : undefined }),
      },
      resultKeys,
    );
    const { entry } = one;
    planned.push(one);
    for (const [name, value] of factsSentBy(entry)) sent.set(name, value);
    if (registered !== undefined) sent.set(registered, unknownOf(entry) ?? entry.result);
    if (walk.ended || walk.stopped !== undefined) break;
  }
  return planned;
}

// The turns of a task's loop, or what stops it; undefined: the task has none.
export function loopTurns(
  walk: Walk,
  task: Task,
  id: string,
  variables: Variables,
): LoopTurns | Error | undefined {
  try {
    const items = loopItems(walk, task, id, variables);
    if (!items) return undefined;
    walk.loops.set(id, items);
    return eachLoopItem(task, items, variables);
  } catch (error) {
    if (error instanceof InputError || error instanceof NotKnown) return error;
    throw error;
  }
}

// The items of `loop`; undefined: the task has none. They stay as they were
// when the loop was begun.
function loopItems(
  walk: Walk,
  task: Task,
  id: string,
  variables: Variables,
): unknown[] | undefined {
  const word = [...task.keywords.keys()].find((key) => key === "loop" || key.startsWith("with_"));
  if (word === undefined) return undefined;
  const begun = walk.known.loops.get(id);
  if (begun) return begun;
  const node = task.keywords.get(word)!;
  const value =
    word === "loop"
      ? variables.renderData(node)
      : lookUp(word.slice("with_".length), node, variables, task.action);
  if (Array.isArray(value)) return value as unknown[];
  if (value instanceof Unknown) throw new NotKnown(value);
  const given = typeof value === "object" ? "a mapping" : JSON.stringify(value);
  throw new InputError(
    `loop takes a list, but this gives ${given}`,
    node.place,
    "for a mapping, loop over {{ x | dict2items }}",
  );
}

// What `register` of a loop sees; warnings of its items are those of the loop, as in Ansible.
function loopResult(entries: readonly Entry[]): { [key: string]: unknown } {
  const results = entries.map((entry) => unknownOf(entry) ?? withoutWarnings(entry.result));
  const warnings = entries.flatMap(({ result }) => (result["warnings"] as unknown[]) ?? []);
  const unknown = entries.map(unknownOf).find((one) => one !== undefined);
  const any = (key: string): unknown =>
    entries.some((entry) => entry.result[key] === true) || unknown || false;
  const skipped = entries.every((entry) => entry.result["skipped"] === true);
  if (entries.length === 0)
    return {
      results,
      changed: false,
      skipped,
      skipped_reason: "No items in the list",
    };
  const done = skipped ? "All items skipped" : "All items completed";
  const failed = any("failed");
  const msg = failed === true ? "One or more items failed" : done;
  return {
    results,
    changed: any("changed"),
    skipped,
    ...defined({
      failed: failed === false ? undefined : failed,
      warnings: warnings.length > 0 ? warnings : undefined,
    }),
    msg,
  };
}

// The result of one item as `results` of its loop has it.
function withoutWarnings({ warnings: _warnings, ...result }: Entry["result"]): Entry["result"] {
  return result;
}

// Records the variables that an entry read; while they are not known, no weaker variable is known.
function includeVariables(walk: Walk, task: Task, entry: Entry): void {
  const unknown = unknownOf(entry);
  if (task.module.onController?.kind === "variables" && unknown) {
    walk.included.clear();
    walk.includes ??= unknown;
  }
  for (const [name, node] of entry.variables) walk.included.set(name, node);
}

// Keeps the facts that a result brings; the next turn of a loop sees them already.
function registerFacts(walk: Walk, task: Task, result: unknown, isKept: boolean): void {
  const names = factNames(task.module);
  if (names === undefined) return;
  walk.version++;
  if (task.module.name === "setup" && (result as { skipped?: unknown }).skipped !== true)
    noteGathered(walk);
  const made =
    result instanceof Unknown
      ? namedFacts(task, names, result)
      : ((result as { ansible_facts?: { [name: string]: unknown } }).ansible_facts ?? {});
  for (const [fact, value] of Object.entries(made)) {
    if (names === "parameters") walk.registered.set(fact, value);
    if (names !== "parameters" || isKept) walk.madeFacts.set(fact, value);
  }
}

// The facts that a task will set once it can run: until then they are unknown. If a name is
// unknown too, there is no fact.
function namedFacts(
  task: Task,
  names: "parameters" | readonly string[],
  unknown: Unknown,
): { [name: string]: unknown } {
  const known =
    names === "parameters"
      ? task.args.entries.map(({ key }) => String(key.value))
      : names.map((name) =>
          name.replace(/\{(\w+)\}/, (_, parameter: string) => textOf(task.args, parameter) ?? ""),
        );
  return fromKeys(known, () => unknown);
}

// Whether set_fact makes a fact of the host beside the variable.
function isCacheable({ args }: Task, entry: Entry): boolean {
  const read = entry.args as { cacheable?: unknown } | undefined;
  return (read?.cacheable ?? keywordBool(mapGet(args, "cacheable"))) === true;
}

function textOf(map: MapNode, key: string): string | undefined {
  const node = mapGet(map, key);
  return node?.kind === "scalar" ? String(node.value) : undefined;
}
