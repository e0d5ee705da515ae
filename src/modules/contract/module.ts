import type { TemplateNames } from "../../jinja/library/template-variables.ts";
import type { Probe, Probes } from "../../probes/probe.ts";
import type { LocalFile } from "../../script/local-file.ts";
import type { StepOutput } from "../../script/output.ts";
import type { Edges } from "../../jinja/syntax/delimiters.ts";
import type { Script } from "../../script/sh.ts";
import type { Undo } from "../../script/undo.ts";
import type { BroughtFile, RunnerStep } from "./controller-step.ts";
import type { LocalTree } from "./local-tree.ts";
import type { Schema } from "./schema.ts";
import type { Json } from "../../value.ts";
import type { MapNode, YamlNode } from "../../yaml/node.ts";

/**
 * The contract of a module: three pure functions. A module says what must be known (`observe`),
 * what would have to change (`plan`), and what a task that registers it sees (`result`). Check,
 * diff and apply are not its business: the core derives them. The law, tested over every case of
 * every convergent module: `plan(args, change.after) === null`.
 */
export interface Module<Args, S> {
  readonly name: string;
  readonly schema: Schema;
  /**
   * Looks only: never makes a change, so it may wait until after apply without
   * making the plan inexact.
   */
  readonly readOnly?: boolean;
  /**
   * It acts on the run and on no host: what it changes is no line of the change list
   * (add_host, group_by, meta).
   */
  readonly onRun?: OnRun<Args>;
  readonly onController?: OnController<Args>;
  /**
   * For commands that only look (`changed_when: false`, or a module that is `readOnly`): the same
   * as a question, whose answer is what it printed. undefined: these arguments do more than look.
   */
  probe?(args: Args, controller: Controller): Probe<StepOutput> | undefined;
  /**
   * The questions whose answers `plan` needs. Throws TaskFailure for arguments
   * that make no sense together.
   */
  observe(args: Args, controller: Controller): Probes<S>;
  /**
   * The questions in place of those, where their answers show that more must be known;
   * undefined: they are enough.
   */
  observeAgain?(args: Args, first: S): Probes<S> | undefined;
  /**
   * What has to be done; null: it is already so. Throws TaskFailure where it
   * cannot or may not be done.
   */
  plan(args: Args, before: S, controller: Controller): Change<S> | null;
  /**
   * What `register` gets besides changed/failed: Ansible's result keys, often none. `state` is
   * before, or after a change.
   */
  result(
    args: Args,
    state: S,
    outputs: StepOutput[] | undefined,
    controller: Controller,
  ): { [key: string]: unknown };
  /** What a failure registers in place of `msg`, from its words. */
  failed?(words: string): { [key: string]: unknown };
}

/** What a module leaves on the controller: for later tasks, or for people. */
export type OnController<Args> =
  /**
   * Its result's `ansible_facts` become variables of the host: these, `{NAME}` being a parameter's
   * text, or those that its parameters name.
   */
  | { readonly kind: "facts"; readonly names: "parameters" | readonly string[] }
  /**
   * Variables that it reads, with their templates: they rank above those of tasks (include_vars).
   */
  | { readonly kind: "variables"; read(args: Args, controller: Controller): Map<string, YamlNode> }
  /** It may bring a file of the host to this path (fetch). */
  | { readonly kind: "file"; path(args: Args, controller: Controller): string }
  /** Something is printed for people, from the result (debug). */
  | { readonly kind: "message"; text(result: { [key: string]: unknown }): unknown };

// The facts that a module sets: their names, or "parameters"; undefined: none.
export function factNames({
  onController,
}: Pick<Module<never, never>, "onController">): "parameters" | readonly string[] | undefined {
  return onController?.kind === "facts" ? onController.names : undefined;
}

/** How a module acts on the run itself. */
export interface OnRun<Args> {
  /** It may add hosts or groups, so that a play's hosts are not known before it runs. */
  readonly growsInventory: boolean;
  /**
   * Whether it runs once for all hosts of a batch, on the first of them. `written`: a parameter as
   * written in the playbook, if it is a scalar.
   */
  isOnce(written: (parameter: string) => unknown): boolean;
  /** What is done, as data: the planner does it. */
  action(args: Args, controller: Controller): RunAction;
}

/** What a task asks of the run. */
export type RunAction =
  | { kind: MetaAction }
  | {
      kind: "add_host";
      host: string;
      groups: readonly string[];
      vars: { readonly [name: string]: unknown };
    }
  | { kind: "add_group"; group: string; parents: readonly string[] }
  | { kind: "rollback"; undo: boolean };

/** The actions of meta, by Ansible's names. */
export type MetaAction =
  | "flush_handlers"
  | "end_host"
  | "end_batch"
  | "end_play"
  | "clear_facts"
  | "clear_host_errors"
  | "refresh_inventory"
  | "reset_connection"
  | "noop";

/** What a module may ask of the controller while it plans. */
export interface Controller {
  /**
   * A file on the controller, searched as Ansible searches for this kind of task. Throws
   * TaskFailure if it does not exist.
   */
  file(path: string, where: "files" | "templates", as?: Encrypted): LocalFile;
  /**
   * All files below a directory on the controller, for copying a tree; paths are relative to
   * it, directories end in "/". With `follow` also what is behind links to directories.
   */
  tree(path: string, as?: Encrypted & { follow: boolean }): LocalTree;
  /** The members of a tar archive on the controller. */
  archive(path: string): ArchiveMember[];
  /**
   * A file that the controller downloads into its own cache, checked against `checksum`
   * ("sha256:HEX" or "sha256:URL").
   */
  download(url: string, checksum: string | undefined): LocalFile;
  /** Renders a template with the variables of this task, and what it sees of itself. */
  render(file: LocalFile, options?: RenderOptions, named?: TemplateNames): string;
  /**
   * A file of variables on the controller, searched as Ansible does. Throws TaskFailure,
   * InputError where it is wrong.
   */
  vars(path: string): { path: string; vars: MapNode };
  /** A directory of such files, in `vars` of the role or beside the task file. */
  varsTree(path: string): { path: string; tree: LocalTree };
  /** A variable of this task with its templates as they are; undefined: there is none. */
  variable(name: string): YamlNode | undefined;
  /** Evaluates a bare expression (`that:` of assert) with the variables of this task. */
  evaluate(expression: string): unknown;
  /** Whether a bare expression is true, as Python sees it. */
  holds(expression: string): boolean;
  /**
   * An absolute path on the controller: relative ones are resolved from the playbook's
   * directory, `~` is the home.
   */
  place(path: string): string;
  /** What is at an absolute path on the controller; null: nothing. */
  here(path: string): ControllerPath | null;
  /** The user that the task runs as; the paths of our own state differ between root and others. */
  readonly becomeUser: string;
  /**
   * The umask with which that user's login begins. Throws NotAsked where the
   * host was not asked yet.
   */
  umask(): number;
  /** The task is only checked (`check_mode: true`): nothing of its plan is done. */
  readonly isChecked: boolean;
  /** A person sits at a terminal, who could be asked. */
  readonly isInteractive: boolean;
  /** The host is this machine itself. */
  readonly isLocal: boolean;
  /** The groups of a host; undefined: the inventory does not know it. */
  groupsOf(host: string): readonly string[] | undefined;
  /** Whether the inventory, with what was added to it, gives a host a variable of this value. */
  hasVariable(host: string, name: string, value: unknown): boolean;
  /** Whether this host is in a group, and the group in others. */
  inGroup(group: string, parents: readonly string[]): boolean;
}

/** How files that ansible-vault encrypted are taken: decrypted, unless this says otherwise. */
export interface Encrypted {
  decrypt: boolean;
}

export interface RenderOptions {
  trimBlocks?: boolean;
  lstripBlocks?: boolean;
  /** What begins and ends tags, if not Jinja2's own. */
  edges?: Edges;
}

/** What is at a path on the controller, with all digests of a file that results contain. */
export type ControllerPath = { type: "directory" } | ({ type: "file" } & BroughtFile);

/** One member of an archive. Sizes in bytes, mode as permission bits. */
export interface ArchiveMember {
  path: string;
  type: "file" | "directory" | "link" | "hardlink";
  mode: number;
  size: number;
  sha256?: string;
  target?: string;
  uid: number;
  gid: number;
  /** Names of owner and group, which tar prefers to the numbers where the host has them. */
  uname?: string;
  gname?: string;
  /** What index.json and manifest.json at the top of an archive of images say. */
  text?: string;
}

/** What must be done on a host, and what is so afterwards. */
export interface Change<S> {
  /** The state that the same probes will find afterwards. */
  after: S;
  /** States of other subjects that the change also makes (parent directories, unpacked files). */
  also?: Also[];
  steps: Step[];
  /** What the runner itself does after them. */
  runner?: RunnerStep;
  /** How the change is shown to people. */
  diff: Diff[];
  /**
   * Keys of the result that only the planning knows, such as how many lines it replaces. Those that
   * `result` of the module has win.
   */
  result?: { [key: string]: unknown };
  /**
   * `after` and `also` do not describe everything that the change does. true: it may change
   * anything (a command), so volatile answers are unknown until it is done. "start": it starts a
   * daemon, so daemons' answers are unknown. "files": it changes only files. `also` has those that
   * are known; paths marked there as renewed concern units, which may need a restart. "wait": it
   * takes time, in which others may change anything; a plan does not guess what. After any of them,
   * apply asks the host again.
   */
  opaque?: boolean | "start" | "files" | "wait";
  /** Not a change, but it must be done at apply (a check that writes and cleans up). */
  silent?: boolean;
}

// The files that the steps of a change use, each once.
export function filesOf({ steps }: Pick<Change<unknown>, "steps">): LocalFile[] {
  const files = steps.flatMap(({ run }) => run.files ?? []);
  return [...new Map(files.map((file) => [file.sha256, file])).values()];
}

export interface Also {
  kind: string;
  subject: string;
  after: Json;
}

/** One step. `run` ends with 0 or the task fails; `undo` puts back what it replaced. */
export interface Step {
  run: Script;
  undo?: Undo;
  /** The undo waits until all else is undone: files first, then the daemon that reads them. */
  late?: true;
  /**
   * It runs what the user wrote: in the directory, with the umask and the locale
   * that the login begins with.
   */
  asLogin?: true;
  /** Its output says when it ran. */
  timed?: boolean;
  /**
   * The same as `run` without what only the result tells: for tasks whose result is not registered.
   */
  unregistered?: Script;
  /**
   * It creates one thing where nothing exists: then it may be done in bulk,
   * with others of its kind.
   */
  creates?: Creation;
}

/**
 * What a step creates where nothing exists. Without `file` it is a directory, and `run` is one
 * command that leaves the shell as it is.
 */
export interface Creation {
  path: string;
  file?: CreatedFile;
}

/** A file that a step makes, of what travelled to the host. Owner and group may be "". */
export interface CreatedFile {
  sha256: string;
  mode: string;
  owner: string;
  group: string;
}

export type { LocalFile } from "../../script/local-file.ts";
export type { StepOutput } from "../../script/output.ts";

/** One thing that changes, as people see it. */
export type Diff =
  | { kind: "text"; title: string; before: string; after: string }
  | { kind: "field"; title: string; before: string | null; after: string | null }
  | { kind: "note"; title: string };
