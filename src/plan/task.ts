import { InputError } from "../errors.ts";
import { keywordBool } from "../playbook/nodes.ts";
import type { Common, Play, Task } from "../playbook/play.ts";
import { Unknown } from "../value.ts";
import { mapGet, type MapNode, type YamlNode } from "../yaml/node.ts";
import { planItem } from "./item.ts";
import { taskVariables } from "./scope.ts";
import { NotKnown } from "./signals.ts";
import { turns } from "./turns.ts";
import type { Layer, Variables } from "./variables.ts";
import type { Entry } from "./entry.ts";
import { addEntry } from "./notices.ts";
import type { Walk } from "./state.ts";

// Plans one task for the host: once, or once for each item of its loop.
export function walkTask(walk: Walk, play: Play, task: Task, around: readonly Common[], extra: readonly Layer[], suffix = ""): void {
  const id = task.id + walk.suffix + suffix;
  const variables = taskVariables(walk, around, extra);
  const items = loopItems(walk, task, id, variables);
  if (Array.isArray(items)) return registerResult(walk, task, loopResult(walkLoop(walk, play, task, around, variables, id, items)));
  const entry = planItem(walk, { task, around, variables, id, ...(items ? { stopped: items } : {}) });
  addEntry(walk, entry, play);
  includeVariables(walk, task, entry);
  registerResult(walk, task, entry.unknown ?? entry.result);
}

// Plans the items of a loop until one fails for good.
function walkLoop(walk: Walk, play: Play, task: Task, around: readonly Common[], variables: Variables, id: string, items: unknown[]): Entry[] {
  walk.loops.set(id, items);
  const entries: Entry[] = [];
  for (const { told, label, layer, pause } of turns(task, items, variables)) {
    const entry = planItem(walk, { task, around, variables: variables.with(layer), id: `${id}[${entries.length}]`, item: label, pause });
    entry.result = { ...entry.result, ...told };
    entries.push(entry);
    addEntry(walk, entry, play);
    includeVariables(walk, task, entry);
    registerFacts(walk, task, entry.unknown ?? entry.result);
    if (walk.ended) break;
  }
  return entries;
}

// The items of `loop`, or what stops it; undefined: the task has none. They stay as they were when the loop was begun.
export function loopItems(walk: Walk, task: Task, id: string, variables: Variables): unknown[] | Error | undefined {
  const word = [...task.keywords.keys()].find((key) => key === "loop" || key.startsWith("with_"));
  if (word === undefined) return undefined;
  const begun = walk.known.loops.get(id);
  if (begun) return begun;
  const node = task.keywords.get(word)!;
  try {
    const value = word === "loop" ? variables.render(node) : lookUp(word.slice("with_".length), node, variables);
    if (Array.isArray(value)) return value as unknown[];
    if (value instanceof Unknown) return new NotKnown(value);
    const given = typeof value === "object" ? "a mapping" : JSON.stringify(value);
    return new InputError(`loop takes a list, but this gives ${given}`, node.place, "for a mapping, loop over {{ x | dict2items }}");
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

// with_NAME is the lookup NAME over what is given.
function lookUp(name: string, node: YamlNode, variables: Variables): unknown {
  const given = variables.render(node);
  if (given instanceof Unknown) return given;
  const terms = new Map<string, unknown>([["loop_terms", Array.isArray(given) ? given : [given]]]);
  return variables.with({ values: terms }).evaluateText(`query('${name}', *loop_terms)`, node.place);
}

// What `register` of a loop sees.
function loopResult(entries: readonly Entry[]): { [key: string]: unknown } {
  const results = entries.map((entry) => entry.unknown ?? entry.result);
  const unknown = entries.find((entry) => entry.unknown)?.unknown;
  const any = (key: string): unknown => entries.some((entry) => entry.result[key] === true) || unknown || false;
  const skipped = entries.every((entry) => entry.result["skipped"] === true);
  return { results, changed: any("changed"), failed: any("failed"), ...(skipped ? { skipped } : {}), msg: "All items completed" };
}

// Keeps the variables that an entry read; while nobody knows which these are, no weaker variable is known.
function includeVariables(walk: Walk, task: Task, { variables, unknown }: Entry): void {
  if (task.module.variables && unknown) {
    walk.included.clear();
    walk.includes ??= unknown;
  }
  for (const [name, node] of variables ?? []) walk.included.set(name, node);
}

// Keeps a result for `register`, and the facts in it.
function registerResult(walk: Walk, task: Task, result: unknown): void {
  const name = task.keywords.get("register");
  if (name?.kind === "scalar") walk.registered.set(String(name.value), result);
  registerFacts(walk, task, result);
}

// Keeps the facts that a result brings; the next turn of a loop sees them already.
function registerFacts(walk: Walk, task: Task, result: unknown): void {
  const { setsFacts } = task.module;
  if (!setsFacts) return;
  const made = result instanceof Unknown ? namedFacts(task, setsFacts, result) : ((result as { ansible_facts?: { [name: string]: unknown } }).ansible_facts ?? {});
  for (const [fact, value] of Object.entries(made)) {
    if (setsFacts === true) walk.registered.set(fact, value);
    if (setsFacts !== true || isCacheable(task)) walk.madeFacts.set(fact, value);
  }
}

// The facts that a task will set once it can be done: until then they are not known.
function namedFacts(task: Task, names: true | readonly string[], unknown: Unknown): { [name: string]: unknown } {
  const known = names === true ? task.args.entries.map(({ key }) => String(key.value)) : names.map((name) => name.replace(/\{(\w+)\}/, (_, parameter: string) => textOf(task.args, parameter) ?? ""));
  return Object.fromEntries(known.map((name) => [name, unknown]));
}

// Tells whether set_fact makes a fact of the host beside the variable.
function isCacheable({ args }: Task): boolean {
  return keywordBool(mapGet(args, "cacheable")) === true;
}

function textOf(map: MapNode, key: string): string | undefined {
  const node = mapGet(map, key);
  return node?.kind === "scalar" ? String(node.value) : undefined;
}
