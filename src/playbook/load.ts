import { dirname, resolve } from "node:path";
import { InputError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { allNames } from "../modules/index.ts";
import { loadYaml } from "../yaml/load.ts";
import { kindName, mapGet, type MapNode, type Warn, type YamlNode } from "../yaml/node.ts";
import { handlerNames, isTemplated } from "./handler-names.ts";
import { loadHandlers } from "./load-handlers.ts";
import { includeOf } from "./load-include.ts";
import { loadCommon, loadItems, wantMap } from "./load-items.ts";
import { loadRoles } from "./load-role.ts";
import { nothingGathered, within, type Loading, type PlaybookFiles } from "./loading.ts";
import { nodesOf } from "./nodes.ts";
import type { Handler, Item, Play, Playbook } from "./play.ts";
import { loadPrompts } from "./prompts.ts";
import { checkSubsets } from "./subsets.ts";
import { loadVarsFiles } from "./vars-files.ts";

export type { PlaybookFiles } from "./loading.ts";

// Reads a playbook whole: every keyword, module and parameter is checked before any host is touched.
export function loadPlaybook(text: string, file: string, files: PlaybookFiles, warn: Warn = () => {}, note: Warn = () => {}): Playbook {
  const plays = loadPlays(text, { files, warn, note }, [file], { count: 0 });
  return { file, plays };
}

/** What the reader needs from outside. */
type Outside = Pick<Loading, "files" | "warn" | "note">;

// Reads the plays of one file, and of those that it imports.
function loadPlays(text: string, outside: Outside, stack: readonly string[], counter: { count: number }): Play[] {
  const file = stack.at(-1)!;
  const top = loadYaml(text, file, outside.warn);
  if (!top) throw new InputError("the playbook is empty", { file, line: 1, column: 1, text }, "a playbook is a list of plays: - hosts: all");
  if (top.kind !== "seq") throw new InputError(`a playbook is a list of plays, but this is ${kindName(top)}`, top.place, "begin each play with a dash: - hosts: all");
  if (top.items.length === 0) throw new InputError("the playbook has no play", top.place);
  return top.items.flatMap((node) => {
    const map = wantMap(node, "a play");
    const imported = allNames("import_playbook").map((name) => mapGet(map, name)).find((found) => found);
    if (imported) return importPlays(map, imported, outside, stack, counter);
    const id = String(counter.count++);
    return [loadPlay(map, id, { ...outside, searchPath: [dirname(file)], stack: [], around: [], defaults: new Map(), handling: false, passable: false, play: nothingGathered(id), include: includeOf })];
  });
}

// Reads a playbook that another imports.
function importPlays(map: MapNode, target: YamlNode, outside: Outside, stack: readonly string[], counter: { count: number }): Play[] {
  const other = map.entries.find(({ key }) => ![...allNames("import_playbook"), "name"].includes(String(key.value)));
  if (other) throw new InputError(`"${String(other.key.value)}" is not supported beside import_playbook`, other.key.place, "set it in the imported plays");
  const path = resolve(dirname(stack.at(-1)!), target.kind === "scalar" ? String(target.value) : "");
  if (stack.includes(path)) throw new InputError(`the playbook imports itself: ${[...stack, path].join(" -> ")}`, target.place);
  return loadPlays(outside.files.read(path, target.place), outside, [...stack, path], counter);
}

// Reads one play.
function loadPlay(map: MapNode, id: string, outside: Loading): Play {
  const common = loadCommon("play", map, id, [], outside);
  const loading: Loading = { ...within(outside, common), around: [] };
  const hosts = mapGet(map, "hosts");
  if (!hosts) throw new InputError("this play does not say which hosts it is for", map.place, 'add "hosts: all", or a group of the inventory');
  checkSubsets(mapGet(map, "gather_subset"));
  const section = (name: "pre_tasks" | "tasks" | "post_tasks"): Item[] => loadItems(mapGet(map, name), `${id}/${name}`, common.tags, loading);
  const { items, roles } = loadRoles(mapGet(map, "roles"), `${id}/roles`, common.tags, loading);
  loadHandlers(mapGet(map, "handlers"), `${id}/handlers`, common.tags, loading, "own");
  const sections: Play["sections"] = [{ name: "pre_tasks", items: section("pre_tasks") }, { name: "tasks", items: [...items, ...section("tasks")] }, { name: "post_tasks", items: section("post_tasks") }];
  const { handlers } = loading.play;
  const play: Play = {
    ...common, hosts, sections, roles: [...roles, ...loading.play.roles.import], varsFiles: loadVarsFiles(mapGet(map, "vars_files"), loading),
    prompts: loadPrompts(mapGet(map, "vars_prompt")),
    handlers: [...handlers.play, ...handlers.own, ...handlers.import],
  };
  checkNotified(play);
  return play;
}

// A task that notifies a handler which does not exist would lose the notification: refused when read.
function checkNotified(play: Play): void {
  const items = play.sections.flatMap((section) => section.items);
  const handlers = [...play.handlers, ...items.flatMap(handlersIn)];
  const known = new Set(handlers.flatMap((handler) => handlerNames(handler)));
  const isOpen = handlers.some(isTemplated) || items.some(bringsUnknown);
  for (const item of [...items, ...handlers]) {
    for (const node of notified(item)) {
      const name = node.kind === "scalar" ? String(node.value) : "";
      if (!name.includes("{{") && !known.has(name) && !isOpen) throw new InputError(`no handler of this play is named "${name}" or listens to it`, node.place, didYouMean(name, known) ?? 'add a handler of that name below "handlers:" of the play');
    }
  }
}

// The items directly inside of one, as far as they are known.
function inside(item: Item): readonly Item[] {
  if (item.kind === "block") return [...item.block, ...item.rescue, ...item.always];
  return item.kind === "include" ? (item.known?.items ?? []) : [];
}

// All that an item and those inside of it notify.
function notified(item: Item): readonly YamlNode[] {
  return [...nodesOf(item.keywords.get("notify")), ...inside(item).flatMap(notified)];
}

// The handlers that includes will bring.
function handlersIn(item: Item): readonly Handler[] {
  return [...(item.kind === "include" ? (item.known?.handlers ?? []) : []), ...inside(item).flatMap(handlersIn)];
}

// Tells whether a role may come whose name, and so whose handlers, are not known yet.
function bringsUnknown(item: Item): boolean {
  return item.kind === "include" && !item.known ? item.what === "role" : inside(item).some(bringsUnknown);
}
