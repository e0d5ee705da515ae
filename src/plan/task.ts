import { InputError } from "../errors.ts";
import type { Common, Play, Task } from "../playbook/play.ts";
import { findUnknown, Unknown } from "../value.ts";
import { mapGet, type YamlNode } from "../yaml/node.ts";
import { planItem } from "./item.ts";
import { taskVariables } from "./scope.ts";
import { NotKnown } from "./signals.ts";
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
  for (const { item, name, label, layer } of turns(task, items, variables)) {
    const entry = planItem(walk, { task, around, variables: variables.with(layer), id: `${id}[${entries.length}]`, item: label });
    entry.result = { ...entry.result, [name]: item, ansible_loop_var: name };
    entries.push(entry);
    addEntry(walk, entry, play);
    includeVariables(walk, task, entry);
    registerFacts(walk, task, entry.unknown ?? entry.result);
    if (walk.ended) break;
  }
  return entries;
}

/** One turn of a loop: its item, under which name, what people call it, and the variables it brings. */
interface Turn {
  item: unknown;
  name: string;
  label: unknown;
  layer: Layer;
}

// The turns of a loop, as loop_control wants them.
export function* turns({ keywords }: Common, items: readonly unknown[], variables: Variables): Generator<Turn> {
  const control = keywords.get("loop_control");
  const name = textOf(control, "loop_var") ?? "item";
  const indexName = textOf(control, "index_var");
  for (const [index, item] of items.entries()) {
    const values = new Map<string, unknown>([[name, item], ["ansible_loop_var", name], ...(indexName ? [[indexName, index] as const] : [])]);
    yield { item, name, label: labelOf(control, variables.with({ values })) ?? item, layer: { values } };
  }
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
  if (task.module.name === "setup" && (result as { skipped?: unknown }).skipped !== true) walk.gathered = true;
  const made = result instanceof Unknown ? namedFacts(task, setsFacts, result) : ((result as { ansible_facts?: { [name: string]: unknown } }).ansible_facts ?? {});
  for (const [fact, value] of Object.entries(made)) {
    walk.registered.set(fact, value);
    if (setsFacts !== true) walk.madeFacts.set(fact.replace(/^ansible_(?!local$)/, ""), value);
  }
}

// The facts that a task will set once it can be done: until then they are not known.
function namedFacts(task: Task, names: true | readonly string[], unknown: Unknown): { [name: string]: unknown } {
  const known = names === true ? task.args.entries.map(({ key }) => String(key.value)) : names.map((name) => name.replace(/\{(\w+)\}/, (_, parameter: string) => textOf(task.args, parameter) ?? ""));
  return Object.fromEntries(known.map((name) => [name, unknown]));
}

// What people call an item of a loop.
function labelOf(control: YamlNode | undefined, variables: Variables): unknown {
  const node = control?.kind === "map" ? mapGet(control, "label") : undefined;
  const label = node && variables.render(node);
  if (findUnknown(label)) throw new NotKnown(findUnknown(label)!);
  return label;
}

function textOf(map: YamlNode | undefined, key: string): string | undefined {
  const node = map?.kind === "map" ? mapGet(map, key) : undefined;
  return node?.kind === "scalar" ? String(node.value) : undefined;
}
