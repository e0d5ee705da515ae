import type { Place, UnsupportedError } from "../../errors.ts";
import type { MapEntry, MapNode, Warn } from "../../yaml/node.ts";
import { addDefaults, type ModuleDefaults } from "./module-defaults.ts";
import { wordsOf } from "../nodes.ts";
import type { Block, Common, Handler, Include, Role } from "../play.ts";

/**
 * Finds and reads other files that a playbook names. `read` throws InputError with
 * the place that named them.
 */
export interface PlaybookFiles {
  read(path: string, from: Place): string;
  find(
    name: string,
    where: "vars" | "tasks" | "handlers" | "templates" | "files",
    searchPath: readonly string[],
  ): string | undefined;
  /**
   * The files of variables in a directory, in the order in which they are read;
   * undefined: it is no directory.
   */
  list?(path: string): readonly string[] | undefined;
  /**
   * Whether a file or directory is there. Without it no modules are found that others have written.
   */
  isThere?(path: string): boolean;
  /** Where roles and playbooks are looked for, besides the playbook's own directory. */
  paths?: LoadPaths;
  /**
   * What is not supported is no mistake before a host comes to it, even where
   * every host does (compare).
   */
  takesUnsupported?: boolean;
}

/**
 * Does a piece of the reading. Where all mistakes are wanted and not only the first, one is noted
 * here, and undefined is answered.
 */
export type ReadAttempt = <T>(read: () => T) => T | undefined;

/** The position of the reader. */
export interface Loading {
  files: PlaybookFiles;
  warn: Warn;
  /** Tolerates mistakes that only fail the hosts that reach them. */
  note: Warn;
  attempt: ReadAttempt;
  /** Folders in which files are looked for, nearest first. */
  searchPath: readonly string[];
  /** The directory of the playbook's file. */
  directory: string;
  /** The collections in which roles and modules are looked for that are not named in full. */
  collections: readonly string[];
  /**
   * The collection that the playbook is a part of: it is always searched, in roles
   * of collections only theirs.
   */
  collection?: string;
  /** The directories of the roles that were read so far. */
  readonly rolesRead: Set<string>;
  /** Files that are being read, to find those that include themselves. */
  stack: readonly string[];
  /** The role that is being read. */
  role?: Role;
  /**
   * Imports and blocks around, and roles as they were named: what handlers of a role inherit from.
   */
  around: readonly Common[];
  /** `module_defaults` of all around. */
  defaults: ModuleDefaults;
  /** Handlers are being read: files are looked for in `handlers`, and a role's name brings none. */
  handling: boolean;
  /**
   * What is read may never run: it is behind a condition or a loop, in a rescue, or is a handler.
   */
  passable: boolean;
  /** What is gathered for the whole play. */
  play: Gathered;
  /** The file that Ansible would run for the short name of a module, if that is none of ours. */
  other(name: string, loading: Loading): string | undefined;
  /** Reads an include; `tags` are those of what is around it. */
  include(
    entry: MapEntry,
    common: Common,
    tags: readonly string[],
    loading: Loading,
  ): Include | Block;
}

/** What is gathered for a play while it is read. */
export interface Gathered {
  /** The play's id. */
  id: string;
  /** Handlers by what brought them; they run in this order. */
  handlers: { play: Handler[]; own: Handler[]; import: Handler[]; include: Handler[] };
  /** Imported roles, whose variables all tasks see. */
  roles: { import: Role[] };
}

// The gathering of a play that was not read yet.
export function nothingGathered(id: string): Gathered {
  return { id, handlers: { play: [], own: [], import: [], include: [] }, roles: { import: [] } };
}

// The position of the reader inside a block, an import or a role.
export function within(loading: Loading, common: Common): Loading {
  const named = common.keywords.get("collections");
  const own = loading.collection === undefined ? [] : [loading.collection];
  const collections = named ? [...new Set([...own, ...wordsOf(named)])] : loading.collections;
  return {
    ...behind(loading, common),
    collections,
    around: [...loading.around, common],
    defaults: addDefaults(
      loading.defaults,
      common.keywords.get("module_defaults"),
      (name) => loading.other(name, loading) !== undefined,
    ),
  };
}

// The reader's position after the condition, loop and tags of something.
export function behind(loading: Loading, common: Common): Loading {
  return { ...loading, passable: loading.passable || isPassable(common) };
}

// Handles an unsupported feature: an error if every host reaches it, otherwise a note.
export function unsupported(common: Common, loading: Loading): (error: UnsupportedError) => void {
  const { passable, note, files } = behind(loading, common);
  return (error) => {
    if (!passable && !files.takesUnsupported) throw error;
    note(error.message, error.place ?? common.place);
  };
}

// Whether a run may leave something out: for its condition, for an empty loop, or by its tags.
function isPassable({ keywords, tags }: Common): boolean {
  return (
    [...keywords.keys()].some(
      (name) => name === "when" || name === "loop" || name.startsWith("with_"),
    ) || tags.some((tag) => tag !== "always")
  );
}

// A mapping without entries, for what has no keywords.
export function noEntries(place: Place): MapNode {
  return { kind: "map", entries: [], place };
}

/** Where roles and playbooks are looked for besides the directory of the playbook. */
export interface LoadPaths {
  /** The home of whoever runs the program, for `~/`. */
  home: string;
  /**
   * Directories of roles: `--roles-path`, else ANSIBLE_ROLES_PATH or ansible.cfg's
   * roles_path, else Ansible's own.
   */
  roles: readonly string[];
  /** Directories that hold `ansible_collections`. */
  collections: readonly string[];
  /** The directory of the playbooks that come with the program; their roles are below it. */
  shipped: string | undefined;
  /** Their names. */
  playbooks: readonly string[];
}
