import { dirname } from "node:path";
import { InputError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { loadYaml } from "../yaml/load.ts";
import { kindName, mapGet, type MapEntry, type MapNode, type ScalarNode } from "../yaml/node.ts";
import { loadItems, mapOf, type Loading } from "./load-items.ts";
import { loadRole } from "./load-role.ts";
import type { Block, Common, Include, Item } from "./play.ts";

/** What each takes besides its target. */
const TASKS_KEYS = ["file", "apply"];
const ROLE_KEYS = ["name", "tasks_from", "vars_from", "defaults_from", "handlers_from", "public", "allow_duplicates", "apply", "rolespec_validate"];
const REFUSED_KEYS = ["apply", "handlers_from", "vars_from", "defaults_from"];

// Reads an include. What has no template in its name is read at once, so that its mistakes are found now. An
// import is but a block of what it names; an include is gone into only where its `when` holds.
export function includeOf(entry: MapEntry, common: Common, tags: readonly string[], loading: Loading): Include | Block {
  const word = String(entry.key.value);
  const what = word.endsWith("_role") ? "role" : "tasks";
  const target = targetOf(entry, what);
  const read = (name: string, own: readonly string[]): readonly Item[] => (what === "tasks" ? readTasks(name, target, common.id, own, loading) : readRole(name, entry, common, own, loading));
  const isKnown = !/\{\{|\{%/.test(String(target.value));
  if (word.includes("import_")) {
    const use = `use ${word.replace("import", "include")}`;
    if (common.keywords.has("loop")) throw new InputError(`${word} cannot be looped`, entry.key.place, use);
    if (!isKnown) throw new InputError(`${word} is read before any variable is known`, target.place, use);
    return { kind: "block", ...common, block: read(String(target.value), common.tags), rescue: [], always: [] };
  }
  const known = new Map<string, readonly Item[]>();
  const expand = (name: string): readonly Item[] => known.get(name) ?? known.set(name, read(name, tags)).get(name)!;
  if (isKnown) expand(String(target.value));
  return { kind: "include", ...common, what, target, expand };
}

// The file or role that is named, as text or under its key.
function targetOf({ key, value }: MapEntry, what: "tasks" | "role"): ScalarNode {
  if (value.kind === "scalar" && typeof value.value === "string" && what === "tasks") return value;
  if (value.kind !== "map") throw new InputError(`${String(key.value)} takes ${what === "tasks" ? "a file" : "name: ROLE"}, but this is ${kindName(value)}`, value.place);
  const keys = what === "tasks" ? TASKS_KEYS : ROLE_KEYS;
  for (const { key: part } of value.entries) {
    const name = String(part.value);
    if (!keys.includes(name)) throw new InputError(`"${String(key.value)}" has no parameter "${name}"`, part.place, didYouMean(name, keys));
    if (REFUSED_KEYS.includes(name)) throw new InputError(`"${name}" of ${String(key.value)} is not supported`, part.place, "put the keywords on the include, or on a block around it");
  }
  const target = mapGet(value, what === "tasks" ? "file" : "name");
  if (target?.kind === "scalar") return target;
  throw new InputError(`"${String(key.value)}" needs the parameter "${what === "tasks" ? "file" : "name"}"`, key.place);
}

// Reads a file of tasks, found beside the file that includes it, in `tasks` of the role, or beside the playbook.
function readTasks(name: string, target: ScalarNode, id: string, tags: readonly string[], loading: Loading): readonly Item[] {
  const beside = dirname(target.place.file);
  const path = loading.files.find(name, "tasks", [beside, ...loading.searchPath]);
  if (path === undefined) throw new InputError(`there is no file of tasks "${name}"`, target.place, `looked in ${[...new Set([beside, ...loading.searchPath])].join(", ")}`);
  if (loading.stack.includes(path)) throw new InputError(`the file includes itself: ${[...loading.stack, path].join(" -> ")}`, target.place);
  const node = loadYaml(loading.files.read(path, target.place), path, loading.warn);
  return loadItems(node, `${id}/${name}`, tags, { ...loading, stack: [...loading.stack, path] });
}

// Reads the tasks of a role that a task names.
function readRole(name: string, entry: MapEntry, common: Common, tags: readonly string[], loading: Loading): readonly Item[] {
  const from = mapGet(entry.value as MapNode, "tasks_from");
  const tasksFrom = from?.kind === "scalar" ? String(from.value) : "main";
  const { items } = loadRole({ name, place: entry.key.place, params: mapOf(undefined), tasksFrom, id: common.id, tags, keywords: new Map([...common.keywords, ["include", entry.value]]) }, loading);
  return items;
}
