import { dirname } from "node:path";
import { InputError, UnsupportedError, type Place } from "../../../errors.ts";
import { toValue } from "../../../yaml/data.ts";
import { mapGet, type MapNode, type YamlNode } from "../../../yaml/node.ts";
import { KEYWORDS } from "../../keywords/keywords.ts";
import { loadHandlers } from "../handlers.ts";
import { loadCommon, loadItems, mapOf } from "../items.ts";
import { noEntries, within, type Loading } from "../loading.ts";
import { keywordBool, nodesOf, wordsOf } from "../../nodes.ts";
import { DEEPEST, type Block, type Common, type Item, type Role } from "../../play.ts";
import { readMeta, readPart, readVars, validation, type RoleFiles } from "./role-files.ts";
import { collectionOf, rolePlaces } from "./role-search.ts";
import { sha256Hex } from "../../../sha256.ts";

/** A role as somebody names it. */
export interface RoleUse {
  name: string;
  place: Place;
  id: string;
  tags: readonly string[];
  /** The files of its parts, where others than `main` are asked for. */
  files: RoleFiles["files"];
  params: ReadonlyMap<string, YamlNode>;
  /** `vars` of the use. */
  given: ReadonlyMap<string, YamlNode>;
  /** The keywords next to its name, which distinguish one use from another. */
  keywords: ReadonlyMap<string, YamlNode>;
  by: Role["by"];
  parents: readonly Role[];
  validate: boolean;
  /** It is not done again where the host did the same in this play, unless the role allows it. */
  once: boolean;
}

/** Keywords of a role's use that are no parameters. */
const USE_KEYWORDS = new Set(
  [...Object.keys(KEYWORDS.block), "role"].filter(
    (name) => !["block", "rescue", "always", "notify"].includes(name),
  ),
);
/** The keywords by which Ansible distinguishes two uses of a role with equal parameters. */
const TELLING = new Set(["when", "tags"]);

// Reads the roles of a play, or those that a role depends on: each a block of its tasks, after
// those that it depends on.
export function loadRoles(
  node: YamlNode | undefined,
  id: string,
  tags: readonly string[],
  loading: Loading,
): { items: Item[]; roles: Role[] } {
  const loaded = nodesOf(node).flatMap(
    (entry, i) => loading.attempt(() => loadUse(entry, `${id}/${i}`, tags, loading)) ?? [],
  );
  return { items: loaded.flatMap(({ items }) => items), roles: loaded.map(({ role }) => role) };
}

// Reads one role as a list of roles names it.
function loadUse(
  entry: YamlNode,
  id: string,
  tags: readonly string[],
  loading: Loading,
): { items: Item[]; role: Role } {
  const map = entry.kind === "map" ? entry : undefined;
  const nameNode = map ? (mapGet(map, "role") ?? mapGet(map, "name")) : entry;
  if (nameNode?.kind !== "scalar")
    throw new InputError("a role is named by text, or by role: NAME", entry.place);
  const own = map?.entries.filter(
    ({ key }) =>
      USE_KEYWORDS.has(String(key.value)) && key.value !== "role" && key.value !== "name",
  );
  const { vars: given, ...common } = loadCommon(
    "block",
    own ? { ...map!, entries: own } : noEntries(entry.place),
    id,
    tags,
    loading,
  );
  const parent = loading.role;
  const use: RoleUse = {
    name: String(nameNode.value),
    place: nameNode.place,
    id,
    tags: common.tags,
    files: {},
    params: paramsOf(map),
    given,
    keywords: new Map([...common.keywords].filter(([name]) => TELLING.has(name))),
    by: parent ? "dependency" : "play",
    parents: parent ? [...parent.parents, parent] : [],
    validate: true,
    once: true,
  };
  const named = { ...common, vars: new Map<string, YamlNode>() };
  const { items, role } = loadRole(use, within(loading, named));
  return {
    items: [{ kind: "block", ...named, block: items, rescue: [], always: [] } satisfies Block],
    role,
  };
}

// The key that distinguishes one use of a role from another.
function keyOf({ params, given, keywords, name, files, by }: RoleUse, loading: Loading): string {
  const plain = (nodes: ReadonlyMap<string, YamlNode>): [string, unknown][] =>
    [...nodes].map(([key, node]) => [key, toValue(node)]);
  const isIncluded = by === "import" || by === "include";
  return JSON.stringify([
    findRole(name, loading),
    files,
    plain(params),
    plain(given),
    plain(keywords),
    isIncluded,
  ]);
}

// Everything next to the role's name that is not a keyword: variables for this role only.
function paramsOf(map: MapNode | undefined): ReadonlyMap<string, YamlNode> {
  return new Map([...mapOf(map)].filter(([name]) => !USE_KEYWORDS.has(name)));
}

/**
 * Reads a role: its variables, its tasks after those of its dependencies; its
 * handlers are added to the play.
 */
export function loadRole(use: RoleUse, loading: Loading): { items: Item[]; role: Role } {
  if (use.by !== "include" && use.name.includes("{{"))
    throw new InputError(
      "the roles of a play are read before any variable is known",
      use.place,
      "use include_role in its tasks",
    );
  const path = findRole(use.name, loading);
  if (path === undefined)
    throw new (use.by === "include" ? UnsupportedError : InputError)(
      `there is no role "${use.name}"`,
      use.place,
      missingHint(use.name, loading),
    );
  const trail = trailOf(path, use.files["tasks"]);
  refuseEndless(trail, "role", use.by !== "include", use.place, loading);
  const key = keyOf(use, loading);
  const files: RoleFiles = {
    name: use.name.split("/").at(-1)!,
    path,
    place: use.place,
    files: use.files,
    isIncluded: use.by === "include",
  };
  const dependencies: Role[] = [];
  const role: Role = {
    name: files.name,
    path,
    defaults: readVars(files, "defaults", loading),
    vars: readVars(files, "vars", loading),
    given: use.given,
    params: use.params,
    by: use.by,
    parents: use.parents,
    dependencies,
  };
  const own = collectionOf(path) ?? loading.collection;
  loading.rolesRead.add(path);
  const inside: Loading = {
    ...loading,
    role,
    collections: own === undefined ? [] : [own],
    stack: [...loading.stack, trail],
    searchPath: [path, ...loading.searchPath.filter((folder) => folder !== path)],
  };
  const meta = readMeta(files, inside);
  const inner = {
    ...inside,
    collections: [...inside.collections, ...wordsOf(meta && mapGet(meta, "collections"))],
  };
  const needed = loadRoles(
    meta && mapGet(meta, "dependencies"),
    `${use.id}/dependencies`,
    use.tags,
    inner,
  );
  dependencies.push(...needed.roles);
  const check = use.validate ? validation(files, meta, use.params, inside) : undefined;
  const checked = check
    ? loadItems(
        { kind: "seq", items: [check], place: check.place },
        `${use.id}/validation`,
        use.tags,
        inside,
      )
    : [];
  const items = [
    ...needed.items,
    ...checked,
    ...(loading.attempt(() =>
      loadItems(readPart(files, "tasks", inside), `${use.id}/tasks`, use.tags, inner),
    ) ?? []),
  ];
  if (use.by === "import") loading.play.roles.import.push(role);
  loading.attempt(() =>
    loadHandlers(
      readPart(files, "handlers", inside),
      `${loading.play.id}/${digest(key)}/handlers`,
      use.tags,
      inner,
      broughtBy(role),
    ),
  );
  const again = keywordBool(meta && mapGet(meta, "allow_duplicates")) === true;
  const isOnce = use.by === "play" || use.by === "dependency" ? !again : use.once;
  return {
    role,
    items: [
      {
        kind: "block",
        ...bare(use, loading),
        block: items,
        rescue: [],
        always: [],
        use: { key, isOnce },
      },
    ],
  };
}

// A role and its file of tasks, as one that is being read.
export function trailOf(path: string, tasks: string | undefined): string {
  return `${path} ${tasks ?? "main"}`;
}

// Refuses an import of a file that is being read, and an include that never ends.
export function refuseEndless(
  trail: string,
  what: "file" | "role",
  isImport: boolean,
  place: Place,
  { stack, passable }: Loading,
): void {
  const depth = stack.filter((one) => one === trail).length;
  const [verb, way] = [
    what === "file" ? "includes" : "needs",
    [...stack, trail]
      .slice(-3)
      .map((one) => one.replace(/ main$/, ""))
      .join(" -> "),
  ];
  const allowed = `include_${what === "file" ? "tasks" : "role"} with a condition may ${what === "file" ? "include its own file" : "name its own role"}`;
  if ((isImport || !passable) && depth > 0)
    throw new InputError(`the ${what} ${verb} itself: ${way}`, place, allowed);
  if (depth > DEEPEST)
    throw new InputError(
      `the ${what} ${verb} itself more than ${DEEPEST} times`,
      place,
      "add a condition to the include that stops it",
    );
}

// The directory of a role.
export function findRole(name: string, loading: Loading): string | undefined {
  return rolePlaces(name, loading, loading.files.paths).find(
    (place) => loading.files.find(place, "tasks", []) !== undefined,
  );
}

// Where a missing role was looked for, and how to add a directory.
function missingHint(name: string, loading: Loading): string {
  const places = rolePlaces(
    name,
    loading,
    loading.files.paths && { ...loading.files.paths, shipped: undefined },
  ).map((place) => tildeFor(dirname(place), loading.files.paths?.home));
  return `looked in ${[...new Set(places)].join(", ")}; set other directories with --roles-path, ANSIBLE_ROLES_PATH or roles_path in ansible.cfg`;
}

// A block that has no keywords of its own.
function bare({ id, place, tags }: RoleUse, { searchPath }: Loading): Common {
  return { id, place, tags, searchPath, keywords: new Map(), vars: new Map() };
}

// A short name for a long one, the same in every run.
function digest(text: string): string {
  return sha256Hex(text).slice(0, 12);
}

// The index among the play's handlers for those of a role: a dependency's handlers are kept with
// those of the role that needs it.
function broughtBy({ by, parents }: Role): "play" | "import" | "include" {
  const found =
    by === "dependency" ? parents.findLast((parent) => parent.by !== "dependency")?.by : by;
  return found === "import" || found === "include" ? found : "play";
}

// A path below the home, as people write it.
function tildeFor(path: string, home: string | undefined): string {
  return home !== undefined && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
