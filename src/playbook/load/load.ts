import { basename, dirname, resolve } from "node:path";
import { defined } from "../../defined.ts";
import { InputError } from "../../errors.ts";
import { toText } from "../../jinja/core/text.ts";
import { findModule } from "../../modules/index.ts";
import { didYouMean } from "../../suggest.ts";
import { loadYaml } from "../../yaml/load.ts";
import type { WhereWritten } from "../../yaml/source.ts";
import {
  kindName,
  mapGet,
  type MapNode,
  type ScalarNode,
  type Warn,
  type YamlNode,
} from "../../yaml/node.ts";
import { loadHandlers } from "./handlers.ts";
import { playbookImport, underImport, type PlaybookImport } from "./import-playbook.ts";
import { checkNotified } from "./check-notified.ts";
import { includeOf } from "./include.ts";
import { loadCommon, loadItems, wantMap } from "./items.ts";
import { loadRoles } from "./roles/role.ts";
import {
  noEntries,
  nothingGathered,
  within,
  type ReadAttempt,
  type Loading,
  type PlaybookFiles,
} from "./loading.ts";
import type { Item, Play, Playbook } from "../play.ts";
import { otherModule, playbookCollection } from "./other-modules.ts";
import { loadPrompts } from "./prompts.ts";
import { playbookPlaces } from "./roles/role-search.ts";
import { checkSubsets } from "../keywords/gather-subset.ts";
import { loadVarsFiles } from "./vars-files.ts";

export type { PlaybookFiles } from "./loading.ts";

/** What the reading of all files of a playbook shares. */
interface Reading
  extends
    Pick<Loading, "files" | "warn" | "note" | "attempt" | "rolesRead">,
    Pick<PlaybookText, "by"> {
  /** The files that are being read, outermost first. */
  stack: readonly string[];
  /** The outermost of them. */
  book: string;
  /** Tags that imports lay on all plays. */
  tags: readonly string[];
  /** How many plays were read. */
  counter: { count: number };
}

/** A playbook that was read from the disk. */
export interface PlaybookText {
  file: string;
  text: string;
  /** Where the user wrote what is at an offset, where that is no file. */
  by?: WhereWritten | undefined;
}

// Reads a playbook whole: every keyword, module and parameter is checked before
// any host is touched.
export function loadPlaybook(
  text: string,
  file: string,
  files: PlaybookFiles,
  warn: Warn = () => {},
  note: Warn = () => {},
  attempt: ReadAttempt = (read) => read(),
): Playbook {
  return loadPlaybooks([{ file, text }], files, warn, note, attempt);
}

// Reads playbooks that are run one after another.
export function loadPlaybooks(
  texts: readonly PlaybookText[],
  files: PlaybookFiles,
  warn: Warn = () => {},
  note: Warn = () => {},
  attempt: ReadAttempt = (read) => read(),
): Playbook {
  const [counter, rolesRead] = [{ count: 0 }, new Set<string>()];
  const plays = texts.flatMap(({ file, text, by }) =>
    loadPlays(text, file, {
      by,
      files,
      warn,
      note,
      attempt,
      stack: [file],
      book: file,
      tags: [],
      counter,
      rolesRead,
    }),
  );
  return { file: texts[0]!.file, files: texts.map(({ file }) => file), plays };
}

// Reads the plays of one file, and of those that it imports.
function loadPlays(text: string, file: string, reading: Reading): Play[] {
  const top = loadYaml(text, file, reading.warn, reading.by);
  if (!top)
    throw new InputError(
      "the playbook is empty",
      { file, line: 1, column: 1, text },
      "a playbook is a list of plays: - hosts: all",
    );
  if (top.kind !== "seq")
    throw new InputError(
      `a playbook is a list of plays, but this is ${kindName(top)}`,
      top.place,
      "begin each play with a dash: - hosts: all",
    );
  if (top.items.length === 0)
    throw new InputError("the playbook has no play", top.place, "a play begins with: - hosts: all");
  if (top.items.every(isTask))
    throw new InputError(
      `${basename(file)} is a list of tasks, not a playbook`,
      top.place,
      `name it in a play: - { hosts: all, tasks: [{ import_tasks: ${basename(file)} }] }`,
    );
  return top.items.flatMap((node) => reading.attempt(() => loadTop(node, file, reading)) ?? []);
}

/**
 * Keywords that only tasks have, at the start of an element of a task file that names no module.
 */
const OF_TASKS = ["block", "include_tasks", "import_tasks", "include_role", "import_role"];

// Whether an item of a list is a task: it is for no hosts, and names a module.
function isTask(node: YamlNode): boolean {
  if (node.kind !== "map" || mapGet(node, "hosts")) return false;
  return node.entries.some(({ key }) => {
    const word = String(key.value).replace(/^ansible\.(builtin|legacy)\./, "");
    return (
      OF_TASKS.includes(word) || (word !== "import_playbook" && findModule(word) !== undefined)
    );
  });
}

// Reads a play, or the plays of another file.
function loadTop(node: YamlNode, file: string, reading: Reading): Play[] {
  const { files, warn, note, attempt, rolesRead, counter, tags } = reading;
  const map = wantMap(node, "a play");
  const id = String(counter.count);
  const collection = playbookCollection(dirname(file), files.paths);
  const loading: Loading = {
    files,
    warn,
    note,
    attempt,
    rolesRead,
    searchPath: [dirname(file)],
    directory: dirname(file),
    collections: collection === undefined ? [] : [collection],
    ...defined({ collection }),
    stack: [],
    around: [],
    defaults: new Map(),
    handling: false,
    passable: false,
    play: nothingGathered(id),
    other: otherModule,
    include: includeOf,
  };
  const imported = playbookImport(map, tags, loading);
  if (imported)
    return importPlays(imported, file, reading).map((play) => underImport(play, imported));
  counter.count++;
  return [loadPlay(map, id, tags, loading, reading.book)];
}

// Reads a playbook that another imports.
function importPlays({ target, tags }: PlaybookImport, file: string, reading: Reading): Play[] {
  const places = playbookPlaces(String(target.value), dirname(file), reading.files.paths);
  const path = places.find((place) => reading.files.find(place, "tasks", []) !== undefined);
  if (path === undefined) throw missingPlaybook(target, file, reading);
  if (reading.stack.includes(path))
    throw new InputError(
      `the playbook imports itself: ${[...reading.stack, path].join(" -> ")}`,
      target.place,
      "remove one of the imports",
    );
  return loadPlays(reading.files.read(path, target.place), path, {
    ...reading,
    stack: [...reading.stack, path],
    tags,
  });
}

// What is said where an import names a playbook that is neither beside this one
// nor comes with the program.
function missingPlaybook(
  { value, place }: PlaybookImport["target"],
  file: string,
  { files }: Reading,
): InputError {
  const known = files.paths?.playbooks ?? [];
  const shipped =
    known.length > 0 ? `; playbooks that come with hullwright: ${known.join(", ")}` : "";
  return new InputError(
    `there is no playbook "${String(value)}"`,
    place,
    didYouMean(String(value), known) ?? `looked in ${dirname(file)}${shipped}`,
  );
}

// Reads one play.
function loadPlay(
  map: MapNode,
  id: string,
  tags: readonly string[],
  outside: Loading,
  book: string,
): Play {
  const { attempt, isWhole } = counting(outside.attempt);
  const common = loadCommon("play", map, id, tags, { ...outside, attempt });
  const loading: Loading = { ...within({ ...outside, attempt }, common), around: [] };
  const hosts = mapGet(map, "hosts");
  attempt(() => {
    if (!hosts)
      throw new InputError(
        "this play has no hosts",
        map.place,
        'add "hosts: all", or a group of the inventory',
      );
    checkSubsets(mapGet(map, "gather_subset"));
  });
  const section = (name: "pre_tasks" | "tasks" | "post_tasks"): Item[] =>
    attempt(() => loadItems(mapGet(map, name), `${id}/${name}`, common.tags, loading)) ?? [];
  const { items, roles } = attempt(() =>
    loadRoles(mapGet(map, "roles"), `${id}/roles`, common.tags, loading),
  ) ?? { items: [], roles: [] };
  attempt(() =>
    loadHandlers(mapGet(map, "handlers"), `${id}/handlers`, common.tags, loading, "own"),
  );
  const sections: Play["sections"] = [
    { name: "pre_tasks", items: section("pre_tasks") },
    { name: "tasks", items: [...items, ...section("tasks")] },
    { name: "post_tasks", items: section("post_tasks") },
  ];
  const { handlers } = loading.play;
  const play: Play = {
    ...common,
    hosts: hosts ?? noEntries(map.place),
    title: titleOf(common.name, hosts),
    folder: resolve(outside.searchPath[0]!),
    book,
    sections,
    roles: [...roles, ...loading.play.roles.import],
    varsFiles: attempt(() => loadVarsFiles(mapGet(map, "vars_files"), loading)) ?? [],
    prompts: attempt(() => loadPrompts(mapGet(map, "vars_prompt"))) ?? [],
    handlers: [...handlers.play, ...handlers.own, ...handlers.import],
  };
  checkNotified(play, attempt, !isWhole());
  return play;
}

// What people call a play: its name, else the pattern of its hosts.
function titleOf(name: ScalarNode | undefined, hosts: YamlNode | undefined): string {
  if (name && name.value !== null && name.value !== "") return toText(name.value);
  const words = hosts?.kind === "seq" ? hosts.items : [hosts];
  return words.map((word) => (word?.kind === "scalar" ? String(word.value) : "")).join(",");
}

// An attempt, and whether all that was tried with it could be read.
function counting(attempt: ReadAttempt): { attempt: ReadAttempt; isWhole: () => boolean } {
  let mistakes = 0;
  const isWhole = (): boolean => mistakes === 0;
  return {
    isWhole,
    attempt: (read) =>
      attempt(() => {
        try {
          return read();
        } catch (error) {
          mistakes++;
          throw error;
        }
      }),
  };
}
