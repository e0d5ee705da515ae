import { dirname } from "node:path";
import { InputError, type Place } from "../errors.ts";
import { findModule, moduleNames, type AnyModule } from "../modules/index.ts";
import { didYouMean } from "../suggest.ts";
import { loadYaml } from "../yaml/load.ts";
import { kindName, mapGet, type MapEntry, type MapNode, type ScalarNode, type Warn, type YamlNode } from "../yaml/node.ts";
import { checkArguments, freeFormArguments } from "./arguments.ts";
import { checkKeyword, KEYWORDS, type KeywordOwner } from "./keywords.ts";
import { nodesOf } from "./nodes.ts";
import type { Common, Item, Play, Playbook, Task } from "./play.ts";

/** Reads other files that a playbook names; paths are absolute. Throws InputError with the place that named them. */
export interface PlaybookFiles {
  read(path: string, from: Place): string;
  findVars(name: string, searchPath: readonly string[], from: Place): string;
}

interface Loading {
  files: PlaybookFiles;
  warn: Warn;
  searchPath: readonly string[];
}

// Reads a playbook whole: every keyword, module and parameter is checked before any host is touched.
export function loadPlaybook(text: string, file: string, files: PlaybookFiles, warn: Warn = () => {}): Playbook {
  const loading: Loading = { files, warn, searchPath: [dirname(file)] };
  const top = loadYaml(text, file, warn);
  if (!top) throw new InputError("the playbook is empty", { file, line: 1, column: 1, text }, "a playbook is a list of plays: - hosts: all");
  if (top.kind !== "seq") throw new InputError(`a playbook is a list of plays, but this is ${kindName(top)}`, top.place, "begin each play with a dash: - hosts: all");
  const plays = top.items.map((node, i) => loadPlay(node, String(i), loading));
  if (plays.length === 0) throw new InputError("the playbook has no play", top.place);
  return { file, plays };
}

// Reads one play.
function loadPlay(node: YamlNode, id: string, loading: Loading): Play {
  const map = wantMap(node, "a play");
  const common = loadCommon("play", map, id, [], loading);
  const hosts = mapGet(map, "hosts");
  if (!hosts) throw new InputError("this play does not say which hosts it is for", map.place, 'add "hosts: all", or a group of the inventory');
  const section = (name: "pre_tasks" | "tasks" | "post_tasks") => ({ name, items: loadItems(mapGet(map, name), `${id}/${name}`, common.tags, loading) });
  const handlers = loadItems(mapGet(map, "handlers"), `${id}/handlers`, common.tags, loading);
  const play: Play = { ...common, hosts, sections: [section("pre_tasks"), section("tasks"), section("post_tasks")], handlers: handlers.map(onlyTask), varsFiles: loadVarsFiles(map, loading) };
  checkNotified(play);
  return play;
}

// Handlers are tasks; blocks of them are not in Ansible's language either.
function onlyTask(item: Item): Task {
  if (item.kind === "task") return item;
  throw new InputError("a handler cannot be a block", item.place, "give each task of the block as its own handler; they can listen to one topic");
}

// Reads a list of tasks and blocks.
function loadItems(node: YamlNode | undefined, id: string, tags: readonly string[], loading: Loading): Item[] {
  if (!node || (node.kind === "scalar" && node.value === null)) return [];
  if (node.kind !== "seq") throw new InputError(`expected a list of tasks, but this is ${kindName(node)}`, node.place, "begin each task with a dash");
  return node.items.map((item, i) => loadItem(item, `${id}/${i}`, tags, loading));
}

// Reads a task, or a block where there is the key.
function loadItem(node: YamlNode, id: string, tags: readonly string[], loading: Loading): Item {
  const map = wantMap(node, "a task");
  if (!["block", "rescue", "always"].some((key) => mapGet(map, key))) return loadTask(map, id, tags, loading);
  const common = loadCommon("block", map, id, tags, loading);
  if (!mapGet(map, "block")) throw new InputError('"rescue" and "always" belong to a "block"', map.place, "add block: with the tasks that may fail");
  const part = (name: "block" | "rescue" | "always") => loadItems(mapGet(map, name), `${id}/${name}`, common.tags, loading);
  return { kind: "block", ...common, block: part("block"), rescue: part("rescue"), always: part("always") };
}

// Reads one task: the one key that is no keyword names the module.
function loadTask(map: MapNode, id: string, tags: readonly string[], loading: Loading): Task {
  const candidates = map.entries.filter(({ key }) => !Object.hasOwn(KEYWORDS.task, String(key.value)));
  const named = candidates.filter(({ key }) => findModule(String(key.value)));
  const entry = named[0] ?? candidates[0];
  if (!entry) throw new InputError("this task names no module", map.place, "add one, such as: copy: {src: a, dest: /b}");
  const module = findModule(String(entry.key.value));
  if (!module) throw unknownModule(entry, candidates);
  if (named[1]) throw new InputError(`this task names two modules, "${String(named[0]!.key.value)}" and "${String(named[1].key.value)}"`, named[1].key.place, "make it two tasks, each with its own dash");
  const keywords = { ...map, entries: map.entries.filter((other) => other !== entry) };
  const common = loadCommon("task", keywords, id, tags, loading);
  const args = checkArguments(module.schema, module.name, argumentsOf(entry, module, keywords), entry.key.place);
  return { kind: "task", ...common, module, action: String(entry.key.value), args };
}

// A key that is neither keyword nor module: says the nearest of both.
function unknownModule(entry: MapEntry, candidates: MapEntry[]): InputError {
  const name = String(entry.key.value);
  const what = candidates.length > 1 ? `"${name}" is neither a keyword of a task nor a module` : `unknown module "${name}"`;
  return new InputError(what, entry.key.place, didYouMean(name, [...moduleNames(), ...Object.keys(KEYWORDS.task)]) ?? '"hullwright doc" lists the modules');
}

// Joins a module's own value with the task's `args:`.
function argumentsOf(entry: MapEntry, module: AnyModule, task: MapNode): MapNode {
  const own = freeFormArguments(module.schema, module.name, entry);
  const extra = mapGet(task, "args");
  return extra?.kind === "map" ? { ...own, entries: [...extra.entries.filter(({ key }) => !mapGet(own, String(key.value))), ...own.entries] } : own;
}

// Reads what plays, blocks and tasks share, and refuses keywords that they do not have.
function loadCommon(owner: KeywordOwner, map: MapNode, id: string, tags: readonly string[], loading: Loading): Common {
  for (const entry of map.entries) checkKeyword(owner, entry, owner === "task" ? moduleNames() : []);
  const name = mapGet(map, "name") as ScalarNode | undefined;
  const own = wordsOf(mapGet(map, "tags")).flatMap((word) => word.split(",").map((tag) => tag.trim()));
  return {
    id, place: map.place, searchPath: loading.searchPath, ...(name ? { name } : {}),
    keywords: new Map(map.entries.map(({ key, value }) => [String(key.value), value])),
    vars: mapOf(mapGet(map, "vars")), tags: [...new Set([...tags, ...own])],
  };
}

// Loads the files under vars_files; a list inside the list means the first that exists.
function loadVarsFiles(map: MapNode, loading: Loading): ReadonlyMap<string, YamlNode>[] {
  const node = mapGet(map, "vars_files");
  const names = node?.kind === "seq" ? node.items : node ? [node] : [];
  return names.filter((name) => name.kind === "scalar").map((name) => {
    const path = loading.files.findVars(String(name.value), loading.searchPath, name.place);
    const vars = loadYaml(loading.files.read(path, name.place), path, loading.warn);
    if (vars && vars.kind !== "map") throw new InputError(`a file of variables is a mapping, but this is ${kindName(vars)}`, vars.place);
    return mapOf(vars);
  });
}

// A task that notifies a handler which does not exist would lose the notification: refused when read.
function checkNotified(play: Play): void {
  const known = new Set(play.handlers.flatMap((handler) => [String(handler.name?.value), ...wordsOf(handler.keywords.get("listen"))]));
  const visit = (item: Item): void => {
    for (const node of nodesOf(item.keywords.get("notify"))) {
      const name = node.kind === "scalar" ? String(node.value) : "";
      if (!name.includes("{{") && !known.has(name)) throw new InputError(`no handler of this play is named "${name}" or listens to it`, node.place, didYouMean(name, known));
    }
    if (item.kind === "block") [...item.block, ...item.rescue, ...item.always].forEach(visit);
  };
  [...play.sections.flatMap((section) => section.items), ...play.handlers].forEach(visit);
}

// The same as texts.
function wordsOf(node: YamlNode | undefined): string[] {
  return nodesOf(node).map((item) => (item.kind === "scalar" ? String(item.value) : ""));
}

function mapOf(node: YamlNode | undefined): ReadonlyMap<string, YamlNode> {
  return new Map(node?.kind === "map" ? node.entries.map(({ key, value }) => [String(key.value), value]) : []);
}

function wantMap(node: YamlNode, what: string): MapNode {
  if (node.kind === "map") return node;
  throw new InputError(`${what} is a mapping, but this is ${kindName(node)}`, node.place, "write it as key: value lines");
}
