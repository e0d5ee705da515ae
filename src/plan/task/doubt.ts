/**
 * Values that come from a state which a planned task may still change. A plan continues
 * with the present value; but what would be a mistake with it may not be one by then,
 * so such a task is deferred.
 */
import { factNames } from "../../modules/contract/module.ts";
import type { InputError } from "../../errors.ts";
import { TaskFailure, UndefinedError, UnsupportedError } from "../../errors.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Entry } from "../model/entry.ts";
import type { Invocation } from "../model/invocation.ts";
import type { Walk } from "../model/state.ts";
import type { Variables } from "../model/variables.ts";
import { isSetNowhere, namesOf, neededBehind, neededBy, scalarsOf } from "./undefined-names.ts";

/** Names under which what other hosts know is found, and what is named by a value. */
const ALL_NAMES = ["hostvars", "vars"];

/** Names that are no templates of the user. */
const MAGIC = [...ALL_NAMES, "groups", "ansible_facts"];

// The planned task that may change what an error is made of; undefined: it is a
// mistake whatever is done before.
export function doubtBehind(
  walk: Walk,
  item: Invocation,
  entry: Entry,
  error: TaskFailure | InputError,
): string | undefined {
  if (walk.known.completed.has(item.id) || error instanceof UnsupportedError) return undefined;
  if (error instanceof UndefinedError && isSetNowhere(walk, item, error.variable)) return undefined;
  const isOfLook = error instanceof TaskFailure || item.task.keywords.has("register");
  if (isOfLook && entry.doubt !== undefined && !entry.change) return entry.doubt;
  return doubtOf(walk, item);
}

// Records for the names that a task sets whether their values may be different by then.
export function noteDoubts(walk: Walk, item: Invocation, entries: readonly Entry[]): void {
  const { keywords, args, module } = item.task;
  const register = keywords.get("register");
  const names = register?.kind === "scalar" ? [String(register.value)] : [];
  if (factNames(module) === "parameters")
    names.push(...args.entries.map(({ key }) => String(key.value)));
  if (names.length === 0) return;
  const seen = entries.find(({ id, doubt }) => doubt && !walk.known.completed.has(id))?.doubt;
  const doubt = seen ?? doubtOf(walk, item);
  for (const name of names)
    if (doubt !== undefined) setDoubt(walk, name, doubt);
    else if (walk.doubts.has(name)) walk.doubts.delete(name);
}

// Records a doubt about the value of a name.
function setDoubt({ doubts, pass }: Walk, name: string, doubt: string): void {
  doubts.set(name, doubt);
  pass.hasDoubts = true;
}

// The planned task that may change what some texts are made of.
export function doubtIn(
  walk: Walk,
  variables: Variables,
  nodes: readonly YamlNode[],
): string | undefined {
  if (!walk.pass.hasDoubts) return undefined;
  const names = nodes.flatMap(scalarsOf).flatMap((node) => namesOf(node, walk.host.env, false));
  return firstDoubt(
    walk,
    variables,
    names.map(({ name }) => name),
  );
}

// The planned task that may change what a task is made of.
function doubtOf(walk: Walk, item: Invocation): string | undefined {
  if (!walk.pass.hasDoubts) return undefined;
  // what the text of a template needs is in a file
  if (item.task.module.name === "template") return firstDoubt(walk, item.variables, ["vars"]);
  const needed = [...neededBy(walk, item), ...neededBehind(walk, item)];
  return firstDoubt(
    walk,
    item.variables,
    needed.map(({ name }) => name),
  );
}

// The first doubt about names, or about those that their values depend on.
function firstDoubt(
  walk: Walk,
  variables: Variables,
  names: readonly string[],
  seen = new Set<string>(),
): string | undefined {
  for (const name of names) {
    if (seen.has(name)) continue;
    seen.add(name);
    const node = MAGIC.includes(name) ? undefined : variables.node(name);
    const inside = node
      ? scalarsOf(node).flatMap((part) => namesOf(part, walk.host.env, false))
      : [];
    const found =
      ownDoubt(walk, name) ??
      firstDoubt(
        walk,
        variables,
        inside.map((one) => one.name),
        seen,
      );
    if (found !== undefined) return found;
  }
  return undefined;
}

// The doubt about the value of a name itself.
function ownDoubt({ doubts, pass }: Walk, name: string): string | undefined {
  if (!ALL_NAMES.includes(name)) return doubts.get(name);
  return [...pass.walks.values()].flatMap((walk) => [...walk.doubts.values()])[0];
}
