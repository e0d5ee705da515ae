import { collectionOf } from "../../playbook/load/roles/role-search.ts";
import type { Common, Play, Role } from "../../playbook/play.ts";
import { perObject } from "../../remember.ts";
import { wrapScalar } from "../../yaml/data.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Layer } from "../model/variables.ts";

// The defaults of all roles that the play sees, and over them those of the task's own role.
export function roleDefaults(playRoles: readonly Role[], taskRole: Role | undefined): Layer[] {
  const parents = taskRole?.parents.map((role) => ({ nodes: role.defaults })) ?? [];
  return [
    ...playRoles.flatMap(defaultsOf),
    ...(taskRole
      ? [...taskRole.dependencies.flatMap(defaultsOf), ...parents, { nodes: taskRole.defaults }]
      : []),
  ];
}

// A role's defaults over those of the roles that it depends on.
function defaultsOf(role: Role): Layer[] {
  return [...role.dependencies.flatMap(defaultsOf), { nodes: role.defaults }];
}

// The variables of all roles that the play sees, and over them those of the task's own role
// and of the roles around it.
export function roleVars(playRoles: readonly Role[], taskRole: Role | undefined): Layer[] {
  return [
    ...playRoles.flatMap(varsOf),
    ...(taskRole
      ? [
          ...taskRole.parents.flatMap(ownVars),
          ...taskRole.dependencies.flatMap(varsOf),
          ...ownVars(taskRole),
        ]
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
export function roleParams(taskRole: Role | undefined): Layer[] {
  return taskRole ? [...taskRole.parents, taskRole].map((role) => ({ nodes: role.params })) : [];
}

/** The title of a play, which may be a template. */
const titleOf = perObject(
  ({ title, place }: Play): ReadonlyMap<string, YamlNode> =>
    new Map([["ansible_play_name", wrapScalar(title, place)]]),
);

/** The variables that hold names of roles. */
const ROLE_NAMES = new Set([
  "role_names",
  "ansible_play_role_names",
  "ansible_dependent_role_names",
  "ansible_role_names",
  "ansible_search_path",
  "role_name",
  "ansible_role_name",
  "ansible_collection_name",
  "role_path",
  "ansible_parent_role_names",
  "ansible_parent_role_paths",
]);

// The names of roles that Ansible sets by itself, found when one is first asked for.
export function roleNames(play: Play, playRoles: readonly Role[], task: Common): Layer {
  let found: ReadonlyMap<string, unknown> | undefined;
  const all = (): ReadonlyMap<string, unknown> => (found ??= namesAround(play, playRoles, task));
  return {
    nodes: titleOf(play),
    values: {
      get: (name) => (ROLE_NAMES.has(name) ? all().get(name) : undefined),
      keys: () => all().keys(),
    },
  };
}

function namesAround(
  play: Play,
  playRoles: readonly Role[],
  task: Common,
): ReadonlyMap<string, unknown> {
  const own = task.role;
  const needed = [...new Set([...play.roles, ...playRoles].flatMap(allDependencies).map(fullName))];
  const named = playRoles.map(fullName);
  const values = new Map<string, unknown>([
    ["role_names", playRoles.map(shortName)],
    ["ansible_play_role_names", named],
    ["ansible_dependent_role_names", needed],
    ["ansible_role_names", [...new Set([...needed, ...named])]],
    ["ansible_search_path", [...task.searchPath]],
  ]);
  if (own) for (const [name, value] of ownNames(own)) values.set(name, value);
  return values;
}

// What a role's tasks know of it.
function ownNames(role: Role): [string, unknown][] {
  const bringers = [...role.parents, role]
    .reverse()
    .flatMap((role) =>
      role.by === "import" || role.by === "include" ? role.parents.slice(-1) : [],
    );
  const collection = collectionOf(role.path);
  return [
    ["role_name", shortName(role)],
    ["ansible_role_name", fullName(role)],
    ["ansible_collection_name", collection ?? null],
    ["role_path", role.path],
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
