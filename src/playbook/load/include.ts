import { basename, dirname, isAbsolute } from "node:path";
import { InputError, UnsupportedError } from "../../errors.ts";
import { loadYaml } from "../../yaml/load.ts";
import { mapGet, type MapEntry, type ScalarNode, type YamlNode } from "../../yaml/node.ts";
import { keyPlace } from "../keywords/keywords.ts";
import { flagOf, writtenOf, type WrittenInclude } from "./include-options.ts";
import { loadCommon, loadItems, wantMap } from "./items.ts";
import { findRole, loadRole, refuseEndless, trailOf } from "./roles/role.ts";
import { behind, within, type Loading } from "./loading.ts";
import { tasksPlaces } from "./search-paths.ts";
import type { Block, Brought, Common, From, Handler, Include, Item, Role } from "../play.ts";
import { defined } from "../../defined.ts";

/** The keywords that apply to an include itself; all others belong to its tasks, under `apply`. */
const OWN_KEYWORDS = new Set([
  "name",
  "when",
  "tags",
  "vars",
  "loop",
  "loop_control",
  "register",
  "ignore_errors",
  "no_log",
  "args",
  "collections",
  "listen",
  "run_once",
]);

/** What is read of a file or a role. */
interface Read {
  items: readonly Item[];
  role?: Role;
}

// Reads an include. What has no template in its name is read at once, so that its
// mistakes are found now. An import is but a block of what it names; an include is gone
// into only where its `when` holds.
export function includeOf(
  entry: MapEntry,
  common: Common,
  tags: readonly string[],
  loading: Loading,
): Include | Block {
  const written = writtenOf(entry, common);
  if (loading.handling && written.what === "role")
    throw new InputError(
      `${written.word} cannot be a handler`,
      entry.key.place,
      "the handlers of a role come with it; import the file of handlers instead",
    );
  return written.word.includes("import_")
    ? importOf(written, tags, loading)
    : dynamicOf(written, tags, loading);
}

// An import: read now, and with all its keywords on each of its tasks. One whose name variables
// give is read when a host gets there.
function importOf(
  written: WrittenInclude,
  tags: readonly string[],
  loading: Loading,
): Block | Include {
  const { word, common, target } = written;
  if (common.keywords.has("loop")) {
    const hint = `use ${word.replace("import", "include")}`;
    throw new InputError(`${word} cannot have a loop`, common.place, hint);
  }
  const open = [target, ...written.from.values()].find(isTemplate);
  if (open && loading.handling)
    throw new InputError(
      `${word} in handlers is read before any variable is known`,
      open.place,
      "name the file, and put a condition under when",
    );
  if (open) return openImport(written, tags, loading);
  const { items } = read(written, String(target.value), {}, common.tags, within(loading, common));
  return { kind: "block", ...common, block: items, rescue: [], always: [], imported: true };
}

// An import whose name has a template: whatever its keywords and tags say, they say it of each of
// its tasks, not of itself.
function openImport(written: WrittenInclude, tags: readonly string[], loading: Loading): Include {
  const { common, what, target, from } = written;
  const passable = { ...loading, passable: true };
  return {
    kind: "include",
    ...common,
    keywords: new Map(),
    imported: true,
    what,
    target,
    from,
    expand: onceEach((name, files) => broughtBy(written, name, files, common, tags, passable)),
    isPublic: true,
  };
}

// Reads what an include names once for each name.
function onceEach(bring: (name: string, from: From) => Brought): Include["expand"] {
  const known = new Map<string, Brought>();
  return (name, from) => {
    const key = JSON.stringify([name, from]);
    const brought = known.get(key) ?? bring(name, from);
    known.set(key, brought);
    return brought;
  };
}

// An include: read when its name is known, for all hosts once.
function dynamicOf(written: WrittenInclude, tags: readonly string[], loading: Loading): Include {
  const { common, what, target, options } = written;
  for (const name of common.keywords.keys()) {
    if (!OWN_KEYWORDS.has(name) && !name.startsWith("with_"))
      throw new InputError(
        `"${name}" is not allowed on ${written.word}`,
        keyPlace(common, name),
        `put it under apply, or on a block around it`,
      );
  }
  const apply = applyOf(mapGet(options, "apply"), common, tags, loading);
  const isOpen = [target, ...written.from.values()].some(isTemplate);
  const inside = isOpen ? { ...loading, passable: true } : behind(loading, common);
  const bring = onceEach((name, from) => broughtBy(written, name, from, apply, tags, inside));
  const include: Include = {
    kind: "include",
    ...common,
    what,
    target,
    from: written.from,
    expand: bring,
    isPublic: flagOf(options, "public") === true,
  };
  if (isOpen || (behind(loading, common).passable && includesItself(written, loading)))
    return include;
  const from = [...written.from].map(([part, node]) => [part, String(node.value)]);
  const known = readAhead(inside, common, () =>
    bring(String(target.value), Object.fromEntries(from)),
  );
  return { ...include, ...defined({ known }) };
}

// Reads what an include brings before it is known whether it is gone into. Where it may not be, a
// mistake in it is noted: it fails the hosts that go into it, as in Ansible.
function readAhead(
  { passable, note }: Loading,
  { place }: Common,
  bring: () => Brought,
): Brought | undefined {
  try {
    return bring();
  } catch (error) {
    if (!passable || !(error instanceof InputError)) throw error;
    note(error.message, error.place ?? place);
    return undefined;
  }
}

// Whether the included file is already being read: it is read again each time a
// host reaches the include.
function includesItself({ what, target, from, word }: WrittenInclude, loading: Loading): boolean {
  const name = String(target.value);
  if (what === "tasks")
    return loading.stack.includes(findTasks(name, word, target, loading).path ?? "");
  const path = findRole(name, loading);
  return (
    path !== undefined &&
    loading.stack.includes(
      trailOf(path, from.has("tasks") ? basename(String(from.get("tasks")!.value)) : undefined),
    )
  );
}

// What an include brings for a name. Roles and handlers are the play's only once
// the include is gone into.
function broughtBy(
  written: WrittenInclude,
  name: string,
  from: From,
  apply: Common | undefined,
  tags: readonly string[],
  loading: Loading,
): Brought {
  const [handlers, roles]: [Handler[], Role[]] = [[], []];
  const play = {
    ...loading.play,
    handlers: { ...loading.play.handlers, import: handlers, include: handlers },
    roles: { import: roles },
  };
  const inside: Loading = { ...(apply ? within(loading, apply) : loading), play };
  const { items, role } = read(written, name, from, apply?.tags ?? tags, inside);
  return {
    handlers,
    roles,
    ...defined({ role: role ? role : undefined }),
    items: apply ? [{ kind: "block", ...apply, block: items, rescue: [], always: [] }] : items,
  };
}

// The keywords that `apply` puts on every task that is brought.
function applyOf(
  node: YamlNode | undefined,
  { id }: Common,
  tags: readonly string[],
  loading: Loading,
): Common | undefined {
  return node && loadCommon("block", wantMap(node, "apply"), `${id}/apply`, tags, loading);
}

function isTemplate({ value }: ScalarNode): boolean {
  return /\{\{|\{%/.test(String(value));
}

// Reads what an include names.
function read(
  written: WrittenInclude,
  name: string,
  from: From,
  tags: readonly string[],
  loading: Loading,
): Read {
  return written.what === "tasks"
    ? { items: readTasks(name, written, tags, loading) }
    : readRole(name, written, from, tags, loading);
}

// Reads a file of tasks, found beside the file that includes it, in `tasks` of the
// role, or beside the playbook.
function readTasks(
  name: string,
  { word, target, common }: WrittenInclude,
  tags: readonly string[],
  loading: Loading,
): readonly Item[] {
  const { path, places } = findTasks(name, word, target, loading);
  const isImport = word.startsWith("import_");
  if (path === undefined) {
    const looked = [...new Set(places.map((place) => dirname(place)))].join(", ");
    const [what, hint] = [`there is no file of tasks "${name}"`, `looked in ${looked}`];
    throw new (isImport ? InputError : UnsupportedError)(what, target.place, hint);
  }
  refuseEndless(path, "file", isImport, target.place, loading);
  const node = loadYaml(loading.files.read(path, target.place), path, loading.warn);
  return loadItems(node, `${common.id}/${name}`, tags, {
    ...loading,
    stack: [...loading.stack, path],
  });
}

// A file of tasks, and the paths at which it is looked for.
function findTasks(
  name: string,
  word: string,
  { place }: ScalarNode,
  { files, role, directory, handling }: Loading,
): { path: string | undefined; places: string[] } {
  const search = {
    beside: dirname(place.file),
    directory,
    role: role?.path,
    part: handling ? "handlers" : "tasks",
    isImport: word.startsWith("import_"),
  } as const;
  const places = isAbsolute(name) || name.startsWith("~/") ? [name] : tasksPlaces(name, search);
  return {
    path: places.map((one) => files.find(one, "tasks", ["."])).find((found) => found !== undefined),
    places,
  };
}

// Reads the role that a task names.
function readRole(
  name: string,
  { word, options, common, target, from }: WrittenInclude,
  rendered: From,
  tags: readonly string[],
  loading: Loading,
): Read {
  const parent = loading.role;
  const files = Object.fromEntries(
    [...from].map(([part, node]) => [part, basename(rendered[part] ?? String(node.value))]),
  );
  return loadRole(
    {
      name,
      place: target.place,
      id: common.id,
      tags,
      files,
      params: new Map(),
      given: common.vars,
      keywords: new Map(),
      by: word.startsWith("import_") ? "import" : "include",
      parents: parent ? [...parent.parents, parent] : [],
      validate: flagOf(options, "rolespec_validate") !== false,
      once: flagOf(options, "allow_duplicates") === false,
    },
    loading,
  );
}
