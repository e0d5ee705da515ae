import { InputError } from "../../errors.ts";
import {
  namesNeededByTemplate,
  parseTemplate,
  plainOrigin,
  type NeededName,
} from "../../jinja/template.ts";
import type { LocalRequest } from "../../controller/files.ts";
import type { LocalFile } from "../../modules/contract/module.ts";
import { mapGet } from "../../yaml/node.ts";
import type { Invocation } from "../model/invocation.ts";
import { NotAsked } from "../model/signals.ts";
import type { Walk } from "../model/state.ts";
import { insteadOf } from "../../instead-of.ts";

/** What a template sees besides the variables of its task. */
const OF_TEMPLATES =
  /^(?:ansible_managed|template_(?:host|uid|path|fullpath|destpath|mtime|run_date))$/;

/** Parameters of the template module that give tags another look. */
const TAGS = /^(?:variable|block|comment)_(?:start|end)_string$/;

/**
 * What the file of a template task needs, where it is known which file it is. It is read if it has
 * not been: until then, what it needs is still open.
 */
export function neededByFile(walk: Walk, { task, variables }: Invocation): NeededName[] | NotAsked {
  const { name, schema } = task.module;
  const hasOwnTags = task.args.entries.some(({ key }) => TAGS.test(String(key.value)));
  const src = mapGet(task.args, "src");
  if (name !== "template" || schema.freeForm !== undefined || hasOwnTags || !src) return [];
  // the task itself will tell
  return insteadOf([InputError], [], () => {
    const path = variables.render(src);
    const file = typeof path === "string" ? fileAt(walk, task.searchPath, path) : undefined;
    return file instanceof NotAsked ? file : neededIn(file, walk);
  });
}

// The file of a template; undefined: there is none, or it cannot be read.
function fileAt(
  walk: Walk,
  searchPath: readonly string[],
  name: string,
): LocalFile | NotAsked | undefined {
  const { files } = walk.host;
  if (files.expected(name, "templates", searchPath) !== undefined) return undefined;
  const path = files.find(name, "templates", [...searchPath]);
  if (path === undefined) return undefined;
  const request: LocalRequest = { kind: "file", path };
  const answer = files.loaded(request);
  if (answer && "error" in answer) return undefined;
  if (answer) return answer.value as LocalFile;
  walk.wanted.set(JSON.stringify(request), request);
  return new NotAsked("a file on the controller");
}

// The names that a file needs as a template.
function neededIn(file: LocalFile | undefined, walk: Walk): NeededName[] {
  if (file?.text === undefined || file.secret) return [];
  const origin = plainOrigin(file.path ?? "the template", file.text);
  const { env } = walk.host;
  const template = parseTemplate(file.text, origin, { env });
  return namesNeededByTemplate(template).filter(({ name: needed }) => !OF_TEMPLATES.test(needed));
}
