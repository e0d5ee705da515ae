import type { Place } from "../errors.ts";
import type { AnyModule } from "../modules/index.ts";
import type { MapNode, ScalarNode, YamlNode } from "../yaml/node.ts";

/** How often tasks may lead to themselves, since nobody knows whether a condition will end it. */
export const DEEPEST = 50;

/** What plays, blocks and tasks share: the keywords as written, each with its place. */
export interface Common {
  /** The position in the playbook, the same in every run: "0/tasks/3/block/1". */
  id: string;
  place: Place;
  name?: ScalarNode;
  keywords: ReadonlyMap<string, YamlNode>;
  vars: ReadonlyMap<string, YamlNode>;
  /** Its own tags and those of all around it. */
  tags: readonly string[];
  /** Folders in which files and templates of this item are looked for, nearest first. */
  searchPath: readonly string[];
  /** The role that it belongs to. */
  role?: Role;
}

/** A role as loaded for one use of it: its variables, and where its files are. */
export interface Role {
  name: string;
  path: string;
  defaults: ReadonlyMap<string, YamlNode>;
  vars: ReadonlyMap<string, YamlNode>;
  /** `vars` of the one who names the role: weaker than the role's own. */
  given: ReadonlyMap<string, YamlNode>;
  /** What the one who names the role passes to it. */
  params: ReadonlyMap<string, YamlNode>;
  /** Named by a play or another role, or brought by a task. */
  by: "play" | "dependency" | "import" | "include";
  /** The roles that brought it in, the outermost first. */
  parents: readonly Role[];
  /** The roles that it depends on. */
  dependencies: readonly Role[];
}

/** One task: a module with its arguments. */
export interface Task extends Common {
  kind: "task";
  module: AnyModule;
  /** The module's name as the user wrote it. */
  action: string;
  args: MapNode;
  /** It cannot be done, for this reason: what is in it is not supported. */
  refusal?: Error;
}

/** Tasks that share keywords, with what is done on a failure and in any case. */
export interface Block extends Common {
  kind: "block";
  block: readonly Item[];
  rescue: readonly Item[];
  always: readonly Item[];
  /** It was an import. */
  imported?: boolean;
  /**
   * It is a role: the key that distinguishes this use from others, and whether it is skipped if the
   * host has already done the same in this play.
   */
  use?: { key: string; isOnce: boolean };
}

/**
 * Tasks from elsewhere: another file, or a role. Its `when` is asked once, and its
 * loop repeats all of them.
 */
export interface Include extends Common {
  kind: "include";
  what: "tasks" | "role";
  /** The file or role as written; with a template in it, it is known when the host is planned. */
  target: ScalarNode;
  /** The files of a role that are named: `tasks` -> the value of tasks_from. */
  from: ReadonlyMap<string, ScalarNode>;
  /** What it brings, for a target and files as rendered. Each is read once. Throws InputError. */
  expand(target: string, from: From): Brought;
  /** What it brings in, if its names contain no template. */
  known?: Brought;
  /**
   * It is an import whose name variables give: its tags are those of its tasks, so
   * that it is always gone into.
   */
  imported?: boolean;
  /** The role's variables are seen by all later tasks of the play. */
  isPublic: boolean;
}

/** The files of a role by its parts, as rendered. */
export interface From {
  readonly [part: string]: string;
}

/** What an include brings when it is gone into. */
export interface Brought {
  items: readonly Item[];
  /** The role that they belong to. */
  role?: Role;
  /** Handlers that can be notified from then on. */
  handlers: readonly Handler[];
  /** Imported roles, whose variables all see from then on. */
  roles: readonly Role[];
}

export type Item = Task | Block | Include;

/** A task that runs when it is notified. */
export type Handler = (Task | Include) & {
  /** What is around it besides the play: its role as it was named, an import. */
  around: readonly Common[];
  /**
   * The list that it is in: among handlers with the same name, the first one in
   * the last list is used.
   */
  list: string;
};

/** One play: which hosts, and what they must be. */
export interface Play extends Common {
  hosts: YamlNode;
  /** What people call it: its name, else the pattern of its hosts, as in Ansible. */
  title: string;
  /** The directory of its file, as an absolute path: playbook_dir. */
  folder: string;
  /** The playbook that it is run for: its own file, or one that imports it. */
  book: string;
  /** Run one after another; handlers are flushed after each. */
  sections: readonly { name: "pre_tasks" | "tasks" | "post_tasks"; items: readonly Item[] }[];
  /** In the order in which they run; includes bring more. */
  readonly handlers: readonly Handler[];
  /** Roles of the play; their variables are seen by all its tasks. */
  roles: readonly Role[];
  /** Files of variables; later ones win. */
  varsFiles: readonly VarsFile[];
  /** What a person is asked for before the play. */
  prompts: readonly Prompt[];
}

/** One variable of vars_prompt. */
export interface Prompt {
  name: string;
  place: Place;
  /** What is asked; the variable's name unless said. */
  prompt?: YamlNode;
  /** The value if nothing is answered. */
  fallback?: YamlNode;
  /** Nothing of the answer is shown. */
  isPrivate: boolean;
  /** It is asked for twice. */
  isConfirmed: boolean;
}

/** One entry of vars_files: the first of these files that exists. */
export interface VarsFile {
  choices: readonly ScalarNode[];
  /** The variables of the file of a name; undefined: there is none. Throws InputError. */
  load(name: string): ReadonlyMap<string, YamlNode> | undefined;
  place: Place;
}

/** A playbook as read: nothing in it depends on a host yet. */
export interface Playbook {
  /** The first of its files. */
  file: string;
  /** The playbooks that are run one after another. */
  files: readonly string[];
  plays: readonly Play[];
}
