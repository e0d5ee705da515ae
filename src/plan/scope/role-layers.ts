import { collectionOf } from "../../playbook/load/role-search.ts";
import type { Common, Play, Role } from "../../playbook/play.ts";
import type { Layer } from "../model/variables.ts";

// The defaults of all roles that the play sees, and over them those of the task's own role.
export function roleDefaults(seen: readonly Role[], own: Role | undefined): Layer[] {
  const parents = own?.parents.map((role) => ({ nodes: role.defaults })) ?? [];
  return [
    ...seen.flatMap(defaultsOf),
    ...(own ? [...own.dependencies.flatMap(defaultsOf), ...parents, { nodes: own.defaults }] : []),
  ];
}

// A role's defaults over those of the roles that it depends on.
function defaultsOf(role: Role): Layer[] {
  return [...role.dependencies.flatMap(defaultsOf), { nodes: role.defaults }];
}

// The variables of all roles that the play sees, and over them those of the task's own role and of the roles around it.
export function roleVars(seen: readonly Role[], own: Role | undefined): Layer[] {
  return [
    ...seen.flatMap(varsOf),
    ...(own
      ? [...own.parents.flatMap(ownVars), ...own.dependencies.flatMap(varsOf), ...ownVars(own)]
      : []),
  ];
}

// A role's variables over those of the roles that it depends on.
function varsOf(role: Role): Layer[] {
  return [...role.dependencies.flatMap(varsOf), ...ownVars(role)];
}

// What the one who names a role gives it is weaker than what it says itself.
function ownVars(role: Role): Layer[] {
  return [{ nodes: role.given }, { nodes: role.vars }];
}

// Parameters of the task's role over those of the roles around it.
export function roleParams(own: Role | undefined): Layer[] {
  return own ? [...own.parents, own].map((role) => ({ nodes: role.params })) : [];
}

/** The variables that hold names of roles. */
const ROLE_NAMES = new Set([
  "role_names",
  "ansible_play_role_names",
  "ansible_dependent_role_names",
  "ansible_role_names",
  "ansible_play_name",
  "ansible_search_path",
  "role_name",
  "ansible_role_name",
  "ansible_collection_name",
  "role_path",
  "ansible_parent_role_names",
  "ansible_parent_role_paths",
]);

// The names of roles that Ansible sets by itself, found when one is first asked for.
export function roleNames(play: Play, seen: readonly Role[], task: Common): Layer {
  let found: ReadonlyMap<string, unknown> | undefined;
  const all = (): ReadonlyMap<string, unknown> => (found ??= namesAround(play, seen, task));
  return {
    values: {
      get: (name) => (ROLE_NAMES.has(name) ? all().get(name) : undefined),
      keys: () => all().keys(),
    },
  };
}

function namesAround(
  play: Play,
  seen: readonly Role[],
  task: Common,
): ReadonlyMap<string, unknown> {
  const own = task.role;
  const needed = [...new Set([...play.roles, ...seen].flatMap(allDependencies).map(fullName))];
  const named = seen.map(fullName);
  const values = new Map<string, unknown>([
    ["role_names", seen.map(shortName)],
    ["ansible_play_role_names", named],
    ["ansible_dependent_role_names", needed],
    ["ansible_role_names", [...new Set([...needed, ...named])]],
    ["ansible_play_name", play.title],
    ["ansible_search_path", [...task.searchPath]],
  ]);
  if (own) for (const [name, value] of ownNames(own)) values.set(name, value);
  return values;
}

// What a role's tasks know of it.
function ownNames(own: Role): [string, unknown][] {
  const bringers = [...own.parents, own]
    .reverse()
    .flatMap((role) =>
      role.by === "import" || role.by === "include" ? role.parents.slice(-1) : [],
    );
  const collection = collectionOf(own.path);
  const ofCollection: [string, unknown][] =
    collection === undefined ? [] : [["ansible_collection_name", collection]];
  return [
    ["role_name", shortName(own)],
    ["ansible_role_name", fullName(own)],
    ...ofCollection,
    ["role_path", own.path],
    ...(bringers.length === 0
      ? []
      : ([
          ["ansible_parent_role_names", bringers.map(fullName)],
          ["ansible_parent_role_paths", bringers.map(({ path }) => path)],
        ] as [string, unknown][])),
  ];
}

// A role's name without its collection.
function shortName({ name, path }: Role): string {
  const collection = collectionOf(path);
  return collection !== undefined && name.startsWith(`${collection}.`)
    ? name.slice(collection.length + 1)
    : name;
}

// A role's name with its collection, if it is of one.
function fullName(role: Role): string {
  const collection = collectionOf(role.path);
  return collection === undefined ? role.name : `${collection}.${shortName(role)}`;
}

function allDependencies(role: Role): Role[] {
  return role.dependencies.flatMap((other) => [...allDependencies(other), other]);
}
