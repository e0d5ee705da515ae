import { dirname, resolve } from "node:path";
import { DirectoryError, InputError, type Place } from "../../errors.ts";
import {
  TEMPLATE_VARIABLES,
  templateVariable,
  type TemplateNames,
} from "../../jinja/library/template-variables.ts";
import { isTruthy, plainOrigin, parseTemplate, renderTemplate } from "../../jinja/template.ts";
import type { LocalTree } from "../../modules/contract/local-tree.ts";
import type {
  Encrypted,
  Controller,
  ControllerPath,
  LocalFile,
  ArchiveMember,
} from "../../modules/contract/module.ts";
import type { LocalRequest } from "../../controller/files.ts";
import type { Task } from "../../playbook/play.ts";
import { lookedFor } from "../../suggest.ts";
import { findUnknown, Unknown } from "../../value.ts";
import { NotAsked, NotKnown } from "../model/signals.ts";
import { equals } from "../../jinja/core/dict.ts";
import { toValue } from "../../yaml/data.ts";
import type { MapNode } from "../../yaml/node.ts";
import type { Layer, Variables } from "../model/variables.ts";
import { folderOfPlay, type Walk } from "../model/state.ts";
import { defined } from "../../defined.ts";

// What a module may ask of the controller: from memory only. What is not loaded
// yet is noted as wanted.
export function controllerFor(
  walk: Walk,
  task: Task,
  variables: Variables,
  becomeUser: string,
): Controller {
  const evaluate = (expression: string): unknown =>
    known(variables.evaluateText(expression, task.place));
  const load = (request: LocalRequest): unknown => loaded(walk, task, request);
  return {
    file: (path, where, as) =>
      load({ kind: "file", path: locate(walk, task, path, where), ...encrypted(as) }) as LocalFile,
    tree: (path, as) =>
      load({
        kind: "tree",
        path: locate(walk, task, path, "files"),
        ...encrypted(as),
        ...defined({ follow: as?.follow === true ? true : undefined }),
      }) as LocalTree,
    archive: (path) =>
      load({ kind: "archive", path: locate(walk, task, path, "files") }) as ArchiveMember[],
    download: (url, checksum) =>
      load({ kind: "download", url, ...defined({ checksum }) }) as LocalFile,
    render: remembered(
      (file, options, more) =>
        known<unknown>(
          renderTemplate(
            parseTemplate(textOf(file), plainOrigin(file.path ?? "content", textOf(file)), {
              env: walk.host.env,
              ...options,
            }),
            variables.with(templateLayer(walk, file, more)),
            walk.host.env,
          ),
        ) as string,
    ),
    place: (path) => walk.host.files.place(path, folderOfPlay(walk)),
    here: (path) => load({ kind: "here", path }) as ControllerPath | null,
    vars: (path) => readVars(walk, task, locate(walk, task, path, "vars")),
    varsTree: (path) => readVarsTree(walk, task, varsFolder(task, path)),
    variable: (name) => variables.node(name),
    evaluate,
    holds: (expression) => isTruthy(evaluate(expression)),
    becomeUser,
    umask: () => {
      throw new NotAsked("the host");
    },
    isChecked: false,
    isInteractive: walk.host.options.isInteractive === true,
    isLocal: walk.host.isLocal,
    inGroup: (group, parents) =>
      walk.pass.view.groupNames(walk.host.name).includes(group) &&
      parents.every((parent) => parent === "all" || walk.pass.view.isChild(parent, group)),
    groupsOf: (host) =>
      walk.pass.view.hosts.has(host) ? walk.pass.view.groupNames(host) : undefined,
    hasVariable: (host, name, value) => {
      const { values, nodes } = walk.pass.view.variables(host);
      const node = nodes?.get(name);
      const now = values?.get(name) ?? (node && toValue(node));
      return now !== undefined && equals(now, value);
    },
  };
}

// What only templates see.
function templateLayer(walk: Walk, { path = "" }: LocalFile, named?: TemplateNames): Layer {
  const { outside } = walk.host.env;
  const file = { name: path, fullPath: path, ...named };
  return {
    values: {
      get: (name) =>
        name === "ansible_managed"
          ? managedBy(walk, path)
          : outside && templateVariable(name, file, outside),
      keys: () => ["ansible_managed", ...TEMPLATE_VARIABLES],
    },
  };
}

// The content of `ansible_managed` in managed files; ansible.cfg may set it.
function managedBy({ host }: Walk, path: string): string {
  return (host.options.ansibleManaged ?? "Ansible managed")
    .replaceAll("{file}", path)
    .replaceAll("{host}", host.env.outside?.hostname() ?? "");
}

// A module renders the same text when it asks, when it plans and when it reports
// the result: once is enough.
function remembered(render: Controller["render"]): Controller["render"] {
  const texts = new Map<string, string>();
  return (file, options, more) => {
    const key = `${file.sha256} ${JSON.stringify(options)}`;
    if (!texts.has(key)) texts.set(key, render(file, options, more));
    return texts.get(key)!;
  };
}

// `decrypt: false` of a module.
function encrypted(as: Encrypted | undefined): { encrypted?: true } {
  return as?.decrypt === false ? { encrypted: true } : {};
}

// The absolute path of a file that a task names.
export function locate(
  walk: Walk,
  task: Task,
  path: string,
  where: "files" | "templates" | "vars",
): string {
  const { files } = walk.host;
  const awaited = files.expected(path, where, task.searchPath);
  if (awaited !== undefined) throw new NotKnown(new Unknown(`a file that task "${awaited}" makes`));
  const absolute = files.find(path, where, [...task.searchPath]);
  if (absolute !== undefined) return absolute;
  const places = walk.host.files.places(path, where, task.searchPath);
  throw new InputError(
    `could not find "${path}" on the controller`,
    argumentPlace(task, path),
    lookedFor(places),
    places,
  );
}

/** Parameters that name a file of the controller. */
const NAMES_FILE = ["src", "file", "dir", "cmd", "url"];

// Where a task names a file: the parameter that is written so, else the one that usually does.
function argumentPlace({ args, place }: Task, path: string): Place {
  const said = args.entries.find(({ value }) => value.kind === "scalar" && value.value === path);
  return (
    (said ?? args.entries.find(({ key }) => NAMES_FILE.includes(String(key.value))))?.value.place ??
    place
  );
}

function readVars(walk: Walk, task: Task, path: string): { path: string; vars: MapNode } {
  return { path, vars: loaded(walk, task, { kind: "vars", path }) as MapNode };
}

function readVarsTree(walk: Walk, task: Task, path: string): { path: string; tree: LocalTree } {
  return { path, tree: loaded(walk, task, { kind: "tree", path, follow: true }) as LocalTree };
}

// A directory of variables: below vars/ of the role, or beside the task file.
function varsFolder({ role, place }: Task, dir: string): string {
  if (!role) return resolve(dirname(place.file), dir);
  return dir.split("/")[0] === "vars" ? resolve(role.path, dir) : resolve(role.path, "vars", dir);
}

// An answer of the controller's disk, or the note that it is wanted.
function loaded(walk: Walk, task: Task, request: LocalRequest): unknown {
  const answer = walk.host.files.loaded(request);
  if (answer === undefined) {
    walk.wanted.set(JSON.stringify(request), request);
    throw new NotAsked("a file on the controller");
  }
  if ("error" in answer)
    throw request.kind === "download" ? answer.error : asMistake(answer.error, task, request.path);
  return answer.value;
}

// A file of the controller that cannot be read is a mistake at the place that names it.
function asMistake(
  error: Error & { hint: string | undefined; place?: Place | undefined },
  task: Task,
  path: string,
): InputError {
  if (error instanceof DirectoryError) return new DirectoryError(path, argumentPlace(task, path));
  return error instanceof InputError
    ? error
    : new InputError(error.message, argumentPlace(task, path), error.hint);
}

// Values that only apply will bring end the planning of this task.
function known<T>(value: T | Unknown): T {
  const unknown = findUnknown(value);
  if (unknown) throw new NotKnown(unknown);
  return value as T;
}

function textOf(file: LocalFile): string {
  if (file.text !== undefined) return file.text;
  throw new InputError(
    "this template is not UTF-8 text, or larger than 1 MiB",
    { file: file.path ?? "the template", line: 1, column: 1 },
    "save it as UTF-8; use copy for files that are not text",
  );
}
