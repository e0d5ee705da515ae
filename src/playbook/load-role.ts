import { join } from "node:path";
import { InputError, type Place } from "../errors.ts";
import { toValue } from "../yaml/data.ts";
import { loadYaml } from "../yaml/load.ts";
import { kindName, mapGet, type MapNode, type YamlNode } from "../yaml/node.ts";
import { loadCommon, loadItems, mapOf, wantMap, type Loading } from "./load-items.ts";
import { KEYWORDS } from "./keywords.ts";
import { nodesOf } from "./nodes.ts";
import type { Block, Item, Role, Task } from "./play.ts";

/** A role as somebody names it. */
interface RoleUse {
  name: string;
  place: Place;
  params: ReadonlyMap<string, YamlNode>;
  /** The file of its tasks, `main` unless said. */
  tasksFrom: string;
  id: string;
  tags: readonly string[];
  /** Keywords with which it is named: the same role with the same parameters and keywords is done once. */
  keywords?: ReadonlyMap<string, YamlNode>;
}

// Reads the roles of a play: each a block of its tasks, after those that it depends on.
export function loadPlayRoles(node: YamlNode | undefined, id: string, tags: readonly string[], loading: Loading, found: Role[]): Item[] {
  return nodesOf(node).flatMap((entry, i) => {
    const map = entry.kind === "map" ? entry : undefined;
    const nameNode = map ? (mapGet(map, "role") ?? mapGet(map, "name")) : entry;
    if (nameNode?.kind !== "scalar") throw new InputError("a role is named by text, or by role: NAME", entry.place);
    const keywords = map ? { ...map, entries: map.entries.filter(({ key }) => Object.hasOwn(KEYWORDS.block, String(key.value)) && key.value !== "name") } : undefined;
    const common = loadCommon("block", keywords ?? { kind: "map", entries: [], place: entry.place }, `${id}/${i}`, tags, loading);
    const params = new Map([...paramsOf(map)].filter(([name]) => !Object.hasOwn(KEYWORDS.block, name)));
    const use: RoleUse = { name: String(nameNode.value), place: nameNode.place, params, tasksFrom: "main", id: `${id}/${i}`, tags: common.tags, keywords: common.keywords };
    if (isDone(use, loading)) return [];
    const { items, role } = loadRole(use, loading);
    found.push(role);
    return [{ kind: "block", ...common, block: items, rescue: [], always: [] } satisfies Block];
  });
}

// Tells whether the play does the same already: a role with equal parameters and keywords.
function isDone(use: RoleUse, loading: Loading): boolean {
  const path = loading.files.find(use.name, "roles", loading.searchPath);
  return path !== undefined && loading.roles.has(keyOf(path, use));
}

// What tells one use of a role from another.
function keyOf(path: string, { params, keywords = new Map<string, YamlNode>(), tasksFrom }: RoleUse): string {
  const plain = (nodes: ReadonlyMap<string, YamlNode>): [string, unknown][] => [...nodes].map(([name, node]) => [name, toValue(node)]);
  return JSON.stringify([path, tasksFrom, plain(params), plain(keywords)]);
}

// What stands beside the role's name and is no keyword: variables for it alone.
function paramsOf(map: MapNode | undefined): ReadonlyMap<string, YamlNode> {
  return new Map([...mapOf(map)].filter(([name]) => name !== "role"));
}

/** Reads a role: its variables, its tasks behind those of its dependencies; its handlers go to the play. */
export function loadRole(use: RoleUse, loading: Loading): { items: Item[]; role: Role } {
  const path = loading.files.find(use.name, "roles", loading.searchPath);
  if (path === undefined) throw new InputError(`there is no role "${use.name}"`, use.place, `looked in ${loading.searchPath.map((folder) => `${folder}/roles`).join(", ")}`);
  if (loading.stack.includes(path)) throw new InputError(`the role needs itself: ${[...loading.stack, path].join(" -> ")}`, use.place);
  const read = (folder: string, name = "main"): YamlNode | undefined => readPart(path, folder, name, use.place, loading);
  const role: Role = { name: use.name.split("/").at(-1)!, path, defaults: varsOf(read("defaults")), vars: varsOf(read("vars")), params: use.params };
  const inside: Loading = { ...loading, role, stack: [...loading.stack, path], searchPath: [path, ...loading.searchPath.filter((folder) => folder !== path)] };
  const dependencies = loadDependencies(read("meta"), use, inside);
  const tasks = read("tasks", use.tasksFrom);
  if (!tasks && use.tasksFrom !== "main") throw new InputError(`the role "${use.name}" has no tasks/${use.tasksFrom}.yml`, use.place);
  const known = [...loading.roles.values()].some((other) => other.path === path);
  loading.roles.set(keyOf(path, use), role);
  if (!known) loading.handlers.push(...loadItems(read("handlers"), `${use.id}/handlers`, use.tags, inside).map(handlerOf));
  return { role, items: [...dependencies, ...loadItems(tasks, `${use.id}/tasks`, use.tags, inside)] };
}

function handlerOf(item: Item): Task {
  if (item.kind === "task") return item;
  throw new InputError("a handler is a task", item.place, "give each task as its own handler; they can listen to one topic");
}

// Roles that must be done before; each once in a play.
function loadDependencies(meta: YamlNode | undefined, use: RoleUse, loading: Loading): Item[] {
  const list = meta?.kind === "map" ? mapGet(meta, "dependencies") : undefined;
  return nodesOf(list).flatMap((entry, i) => {
    const map = entry.kind === "map" ? entry : undefined;
    const name = map ? (mapGet(map, "role") ?? mapGet(map, "name")) : entry;
    if (name?.kind !== "scalar") throw new InputError("a dependency names a role", entry.place);
    const needed: RoleUse = { name: String(name.value), place: name.place, params: paramsOf(map), tasksFrom: "main", id: `${use.id}/dependencies/${i}`, tags: use.tags };
    return isDone(needed, loading) ? [] : loadRole(needed, loading).items;
  });
}

// One part of a role: NAME.yml or NAME.yaml in its folder; undefined: it has none.
function readPart(role: string, folder: string, name: string, from: Place, { files, warn }: Loading): YamlNode | undefined {
  const bare = name.replace(/\.ya?ml$/, "");
  const path = [`${bare}.yml`, `${bare}.yaml`, bare].map((file) => files.find(join(role, folder, file), "tasks", [])).find((found) => found !== undefined);
  return path === undefined ? undefined : loadYaml(files.read(path, from), path, warn);
}

function varsOf(node: YamlNode | undefined): ReadonlyMap<string, YamlNode> {
  if (node && node.kind !== "map") throw new InputError(`a role's variables are a mapping, but this is ${kindName(node)}`, node.place);
  return mapOf(node && wantMap(node, "variables"));
}
