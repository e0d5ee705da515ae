import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Loading, LoadPaths } from "../loading.ts";

/** What a name's search begins at. */
type Around = Pick<Loading, "directory" | "collections" | "role">;

// The paths where a role may be, in Ansible's order, followed by the roles that
// come with Hullwright.
export function rolePlaces(
  name: string,
  { directory, collections, role }: Around,
  paths: LoadPaths | undefined,
): string[] {
  if (isAbsolute(name) || name.startsWith("~/")) return [atHome(name, paths)];
  const [roles, own] = [paths?.roles ?? [], role ? [dirname(role.path)] : []];
  const beside = [join(directory, "roles"), ...roles, ...own, directory].map((one) =>
    join(one, name),
  );
  const shipped = paths?.shipped === undefined ? [] : [join(paths.shipped, "roles", name)];
  return [
    ...new Set([
      ...collectionPlaces(name, collections, "roles", directory, paths),
      ...beside,
      resolve(name),
      ...shipped,
    ]),
  ];
}

// The paths where an imported playbook may be.
export function playbookPlaces(
  name: string,
  directory: string,
  paths: LoadPaths | undefined,
): string[] {
  const named = collectionPlaces(name, [], "playbooks", directory, paths).flatMap((path) =>
    ["", ".yml", ".yaml"].map((ending) => `${path}${ending}`),
  );
  const shipped =
    paths?.shipped !== undefined && !name.includes("/")
      ? [join(paths.shipped, name), join(paths.shipped, `${name}.yml`)]
      : [];
  return [...named, resolve(directory, atHome(name, paths)), ...shipped];
}

// The path of something in a collection: one with a full name, NAMESPACE.COLLECTION.NAME, or in one
// of the collections to search.
function collectionPlaces(
  name: string,
  searched: readonly string[],
  part: string,
  directory: string,
  paths: LoadPaths | undefined,
): string[] {
  const found = collectionNames(name, searched);
  return found.flatMap(([from, word]) =>
    collectionRoots(directory, paths).map((root) =>
      join(root, "ansible_collections", ...from.split("."), part, ...word.split(".")),
    ),
  );
}

// The directories that may hold `ansible_collections`, the one beside the playbook first.
export function collectionRoots(directory: string, paths: LoadPaths | undefined): string[] {
  return [join(directory, "collections"), ...(paths?.collections ?? [])];
}

// The collections that a name may be of, each with the name that it has there.
function collectionNames(
  name: string,
  searched: readonly string[],
): (readonly [collection: string, name: string])[] {
  const [, collection, rest] = /^(\w+\.\w+)\.(\w+(?:\.\w+)*)$/.exec(name) ?? [];
  if (collection !== undefined) return [[collection, rest!]];
  return /^\w+$/.test(name) ? searched.map((one) => [one, name] as const) : [];
}

// The collection that a role belongs to by its path.
export function collectionOf(path: string): string | undefined {
  const [, namespace, name] = /\/ansible_collections\/(\w+)\/(\w+)\/roles\//.exec(path) ?? [];
  return namespace === undefined ? undefined : `${namespace}.${name!}`;
}

// A path whose `~` is written out.
function atHome(name: string, paths: LoadPaths | undefined): string {
  return name.startsWith("~/") && paths ? join(paths.home, name.slice(1)) : name;
}
