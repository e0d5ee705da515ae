import { InputError, type Place } from "../errors.ts";
import { findModule, moduleNames, type AnyModule } from "../modules/index.ts";
import { kindName, mapGet, type MapEntry, type MapNode, type ScalarNode, type Warn, type YamlNode } from "../yaml/node.ts";
import { checkArguments, freeFormArguments, parameterNames } from "./arguments.ts";
import { checkArgumentTemplates, checkKeywords } from "./check-templates.ts";
import { checkKeyword, isLoopWord, KEYWORDS, type KeywordOwner } from "./keywords.ts";
import { moduleMend } from "./mends.ts";
import { wordsOf } from "./nodes.ts";
import type { Block, Common, Include, Item, Role, Task } from "./play.ts";

/** Finds and reads other files that a playbook names. `read` throws InputError with the place that named them. */
export interface PlaybookFiles {
  read(path: string, from: Place): string;
  find(name: string, where: "vars" | "tasks" | "roles", searchPath: readonly string[]): string | undefined;
}

/** Keys of tasks that stand for other tasks. */
export const INCLUDES: ReadonlySet<string> = new Set(["include_tasks", "import_tasks", "include_role", "import_role"].flatMap((word) => [word, `ansible.builtin.${word}`]));

/** Where the reader stands. */
export interface Loading {
  files: PlaybookFiles;
  warn: Warn;
  /** Folders in which files are looked for, nearest first. */
  searchPath: readonly string[];
  /** Files that are being read, to find those that include themselves. */
  stack: readonly string[];
  /** The role that is being read. */
  role?: Role;
  /** Handlers that roles bring to the play. */
  handlers: Task[];
  /** Roles of the play that were read, by path and parameters: a dependency is done once. */
  roles: Map<string, Role>;
  /** Reads an include; `tags` are those of what is around it. */
  include(entry: MapEntry, common: Common, tags: readonly string[], loading: Loading): Include | Block;
}

// Reads a list of tasks, blocks and includes.
export function loadItems(node: YamlNode | undefined, id: string, tags: readonly string[], loading: Loading): Item[] {
  if (!node || (node.kind === "scalar" && node.value === null)) return [];
  if (node.kind !== "seq") throw new InputError(`expected a list of tasks, but this is ${kindName(node)}`, node.place, "begin each task with a dash");
  return node.items.map((item, i) => loadItem(item, `${id}/${i}`, tags, loading));
}

// Reads a task, a block where there is the key, or an include.
function loadItem(node: YamlNode, id: string, tags: readonly string[], loading: Loading): Item {
  const map = wantMap(node, "a task");
  if (!["block", "rescue", "always"].some((key) => mapGet(map, key))) return loadTask(map, id, tags, loading);
  const common = loadCommon("block", map, id, tags, loading);
  if (!mapGet(map, "block")) throw new InputError('"rescue" and "always" belong to a "block"', map.place, "add block: with the tasks that may fail");
  const part = (name: "block" | "rescue" | "always"): Item[] => loadItems(mapGet(map, name), `${id}/${name}`, common.tags, loading);
  return { kind: "block", ...common, block: part("block"), rescue: part("rescue"), always: part("always") };
}

// Reads one task: the one key that is no keyword names the module, or says what to include.
function loadTask(map: MapNode, id: string, tags: readonly string[], loading: Loading): Item {
  const candidates = map.entries.filter(({ key }) => !Object.hasOwn(KEYWORDS.task, String(key.value)) && !isLoopWord(key.value));
  const named = candidates.filter(({ key }) => findModule(String(key.value)) ?? INCLUDES.has(String(key.value)));
  const entry = named[0] ?? candidates[0];
  if (!entry) throw new InputError("this task names no module", map.place, "add one, such as: copy: {src: a, dest: /b}");
  const keywords = { ...map, entries: map.entries.filter((other) => other !== entry) };
  if (INCLUDES.has(String(entry.key.value))) return loading.include(entry, loadCommon("task", keywords, id, tags, loading), tags, loading);
  const module = findModule(String(entry.key.value));
  if (!module) throw unknownModule(entry, candidates);
  if (named[1]) throw new InputError(`this task names two modules, "${String(named[0]!.key.value)}" and "${String(named[1].key.value)}"`, named[1].key.place, "make it two tasks, each with its own dash");
  refuseParameters(keywords, module);
  refuseSecondLoop(keywords);
  const common = loadCommon("task", keywords, id, tags, loading);
  const args = checkArguments(module.schema, module.name, argumentsOf(entry, module, keywords), entry.key.place);
  checkArgumentTemplates(module.schema, args);
  return { kind: "task", ...common, module, action: String(entry.key.value), args };
}

// Which of two loops is meant, nobody knows.
function refuseSecondLoop({ entries }: MapNode): void {
  const [first, second] = entries.filter(({ key }) => key.value === "loop" || isLoopWord(key.value));
  if (first && second) throw new InputError(`this task has two loops, "${String(first.key.value)}" and "${String(second.key.value)}"`, second.key.place, "remove one of them; for every pair of two lists, loop over {{ a | product(b) | list }}");
}

// A parameter of the task's module among the keywords stands in the wrong column.
function refuseParameters(keywords: MapNode, { schema, name }: AnyModule): void {
  const names = parameterNames(schema.arguments);
  const found = keywords.entries.find(({ key }) => !Object.hasOwn(KEYWORDS.task, String(key.value)) && names.has(String(key.value)));
  if (found) throw new InputError(`"${String(found.key.value)}" is no keyword of a task, but a parameter of "${name}"`, found.key.place, `indent it below "${name}"`);
}

// A key that is neither keyword nor module: says the nearest of both.
function unknownModule(entry: MapEntry, candidates: MapEntry[]): InputError {
  const name = String(entry.key.value);
  const what = candidates.length > 1 ? `"${name}" is neither a keyword of a task nor a module` : `unknown module "${name}"`;
  const mend = Object.hasOwn(KEYWORDS.play, name) ? "this looks like a playbook; use import_playbook, on the level of plays" : moduleMend(name, [...Object.keys(KEYWORDS.task), ...INCLUDES]);
  return new InputError(what, entry.key.place, mend);
}

// Joins a module's own value with the task's `args:`.
function argumentsOf(entry: MapEntry, module: AnyModule, task: MapNode): MapNode {
  const own = freeFormArguments(module.schema, module.name, entry);
  const extra = mapGet(task, "args");
  return extra?.kind === "map" ? { ...own, entries: [...extra.entries.filter(({ key }) => !mapGet(own, String(key.value))), ...own.entries] } : own;
}

// Reads what plays, blocks and tasks share, and refuses keywords that they do not have.
export function loadCommon(owner: KeywordOwner, map: MapNode, id: string, tags: readonly string[], loading: Loading): Common {
  for (const entry of map.entries) checkKeyword(owner, entry, owner === "task" ? moduleNames() : []);
  checkKeywords(map);
  const name = mapGet(map, "name") as ScalarNode | undefined;
  const own = wordsOf(mapGet(map, "tags")).flatMap((word) => word.split(",").map((tag) => tag.trim()));
  return {
    id, place: map.place, searchPath: loading.searchPath, ...(name ? { name } : {}), ...(loading.role ? { role: loading.role } : {}),
    keywords: new Map(map.entries.map(({ key, value }) => [String(key.value), value])),
    vars: mapOf(mapGet(map, "vars")), tags: [...new Set([...tags, ...own])],
  };
}

// The entries of a mapping by their keys.
export function mapOf(node: YamlNode | undefined): ReadonlyMap<string, YamlNode> {
  return new Map(node?.kind === "map" ? node.entries.map(({ key, value }) => [String(key.value), value]) : []);
}

// Refuses what is no mapping.
export function wantMap(node: YamlNode, what: string): MapNode {
  if (node.kind === "map") return node;
  throw new InputError(`${what} is a mapping, but this is ${kindName(node)}`, node.place, "write it as key: value lines");
}
