import { dirname, join, resolve } from "node:path";
import { findModule } from "../../modules/index.ts";
import type { Role } from "../play.ts";
import type { LoadPaths, PlaybookFiles } from "./loading.ts";
import { collectionOf, collectionRoots } from "./roles/role-search.ts";

/** Where a task stands, as far as it decides which module its short name means. */
export interface NamedFrom {
  files: PlaybookFiles;
  directory: string;
  collections: readonly string[];
  role?: Role;
  /** The directories of the roles that were read: Ansible finds their modules from then on. */
  rolesRead: ReadonlySet<string>;
}

/** The endings of modules' files. */
const ENDINGS = [".py", "", ".ps1", ".sh"];
/**
 * Collections that hold Ansible's own modules. With the second, modules in
 * `library` come before them.
 */
const OWN = ["ansible.builtin", "ansible.legacy"];

// The file that Ansible would run for a short name, if that is none of our modules: one of a
// collection that is searched, or in `library` beside the playbook or in a role.
export function otherModule(name: string, from: NamedFrom): string | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  const end = from.collections.findIndex((one) => OWN.includes(one));
  const searched = end < 0 ? from.collections : from.collections.slice(0, end);
  for (const collection of searched) {
    const found = inCollection(name, collection, from);
    if (found !== undefined) return findModule(`${collection}.${name}`) ? undefined : found;
  }
  const isLast = end < 0 && from.role !== undefined && collectionOf(from.role.path) !== undefined;
  return isLast || from.collections[end] === "ansible.builtin" ? undefined : inLibrary(name, from);
}

// A module of a collection, or an action that stands for one.
function inCollection(name: string, collection: string, from: NamedFrom): string | undefined {
  for (const root of collectionRoots(from.directory, from.files.paths)) {
    const home = join(root, "ansible_collections", ...collection.split("."));
    if (!isThere(home, from.files)) continue;
    const found = inDirectories(
      name,
      ["modules", "action"].map((part) => join(home, "plugins", part)),
      from.files,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

// A module that came with the playbook or a role. One of a role that has nothing to do with the
// task replaces none of ours.
function inLibrary(
  name: string,
  { files, directory, role, rolesRead }: NamedFrom,
): string | undefined {
  const near = role ? [role, ...role.parents, ...role.dependencies].map(({ path }) => path) : [];
  const roles = findModule(name) ? near : new Set([...near, ...rolesRead]);
  const homes = [...roles].filter((path) => collectionOf(path) === undefined);
  const places = [directory, ...homes].flatMap((home) => [
    join(home, "library"),
    join(home, "action_plugins"),
  ]);
  return inDirectories(name, places, files);
}

function inDirectories(
  name: string,
  directories: readonly string[],
  files: PlaybookFiles,
): string | undefined {
  return directories
    .filter((directory) => isThere(directory, files))
    .flatMap((directory) => ENDINGS.map((ending) => join(directory, `${name}${ending}`)))
    .find((path) => files.isThere?.(path));
}

/** Which directories are there: each is looked for once, not for each task. */
const known = new WeakMap<PlaybookFiles, Map<string, boolean>>();

function isThere(directory: string, files: PlaybookFiles): boolean {
  const all = known.get(files) ?? new Map<string, boolean>();
  known.set(files, all);
  const found = all.get(directory) ?? files.isThere?.(directory) === true;
  all.set(directory, found);
  return found;
}

// The collection that a playbook belongs to: those in a collection find its modules and
// roles by their short names.
export function playbookCollection(
  directory: string,
  paths: LoadPaths | undefined,
): string | undefined {
  const here = `${resolve(directory)}/`;
  for (const root of paths?.collections ?? []) {
    const start = `${join(root, "ansible_collections")}/`;
    const [namespace, name] = here.startsWith(start) ? here.slice(start.length).split("/") : [];
    if (namespace && name) return `${namespace}.${name}`;
  }
  return undefined;
}

// The directory in which a module's file lies, as a message names it.
export function whereIs(path: string): string {
  const [, namespace, name] = /\/ansible_collections\/(\w+)\/(\w+)\/plugins\//.exec(path) ?? [];
  return namespace === undefined
    ? `a module in ${dirname(path)}`
    : `a module of the collection ${namespace}.${name!}`;
}
