import type { UndefinedError } from "../../errors.ts";
import type { Block, Include, Item, Play, Playbook, Role, Task } from "../../playbook/play.ts";
import { handlersOf } from "../../playbook/visit.ts";
import { mapGet, type YamlNode } from "../../yaml/node.ts";
import { isSetAfterAll } from "../scope/flags.ts";
import type { Invocation as Invocation } from "../model/invocation.ts";
import type { Walk } from "../model/state.ts";

/** The names that a playbook sets, or "open" where what it sets cannot be told from its text. */
type Names = ReadonlySet<string> | "open";

const KNOWN = new WeakMap<Playbook, Names>();

/**
 * Tells whether a name is a slip for certain, though the task that uses it may never be done: nothing sets it anywhere, on any host, no
 * condition asks for it, and there is one that is nearly the same (others may be left to whoever runs the playbook: -e). Where what
 * the run sets is not known from its text, no name is.
 */
export function isSetNowhere(
  walk: Walk,
  item: Invocation,
  { variable: name, hint }: UndefinedError,
): boolean {
  if (
    hint === undefined ||
    name.startsWith("ansible_") ||
    walk.rescueDepth > 0 ||
    isSetAfterAll(item, "ignore_errors") ||
    walk.pass.added.length > 0
  )
    return false;
  const conditions = item.around.flatMap(({ keywords }) => textsOf(keywords.get("when")));
  if (conditions.some((text) => new RegExp(`\\b${name}\\b`).test(text))) return false;
  const { playbook } = walk.host;
  const names = KNOWN.get(playbook) ?? namesOf(playbook);
  KNOWN.set(playbook, names);
  return names !== "open" && !names.has(name) && !isOfInventory(walk, name);
}

// Tells whether a host of the inventory, or a task of this run, has a variable of a name.
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

/** What sets variables that its text does not name. */
const OPEN_MODULES = new Set([
  "include_vars",
  "add_host",
  "getent",
  "setup",
  "package_facts",
  "service_facts",
]);

// Gathers all names that a playbook sets.
function namesOf(playbook: Playbook): Names {
  const names = new Set<string>();
  const roles = new Set<Role>();
  let isOpen = false;
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
    add(item.vars);
    addRole(item.role);
    for (const text of namedBy(item)) names.add(text);
    if (item.kind === "task") isOpen ||= addTask(item, names);
    else if (item.kind === "block") partsOf(item).forEach(addItem);
    else isOpen ||= addInclude(item, addItem, addRole);
  };
  const addPlay = (play: Play): void => {
    add(play.vars);
    for (const { name } of play.prompts) names.add(name);
    play.roles.forEach(addRole);
    play.sections.forEach(({ items }) => items.forEach(addItem));
    handlersOf(play).forEach(addItem);
    isOpen ||= play.varsFiles.length > 0;
  };
  playbook.plays.forEach(addPlay);
  return isOpen ? "open" : names;
}

function partsOf({ block, rescue, always }: Block): Item[] {
  return [...block, ...rescue, ...always];
}

// Adds what a task sets by its arguments. Answers whether it may set more.
function addTask({ module, args }: Task, names: Set<string>): boolean {
  if (module.setsFacts === true) for (const { key } of args.entries) names.add(String(key.value));
  const isTemplated =
    module.setsFacts === true && args.entries.some(({ key }) => String(key.value).includes("{{"));
  return (
    isTemplated ||
    module.refusal !== undefined ||
    OPEN_MODULES.has(module.name) ||
    (module.setsFacts !== undefined && module.setsFacts !== true)
  );
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
