import type { Place } from "../errors.ts";
import type { AnyModule } from "../modules/index.ts";
import type { MapNode, ScalarNode, YamlNode } from "../yaml/node.ts";

/** What plays, blocks and tasks share: the keywords as written, each with its place. */
export interface Common {
  /** Where it stands in the playbook, the same in every run: "0/tasks/3/block/1". */
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

/** A role as loaded: its variables, and where its files are. */
export interface Role {
  name: string;
  path: string;
  defaults: ReadonlyMap<string, YamlNode>;
  vars: ReadonlyMap<string, YamlNode>;
  /** What the one who names the role passes to it. */
  params: ReadonlyMap<string, YamlNode>;
}

/** One task: a module with its arguments. */
export interface Task extends Common {
  kind: "task";
  module: AnyModule;
  /** The module's name as the user wrote it. */
  action: string;
  args: MapNode;
}

/** Tasks that share keywords, with what is done on a failure and in any case. */
export interface Block extends Common {
  kind: "block";
  block: readonly Item[];
  rescue: readonly Item[];
  always: readonly Item[];
}

/** Tasks from elsewhere: another file, or a role. Its `when` is asked once, and its loop repeats all of them. */
export interface Include extends Common {
  kind: "include";
  what: "tasks" | "role";
  /** The file or role as written; with a template in it, it is known when the host is planned. */
  target: ScalarNode;
  /** The tasks for a target. Each is read once. Throws InputError. */
  expand(target: string): readonly Item[];
}

export type Item = Task | Block | Include;

/** One play: which hosts, and what they must be. */
export interface Play extends Common {
  hosts: YamlNode;
  /** Run one after another; handlers are flushed after each. */
  sections: readonly { name: "pre_tasks" | "tasks" | "post_tasks"; items: readonly Item[] }[];
  handlers: readonly Task[];
  /** Roles of the play; their variables are seen by all its tasks. */
  roles: readonly Role[];
  /** Files of variables, loaded; later ones win. */
  varsFiles: readonly ReadonlyMap<string, YamlNode>[];
}

/** A playbook as read: nothing in it depends on a host yet. */
export interface Playbook {
  file: string;
  plays: readonly Play[];
}
