import { factNames } from "../../modules/contract/module.ts";
import { InputError, UndefinedError } from "../../errors.ts";
import {
  hasTemplate,
  namesNeeded,
  type Environment,
  type NeededName,
} from "../../jinja/template.ts";
import { nodesOf } from "../../playbook/nodes.ts";
import type { Block, Include, Item, Play, Playbook, Role, Task } from "../../playbook/play.ts";
import { handlersOf } from "../../playbook/visit.ts";
import { mapGet, type ScalarNode, type YamlNode } from "../../yaml/node.ts";
import { perObject } from "../../remember.ts";
import { isSetAfterAll } from "../scope/flags.ts";
import { isGiven } from "../scope/task-variables.ts";
import type { Invocation as Invocation } from "../model/invocation.ts";
import { NotAsked } from "../model/signals.ts";
import type { Walk } from "../model/state.ts";
import { didYouMean } from "../../suggest.ts";
import { neededByFile } from "./template-names.ts";
import { insteadOf } from "../../instead-of.ts";

/** The names that a playbook sets. */
interface Names {
  set: ReadonlySet<string>;
  /** The place of each item in the order in which they are walked, by its id. */
  order: ReadonlyMap<string, number>;
  /**
   * The position of the first element whose effect on names cannot be determined from its text:
   * after it, any name may be set.
   */
  openFrom: number;
}

/**
 * Conditions that are only evaluated once a task has run: apply would find a
 * mistake in them after a change.
 */
const BEHIND_RESULT = ["until", "failed_when", "changed_when"];

/** Keywords that are rendered before a task is done. */
const RENDERED = ["environment", "become", "become_user", "notify", "delegate_to", "no_log"];

/**
 * A name that a task needs and that nothing sets, though it is not known yet whether the task is
 * done, or with what: it would be found in the middle of apply.
 */
export function undefinedSlip(walk: Walk, item: Invocation): UndefinedError | undefined {
  return firstSlip(walk, item, neededBy(walk, item));
}

/** The same for the file of a template; while it has not been read, that it is wanted. */
export function slipInFile(walk: Walk, item: Invocation): UndefinedError | NotAsked | undefined {
  const needed = neededByFile(walk, item);
  return needed instanceof NotAsked ? needed : firstSlip(walk, item, needed);
}

/** A name that nothing sets, in a condition that is read only once the task has run. */
export function slipBehindResult(walk: Walk, item: Invocation): UndefinedError | undefined {
  return firstSlip(walk, item, neededBehind(walk, item));
}

// What the conditions need that are read only once the task has run.
export function neededBehind({ host }: Walk, { task }: Invocation): NeededName[] {
  return BEHIND_RESULT.flatMap((word) =>
    nodesOf(task.keywords.get(word)).flatMap((node) =>
      node.kind === "scalar" ? namesOf(node, host.env, true) : [],
    ),
  );
}

// The first of the needed names that is a slip.
function firstSlip(
  walk: Walk,
  item: Invocation,
  needed: Iterable<NeededName>,
): UndefinedError | undefined {
  const seen = new Set<string>();
  for (const { name, place } of needed) {
    const slip = slipOf(walk, item, { name, place }, seen);
    if (slip) return slip;
  }
  return undefined;
}

// What a task needs: in its conditions, its loop, its arguments and keywords.
export function* neededBy(
  { host }: Walk,
  { task, around, needs = [] }: Invocation,
): Iterable<NeededName> {
  const needed = (node: YamlNode | undefined, isExpression = false): NeededName[] =>
    node ? scalarsOf(node).flatMap((part) => namesOf(part, host.env, isExpression)) : [];
  for (const { keywords } of around)
    for (const condition of nodesOf(keywords.get("when"))) yield* needed(condition, true);
  for (const [word, node] of task.keywords)
    if (word === "loop" || (word.startsWith("with_") && word !== "with_first_found"))
      yield* needed(node);
  for (const node of needs) yield* needed(node);
  for (const { keywords } of around) for (const word of RENDERED) yield* needed(keywords.get(word));
  for (const { key, value } of task.args.entries) {
    const argument = task.module.schema.arguments[String(key.value)];
    const isExpression = argument?.type === "expression" || argument?.expression === true;
    if (!isExpression) yield* needed(value);
    else if (task.module.name === "assert") yield* needed(value, true);
  }
}

// The slip that a needed name is, or one of those that its own value needs.
function slipOf(
  walk: Walk,
  item: Invocation,
  { name, place }: NeededName,
  seen: Set<string>,
): UndefinedError | undefined {
  if (seen.has(name) || isGiven(walk.host.env, name)) return undefined;
  seen.add(name);
  const node = item.variables.node(name);
  if (node) {
    const inside = scalarsOf(node).flatMap((part) => namesOf(part, walk.host.env, false));
    for (const needed of inside) {
      const slip = slipOf(walk, item, needed, seen);
      if (slip) return slip;
    }
    return undefined;
  }
  if (isKnown(walk, item, name) || !isSetNowhere(walk, item, name)) return undefined;
  return new UndefinedError(
    name,
    `'${name}' is undefined`,
    place,
    didYouMean(name, [...item.variables.names(), ...item.variables.given]) ?? howToSet(name),
  );
}

// The hint if nothing sets a name, and no name is similar.
export function howToSet(name: string): string {
  return `nothing sets it: give it a value in vars, in the inventory or with -e ${name}=...`;
}

// Whether a name has a value, or may have one.
function isKnown({ brings }: Walk, { variables }: Invocation, name: string): boolean {
  try {
    const value = variables.lookup(name);
    return value !== undefined && value !== brings;
  } catch {
    return true; // what stops it is no missing name
  }
}

// All scalars in a value.
export function scalarsOf(node: YamlNode): ScalarNode[] {
  if (node.kind === "scalar") return [node];
  return node.kind === "seq"
    ? node.items.flatMap(scalarsOf)
    : node.entries.flatMap(({ value }) => scalarsOf(value));
}

// The names that a text needs.
export function namesOf(node: ScalarNode, env: Environment, isExpression: boolean): NeededName[] {
  const { value, tag } = node;
  if (typeof value !== "string" || tag === "!unsafe" || tag === "!vault") return [];
  if (!isExpression && !hasTemplate(value)) return [];
  // it is told where it is rendered
  return insteadOf([InputError], [], () => namesNeeded(value, node, env, isExpression));
}

/**
 * Whether a name is a slip for certain, though the task that uses it may never be done: nothing
 * sets it anywhere, on any host, and no condition asks for it. Behind an item of which is not known
 * from its text what it sets, no name is.
 */
export function isSetNowhere(walk: Walk, item: Invocation, name: string): boolean {
  if (
    isGiven(walk.host.env, name) ||
    walk.rescueDepth > 0 ||
    isSetAfterAll(item, "ignore_errors") ||
    walk.pass.added.length > 0
  )
    return false;
  const conditions = item.around.flatMap(({ keywords }) =>
    ["when", ...BEHIND_RESULT].flatMap((word) => textsOf(keywords.get(word))),
  );
  if (conditions.some((text) => asksFor(text, name))) return false;
  const { playbook } = walk.host;
  const names = namesSetBy(playbook);
  const at = names.order.get(item.task.id) ?? Infinity;
  return at <= names.openFrom && !names.set.has(name) && !isOfInventory(walk, name);
}

// Whether a condition tests if a name is defined.
function asksFor(text: string, name: string): boolean {
  return (
    new RegExp(`\\b${name}\\b[^,()]*(\\bis\\s|\\|)`).test(text) ||
    new RegExp(`['"]${name}['"]`).test(text)
  );
}

// Whether a host of the inventory, or a task of this run, has a variable of a name.
function isOfInventory({ pass: { view, walks } }: Walk, name: string): boolean {
  const isMade = [...walks.values()].some(
    ({ registered, madeFacts }) => registered.has(name) || madeFacts.has(name),
  );
  return isMade || [...view.hosts].some((host) => view.variables(host).nodes?.has(name) === true);
}

// All texts in a value.
function textsOf(node: YamlNode | undefined): string[] {
  if (!node) return [];
  if (node.kind === "scalar") return [String(node.value)];
  return node.kind === "seq"
    ? node.items.flatMap(textsOf)
    : node.entries.flatMap(({ value }) => textsOf(value));
}

// Gathers all names that a playbook sets.
const namesSetBy = perObject((playbook: Playbook): Names => {
  const names = new Set<string>();
  const roles = new Set<Role>();
  const order = new Map<string, number>();
  let openFrom = Infinity;
  const add = (nodes: ReadonlyMap<string, unknown>): void => {
    for (const key of nodes.keys()) names.add(key);
  };
  const addRole = (role: Role | undefined): void => {
    if (!role || roles.has(role)) return;
    roles.add(role);
    for (const nodes of [role.defaults, role.vars, role.given, role.params]) add(nodes);
    for (const other of [...role.parents, ...role.dependencies]) addRole(other);
  };
  const addItem = (item: Item): void => {
    const at = order.size;
    order.set(item.id, at);
    add(item.vars);
    addRole(item.role);
    for (const text of namedBy(item)) names.add(text);
    if (item.kind === "block") return partsOf(item).forEach(addItem);
    const isOpen = item.kind === "task" ? addTask(item, names) : addInclude(item, addItem, addRole);
    if (isOpen) openFrom = Math.min(openFrom, at);
  };
  const addPlay = (play: Play): void => {
    add(play.vars);
    for (const { name } of play.prompts) names.add(name);
    play.roles.forEach(addRole);
    const begin = order.size;
    play.sections.forEach(({ items }) => items.forEach(addItem));
    const end = order.size;
    handlersOf(play).forEach(addItem);
    // handlers run between the tasks of their play
    if (openFrom >= end && openFrom < Infinity) openFrom = begin - 1;
  };
  playbook.plays.forEach(addPlay);
  return { set: names, order, openFrom };
});

function partsOf({ block, rescue, always }: Block): Item[] {
  return [...block, ...rescue, ...always];
}

// Adds what a task sets by its arguments. Answers whether it may set more. Files of variables are
// read where the walk comes by them.
function addTask({ module, args, refusal }: Task, names: Set<string>): boolean {
  const facts = factNames(module);
  if (refusal !== undefined) return true;
  if (facts === "parameters" || module.name === "add_host")
    for (const { key } of args.entries) names.add(String(key.value));
  if (facts === "parameters") return args.entries.some(({ key }) => hasTemplate(String(key.value)));
  if (facts === undefined) return false;
  for (const name of facts)
    names.add(
      name.replace(
        /\{(\w+)\}/,
        (_, parameter: string) => textsOf(mapGet(args, parameter))[0] ?? "",
      ),
    );
  return [...names].some(hasTemplate);
}

// Adds what an include brings. Answers whether it may bring more.
function addInclude(
  { known }: Include,
  addItem: (item: Item) => void,
  addRole: (role: Role | undefined) => void,
): boolean {
  if (!known) return true;
  known.items.forEach(addItem);
  known.handlers.forEach(addItem);
  [...known.roles, known.role].forEach(addRole);
  return false;
}

// The names under which a task keeps its result, and the items of its loop.
function namedBy({ keywords }: Item): string[] {
  const control = keywords.get("loop_control");
  const parts =
    control?.kind === "map" ? [mapGet(control, "loop_var"), mapGet(control, "index_var")] : [];
  return [keywords.get("register"), ...parts].flatMap(textsOf);
}
