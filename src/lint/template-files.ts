import { InputError, type Place } from "../errors.ts";
import {
  parseTemplate,
  plainOrigin,
  standardEnvironment,
  templatesNamed,
} from "../jinja/template.ts";
import type { PlaybookFiles } from "../playbook/load/load.ts";
import { keywordBool } from "../playbook/nodes.ts";
import type { ReadAttempt } from "../playbook/load/loading.ts";
import { lookedFor } from "../suggest.ts";
import { mapGet, type MapNode, type ScalarNode } from "../yaml/node.ts";
import type { PlacedTask } from "../playbook/visit.ts";

/**
 * Which parameter of a module names a file on the controller, and in which
 * directory it is looked for first.
 */
const NAMES: Readonly<
  Record<string, readonly [parameter: string, where: "files" | "templates" | "vars"]>
> = {
  assemble: ["src", "files"],
  copy: ["src", "files"],
  template: ["src", "templates"],
  unarchive: ["src", "files"],
  script: ["cmd", "files"],
  include_vars: ["file", "vars"],
  ctr_image: ["src", "files"],
};

/** Reads the files that tasks name, each template with those that it includes. */
export class TaskFiles {
  private readonly files: PlaybookFiles;
  private readonly attempt: ReadAttempt;
  private readonly read = new Set<string>();

  constructor(files: PlaybookFiles, attempt: ReadAttempt) {
    this.files = files;
    this.attempt = attempt;
  }

  // Notes what is wrong with the files that a task names; `isCertain`: a file that
  // is missing ends the task.
  check(placed: PlacedTask, isCertain: boolean): void {
    const { task } = placed;
    const [parameter, where] = NAMES[task.module.name] ?? [];
    const node = parameter === undefined ? undefined : mapGet(task.args, parameter);
    const name =
      node?.kind === "scalar" && isOfController(task)
        ? plainName(node, task.module.name)
        : undefined;
    if (name === undefined) return;
    this.attempt(() => {
      const path = this.files.find(name, where!, task.searchPath);
      if (path !== undefined)
        return where === "templates" && isStandard(task.args)
          ? this.template(path, node!.place, task.searchPath)
          : undefined;
      if (isCertain)
        throw new InputError(
          `could not find "${name}" on the controller`,
          node!.place,
          lookedFor(
            task.searchPath.flatMap((folder) => [
              `${folder}/${where!}/${name}`,
              `${folder}/${name}`,
            ]),
          ),
        );
      return undefined;
    });
  }

  // Parses a template, and those that it names literally.
  private template(path: string, from: Place, searchPath: readonly string[]): void {
    if (this.read.has(path)) return;
    this.read.add(path);
    const source = this.files.read(path, from);
    const template = parseTemplate(source, plainOrigin(path, source), {
      env: standardEnvironment(),
    });
    for (const { name, isNeeded, place } of templatesNamed(template))
      this.attempt(() => this.named(name, isNeeded, place, searchPath));
  }

  private named(
    name: string,
    isNeeded: boolean,
    place: Place,
    searchPath: readonly string[],
  ): void {
    const beside = place.file.slice(0, place.file.lastIndexOf("/"));
    const folders = [...searchPath, beside];
    const path = this.files.find(name, "templates", folders);
    if (path !== undefined) this.template(path, place, searchPath);
    else if (isNeeded)
      throw new InputError(
        `there is no template "${name}"`,
        place,
        lookedFor(
          folders.flatMap((folder) => [`${folder}/templates/${name}`, `${folder}/${name}`]),
        ),
      );
  }
}

// Whether the file is one of the controller, and not of the host or of the net.
function isOfController({ args, module }: PlacedTask["task"]): boolean {
  const remote = mapGet(args, "remote_src");
  if (remote !== undefined) return keywordBool(remote) === false;
  return module.schema.arguments["remote_src"]?.default !== true;
}

// The name of a file, where it is known without variables.
function plainName({ value }: ScalarNode, module: string): string | undefined {
  const text = typeof value === "string" ? value : "";
  if (text === "" || /\{\{|\{%|:\/\//.test(text)) return undefined;
  return module === "script" ? /^[^\s"']+/.exec(text)?.[0] : text;
}

// Whether a template's tags are those of Jinja2.
function isStandard(args: MapNode): boolean {
  return !args.entries.some(({ key }) => /_(start|end)_string$/.test(String(key.value)));
}
