import type { Task } from "../../playbook/play.ts";
import { hideSecretText } from "../../secrets.ts";

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

// What a task without a name is called: its module, and what it is about, such as "file
// /etc/motd" or "command true". Where its arguments are not known, or are others for each item of
// its loop, as they are written.
export function aboutTask({ action, args, module }: Task, known: unknown): string {
  const word = action.split(".").at(-1)!;
  const rendered = Object.entries(known ?? {}) as [string, unknown][];
  const written = args.entries.map(({ key, value }): [string, unknown] => [
    String(key.value),
    value.kind === "scalar" ? value.value : undefined,
  ]);
  const values = new Map([...written, ...rendered]);
  const names = SUBJECTS.flatMap((name) => [
    name,
    ...(module.schema.arguments[name]?.aliases ?? []),
  ]);
  const text = names.map((name) => lineOf(values.get(name))).find((line) => line !== "");
  return text === undefined ? word : `${word} ${text}`;
}

// A parameter on one line; empty where it is neither text nor a list.
function lineOf(value: unknown): string {
  const isPlain = ["string", "number", "boolean"].includes(typeof value);
  const text = Array.isArray(value) ? value.map(String).join(", ") : String(isPlain ? value : "");
  const line = hideSecretText(text.trim().split("\n")[0]!);
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}...` : line;
}
