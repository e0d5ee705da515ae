import { InputError, UnsupportedError } from "../../errors.ts";
import { isForeignModule } from "../../modules/catalogue/foreign.ts";
import { findModule } from "../../modules/index.ts";
import type { MapEntry, MapNode } from "../../yaml/node.ts";
import { moduleHint } from "../keywords/hints.ts";
import { checkKeyword, KEYWORDS } from "../keywords/keywords.ts";
import { whereIs } from "./other-modules.ts";

// A module of others that Ansible would run here. All else must be right.
export function otherRefused({ key }: MapEntry, keywords: MapNode, path: string): UnsupportedError {
  for (const each of keywords.entries) checkKeyword("task", each);
  const name = String(key.value);
  const module = findModule(name);
  return new UnsupportedError(
    `"${name}" is ${whereIs(path)}, which Hullwright does not run`,
    key.place,
    module
      ? `for Hullwright's own write ${module.schema.collection ?? "ansible.builtin"}.${name}`
      : '"hullwright doc" lists the modules',
  );
}

// A key that is neither keyword nor module: says the nearest of both. Beside a module that only
// Ansible has, all else must be right.
export function unknownModule(
  entry: MapEntry,
  candidates: MapEntry[],
  keywords: MapNode,
  includes: Iterable<string>,
): InputError {
  const name = String(entry.key.value);
  if (isForeignModule(name)) {
    for (const each of keywords.entries) checkKeyword("task", each);
    return new UnsupportedError(`unknown module "${name}"`, entry.key.place, moduleHint(name, []));
  }
  const what =
    candidates.length > 1
      ? `"${name}" is neither a keyword of a task nor a module`
      : `unknown module "${name}"`;
  const hint = Object.hasOwn(KEYWORDS.play, name)
    ? "this looks like a playbook; use import_playbook, on the level of plays"
    : moduleHint(name, [...Object.keys(KEYWORDS.task), ...includes]);
  return new InputError(what, entry.key.place, hint);
}
