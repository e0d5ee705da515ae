import { dirname, resolve } from "node:path";
import { InputError, type Place } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { loadYaml } from "../yaml/load.ts";
import { kindName, mapGet, type MapNode, type Warn, type YamlNode } from "../yaml/node.ts";
import { loadCommon, loadItems, mapOf, wantMap, type Loading, type PlaybookFiles } from "./load-items.ts";
import { handlerNames } from "./handler-names.ts";
import { includeOf } from "./load-include.ts";
import { loadPlayRoles } from "./load-role.ts";
import { nodesOf } from "./nodes.ts";
import type { Item, Play, Playbook, Role, Task } from "./play.ts";

export type { PlaybookFiles } from "./load-items.ts";

// Reads a playbook whole: every keyword, module and parameter is checked before any host is touched.
export function loadPlaybook(text: string, file: string, files: PlaybookFiles, warn: Warn = () => {}): Playbook {
  const plays = loadPlays(text, file, files, warn, [file], { count: 0 });
  return { file, plays };
}

// Reads the plays of one file, and of those that it imports.
function loadPlays(text: string, file: string, files: PlaybookFiles, warn: Warn, stack: readonly string[], counter: { count: number }): Play[] {
  const top = loadYaml(text, file, warn);
  if (!top) throw new InputError("the playbook is empty", { file, line: 1, column: 1, text }, "a playbook is a list of plays: - hosts: all");
  if (top.kind !== "seq") throw new InputError(`a playbook is a list of plays, but this is ${kindName(top)}`, top.place, "begin each play with a dash: - hosts: all");
  if (top.items.length === 0) throw new InputError("the playbook has no play", top.place);
  return top.items.flatMap((node) => {
    const map = wantMap(node, "a play");
    const imported = mapGet(map, "import_playbook") ?? mapGet(map, "ansible.builtin.import_playbook");
    if (imported) return importPlays(map, imported, file, files, warn, stack, counter);
    return [loadPlay(map, String(counter.count++), { files, warn, searchPath: [dirname(file)], stack: [], handlers: [], roles: new Map(), include: includeOf })];
  });
}

// Reads a playbook that another imports.
function importPlays(map: MapNode, target: YamlNode, file: string, files: PlaybookFiles, warn: Warn, stack: readonly string[], counter: { count: number }): Play[] {
  const other = map.entries.find(({ key }) => !["import_playbook", "ansible.builtin.import_playbook", "name"].includes(String(key.value)));
  if (other) throw new InputError(`"${String(other.key.value)}" is not supported beside import_playbook`, other.key.place, "set it in the imported plays");
  const path = resolve(dirname(file), target.kind === "scalar" ? String(target.value) : "");
  if (stack.includes(path)) throw new InputError(`the playbook imports itself: ${[...stack, path].join(" -> ")}`, target.place);
  return loadPlays(files.read(path, target.place), path, files, warn, [...stack, path], counter);
}

// Reads one play.
function loadPlay(map: MapNode, id: string, loading: Loading): Play {
  const common = loadCommon("play", map, id, [], loading);
  const hosts = mapGet(map, "hosts");
  if (!hosts) throw new InputError("this play does not say which hosts it is for", map.place, 'add "hosts: all", or a group of the inventory');
  const section = (name: "pre_tasks" | "tasks" | "post_tasks"): Item[] => loadItems(mapGet(map, name), `${id}/${name}`, common.tags, loading);
  const roles: Role[] = [];
  const roleItems = loadPlayRoles(mapGet(map, "roles"), `${id}/roles`, common.tags, loading, roles);
  const play: Play = {
    ...common, hosts, roles,
    sections: [{ name: "pre_tasks", items: section("pre_tasks") }, { name: "tasks", items: [...roleItems, ...section("tasks")] }, { name: "post_tasks", items: section("post_tasks") }],
    handlers: [...loading.handlers, ...loadItems(mapGet(map, "handlers"), `${id}/handlers`, common.tags, loading).map(onlyTask)],
    varsFiles: loadVarsFiles(map, loading),
  };
  checkNotified(play);
  return play;
}

// Handlers are tasks; blocks of them are not in Ansible's language either.
export function onlyTask(item: Item): Task {
  if (item.kind === "task") return item;
  throw new InputError(`a handler cannot be ${item.kind === "block" ? "a block" : "an include"}`, item.place, "give each task as its own handler; they can listen to one topic");
}

// Loads the files under vars_files; a list inside the list means the first that exists.
function loadVarsFiles(map: MapNode, loading: Loading): ReadonlyMap<string, YamlNode>[] {
  return nodesOf(mapGet(map, "vars_files")).map((entry) => {
    const choices = entry.kind === "seq" ? entry.items : [entry];
    const found = choices.map((name) => (name.kind === "scalar" ? loading.files.find(String(name.value), "vars", loading.searchPath) : undefined)).find((path) => path !== undefined);
    if (found === undefined) throw new InputError("there is no such file of variables", entry.place, `looked in ${loading.searchPath.join(", ")}`);
    return loadVars(found, entry.place, loading);
  });
}

// Reads a file of variables.
function loadVars(path: string, from: Place, { files, warn }: Loading): ReadonlyMap<string, YamlNode> {
  const vars = loadYaml(files.read(path, from), path, warn);
  if (vars && vars.kind !== "map") throw new InputError(`a file of variables is a mapping, but this is ${kindName(vars)}`, vars.place);
  return mapOf(vars);
}

// A task that notifies a handler which does not exist would lose the notification: refused when read.
function checkNotified(play: Play): void {
  const known = new Set(play.handlers.flatMap((handler) => handlerNames(handler)));
  const visit = (item: Item): void => {
    for (const node of nodesOf(item.keywords.get("notify"))) {
      const name = node.kind === "scalar" ? String(node.value) : "";
      if (!name.includes("{{") && !known.has(name)) throw new InputError(`no handler of this play is named "${name}" or listens to it`, node.place, didYouMean(name, known) ?? 'add a handler of that name below "handlers:" of the play');
    }
    if (item.kind === "block") [...item.block, ...item.rescue, ...item.always].forEach(visit);
    if (item.kind === "include" && !String(item.target.value).includes("{{")) item.expand(String(item.target.value)).forEach(visit);
  };
  [...play.sections.flatMap((section) => section.items), ...play.handlers].forEach(visit);
}
