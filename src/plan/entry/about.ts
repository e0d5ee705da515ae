import type { Task } from "../../playbook/play.ts";
import type { AnyModule } from "../../modules/index.ts";
import { perObject } from "../../remember.ts";
import { hideSecretText } from "../../secrets.ts";
import type { MapNode } from "../../yaml/node.ts";

/** Parameters that say what a task is about; the first that it has does. */
const SUBJECTS = [
  "path",
  "dest",
  "name",
  "cmd",
  "argv",
  "src",
  "url",
  "repo",
  "key",
  "action",
  "port",
  "file",
];

/** Longer subjects are cut. */
const MAX_LENGTH = 100;

// The names of a module's subjects, with their aliases.
const subjectsOf = perObject(({ schema }: AnyModule) =>
  SUBJECTS.flatMap((name) => [name, ...(schema.arguments[name]?.aliases ?? [])]),
);

// What a task without a name is called: its module, and what it is about, such as "file
// /etc/motd" or "command true". Where its arguments are not known, or are others for each item of
// its loop, as they are written.
export function aboutTask({ action, args, module }: Task, known: unknown): string {
  const word = action.split(".").at(-1)!;
  const rendered = (known ?? {}) as { readonly [name: string]: unknown };
  for (const name of subjectsOf(module)) {
    const line = lineOf(Object.hasOwn(rendered, name) ? rendered[name] : writtenOf(args, name));
    if (line !== "") return `${word} ${line}`;
  }
  return word;
}

// A parameter as it is written, where that is no list or mapping.
function writtenOf(args: MapNode, name: string): unknown {
  const value = args.entries.findLast(({ key }) => String(key.value) === name)?.value;
  return value?.kind === "scalar" ? value.value : undefined;
}

// A parameter on one line; empty where it is neither text nor a list.
function lineOf(value: unknown): string {
  const isPlain = ["string", "number", "boolean"].includes(typeof value);
  const text = Array.isArray(value) ? value.map(String).join(", ") : String(isPlain ? value : "");
  const line = hideSecretText(text.trim().split("\n")[0]!);
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}...` : line;
}
