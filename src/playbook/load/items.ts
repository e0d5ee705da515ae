import { dirname } from "node:path";
import { ArgumentError, InputError, UnsupportedError } from "../../errors.ts";
import { toText } from "../../jinja/core/text.ts";
import { isForeignModule } from "../../modules/catalogue/foreign.ts";
import {
  allNames,
  findModule,
  moduleNames,
  moduleWithoutWork,
  type AnyModule,
} from "../../modules/index.ts";
import {
  kindName,
  mapGet,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  type YamlNode,
} from "../../yaml/node.ts";
import { checkArguments, freeFormArguments } from "../keywords/arguments.ts";
import { refuseBackground } from "../keywords/async.ts";
import { checkArgumentTemplates, checkKeywordTemplates } from "../keywords/check-templates.ts";
import { checkCollections } from "../keywords/collections.ts";
import { checkKeyword, isLoopWord, KEYWORDS, type KeywordOwner } from "../keywords/keywords.ts";
import { noEntries, unsupported, within, type Loading } from "./loading.ts";
import { checkLoopControl } from "../keywords/loop-control.ts";
import { withDefaults } from "./module-defaults.ts";
import { otherRefused, unknownModule } from "./unknown-module.ts";
import { wordsOf } from "../nodes.ts";
import { modernAction } from "./old-action.ts";
import { modernInclude } from "./old-include.ts";
import { asParameters, refuseParameters, refuseSecondLoop, takesFailure } from "./task-mistakes.ts";
import { checkVariableName } from "../keywords/variable-name.ts";
import type { Block, Common, Item, Task } from "../play.ts";
import { defined } from "../../defined.ts";

/** Keys of tasks that bring in other tasks. */
export const INCLUDES: ReadonlySet<string> = new Set(
  ["include_tasks", "import_tasks", "include_role", "import_role"].flatMap((word) =>
    allNames(word),
  ),
);

// Reads a list of tasks, blocks and includes.
export function loadItems(
  node: YamlNode | undefined,
  id: string,
  tags: readonly string[],
  loading: Loading,
): Item[] {
  if (!node || (node.kind === "scalar" && node.value === null)) return [];
  if (node.kind !== "seq")
    throw new InputError(
      `expected a list of tasks, but this is ${kindName(node)}`,
      node.place,
      "begin each task with a dash",
    );
  return node.items.flatMap(
    (item, i) => loading.attempt(() => loadItem(item, `${id}/${i}`, tags, loading)) ?? [],
  );
}

// Reads a task, a block if it has that key, or an include. Unsupported features in it fail
// only the hosts that reach it.
function loadItem(node: YamlNode, id: string, tags: readonly string[], loading: Loading): Item {
  const map = wantMap(node, "a task");
  try {
    return isBlock(map)
      ? loadBlock(map, id, tags, loading)
      : loadTask(modernAction(map), id, tags, loading);
  } catch (error) {
    const isExpected = error instanceof ArgumentError && takesFailure(map);
    if (!(error instanceof UnsupportedError || isExpected)) throw error;
    return refusedTask(error, map, id, tags, loading);
  }
}

// A task that is refused for each host that reaches it, or right away if every host will and it is
// not supported. Any other mistake in it is reported first.
function refusedTask(
  refusal: UnsupportedError | ArgumentError,
  map: MapNode,
  id: string,
  tags: readonly string[],
  loading: Loading,
): Task {
  const known = map.entries.filter(
    ({ key }) => Object.hasOwn(KEYWORDS.task, String(key.value)) || isLoopWord(key.value),
  );
  const common = commonOf({ ...map, entries: known }, id, tags, loading);
  if (refusal instanceof UnsupportedError) unsupported(common, loading)(refusal);
  else loading.note(`${refusal.message}: this task always fails`, refusal.place ?? common.place);
  const action = String(map.entries.find((entry) => !known.includes(entry))?.key.value);
  const module = moduleWithoutWork(action);
  return { kind: "task", ...common, module, action, args: noEntries(map.place), refusal };
}

// Whether a mapping is a block and not a task.
export function isBlock(map: MapNode): boolean {
  return ["block", "rescue", "always"].some((key) => mapGet(map, key));
}

// Reads a block with its parts.
function loadBlock(map: MapNode, id: string, tags: readonly string[], loading: Loading): Block {
  const common = loadCommon("block", map, id, tags, loading);
  if (!mapGet(map, "block"))
    throw new InputError(
      '"rescue" and "always" belong to a "block"',
      map.place,
      "add block: with the tasks that may fail",
    );
  const inside = within(loading, common);
  const part = (name: "block" | "rescue" | "always"): Item[] =>
    loadItems(
      mapGet(map, name),
      `${id}/${name}`,
      common.tags,
      name === "rescue" ? { ...inside, passable: true } : inside,
    );
  return {
    kind: "block",
    ...common,
    block: part("block"),
    rescue: part("rescue"),
    always: part("always"),
  };
}

// Reads one task: the one key that is no keyword names the module, or says what to include.
export function loadTask(
  map: MapNode,
  id: string,
  tags: readonly string[],
  loading: Loading,
): Item {
  const candidates = map.entries.filter(
    ({ key }) => !Object.hasOwn(KEYWORDS.task, String(key.value)) && !isLoopWord(key.value),
  );
  const others = new Map(
    candidates.flatMap(({ key }) => {
      const path = INCLUDES.has(String(key.value))
        ? undefined
        : loading.other(String(key.value), loading);
      return path === undefined ? [] : [[String(key.value), path] as const];
    }),
  );
  const named = candidates.filter(
    ({ key }) =>
      findModule(String(key.value)) ??
      (INCLUDES.has(String(key.value)) ||
        isForeignModule(String(key.value)) ||
        others.has(String(key.value))),
  );
  const written = named[0] ?? candidates[0];
  if (!written)
    throw new InputError(
      "this task names no module",
      map.place,
      "add one, such as: copy: {src: a, dest: /b}",
    );
  const rest = { ...map, entries: map.entries.filter((other) => other !== written) };
  refuseSecondLoop(rest);
  const { entry, keywords } = modernInclude(written, rest, loading.warn);
  if (INCLUDES.has(String(entry.key.value)))
    return loading.include(entry, loadCommon("task", keywords, id, tags, loading), tags, loading);
  const other = others.get(String(entry.key.value));
  if (other !== undefined) throw otherRefused(entry, keywords, other);
  const module = findModule(String(entry.key.value));
  if (!module) throw unknownModule(entry, candidates, keywords, INCLUDES);
  if (named[1])
    throw new InputError(
      `this task names two modules, "${String(named[0]!.key.value)}" and "${String(named[1].key.value)}"`,
      named[1].key.place,
      "make it two tasks, each with its own dash",
    );
  refuseParameters(keywords, module);
  const common = loadCommon("task", keywords, id, tags, loading);
  refuseBackground(common, ({ value }) => value);
  const given = withDefaults(
    argumentsOf(entry, module, keywords),
    within(loading, common).defaults.get(module),
  );
  const args = checkArguments(module.schema, module.name, given, entry.key.place);
  if (module.name === "set_fact")
    for (const { key } of args.entries)
      if (!String(key.value).includes("{{")) checkVariableName(key);
  asParameters(() => checkArgumentTemplates(module.schema, args, unsupported(common, loading)));
  return { kind: "task", ...common, module, action: String(entry.key.value), args };
}

// Joins a module's own value with the task's `args:`.
function argumentsOf(entry: MapEntry, module: AnyModule, task: MapNode): MapNode {
  const own = freeFormArguments(module.schema, module.name, entry);
  const extra = mapGet(task, "args");
  return extra?.kind === "map"
    ? {
        ...own,
        entries: [
          ...extra.entries.filter(({ key }) => !mapGet(own, String(key.value))),
          ...own.entries,
        ],
      }
    : own;
}

// Reads what plays, blocks and tasks share, and refuses keywords that they do not have.
export function loadCommon(
  owner: KeywordOwner,
  written: MapNode,
  id: string,
  tags: readonly string[],
  loading: Loading,
): Common {
  const map = withOneVars(written);
  for (const entry of map.entries)
    tolerate(loading, () => checkKeyword(owner, entry, owner === "task" ? moduleNames() : []));
  const common = commonOf(map, id, tags, loading);
  const [take, takeUnused] = [
    unsupported(common, loading),
    unsupported(common, { ...loading, passable: true }),
  ];
  for (const entry of map.entries)
    tolerate(loading, () => checkKeywordTemplates(entry, take, takeUnused));
  const control = mapGet(map, "loop_control");
  if (control) loading.attempt(() => checkLoopControl(control));
  loading.attempt(() => checkCollections(mapGet(map, "collections")));
  return common;
}

// The same with one mapping of `vars`, where they are a list of mappings: of equal
// names the last one holds.
function withOneVars(map: MapNode): MapNode {
  const vars = mapGet(map, "vars");
  if (vars?.kind !== "seq" || !vars.items.every((item) => item.kind === "map")) return map;
  const byName = new Map(
    vars.items.flatMap(({ entries }) => entries.map((entry) => [String(entry.key.value), entry])),
  );
  const one: MapNode = { kind: "map", entries: [...byName.values()], place: vars.place };
  return {
    ...map,
    entries: map.entries.map((entry) => (entry.value === vars ? { ...entry, value: one } : entry)),
  };
}

// Looks at a part of an item. A mistake there hides none of the other parts where all are wanted;
// what is not supported is the item's.
function tolerate({ attempt }: Loading, check: () => void): void {
  let refusal: UnsupportedError | undefined;
  attempt(() => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      refusal = error;
    }
  });
  if (refusal) throw refusal;
}

/** The commas between tags: not those inside of a template. */
const BETWEEN_TAGS = /\s*,\s*(?!(?:(?!\{\{)[\s\S])*\}\})/;

// The same value, unchanged.
function commonOf(map: MapNode, id: string, tags: readonly string[], loading: Loading): Common {
  const name = nameOf(map);
  const own = wordsOf(mapGet(map, "tags")).flatMap((word) => word.trim().split(BETWEEN_TAGS));
  return {
    id,
    place: map.place,
    searchPath: searchPathOf(map, loading),
    ...defined({ name, role: loading.role ? loading.role : undefined }),
    keywords: new Map(map.entries.map(({ key, value }) => [String(key.value), value])),
    vars: mapOf(mapGet(map, "vars")),
    tags: [...new Set([...tags, ...own])],
  };
}

// The name as it is shown: `yes` and `off` are words of Python, as in Ansible.
function nameOf(map: MapNode): ScalarNode | undefined {
  const name = mapGet(map, "name") as ScalarNode | undefined;
  if (name?.value === null) return undefined;
  return typeof name?.value === "boolean" ? { ...name, value: toText(name.value) } : name;
}

// The directories in which a task looks for files: its role and those around it, the directory of
// its own file, that of the playbook.
function searchPathOf({ place }: MapNode, { searchPath, directory }: Loading): string[] {
  return [
    ...new Set([
      ...searchPath.filter((path) => path !== directory),
      dirname(place.file),
      directory,
    ]),
  ];
}

// The entries of a mapping by their keys.
export function mapOf(node: YamlNode | undefined): ReadonlyMap<string, YamlNode> {
  return new Map(
    node?.kind === "map" ? node.entries.map(({ key, value }) => [String(key.value), value]) : [],
  );
}

// Refuses what is no mapping.
export function wantMap(node: YamlNode, what: string): MapNode {
  if (node.kind === "map") return node;
  throw new InputError(
    `${what} is a mapping, but this is ${kindName(node)}`,
    node.place,
    "write it as key: value lines",
  );
}
