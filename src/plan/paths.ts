import { TaskFailure } from "../errors.ts";
import type { Argument, Schema } from "../modules/schema.ts";
import type { UserState } from "../probes/account.ts";
import { Unknown, type Json } from "../value.ts";
import { NotAsked, NotKnown } from "./signals.ts";

/** Answers the home of a user of the host; no name: of whom the task runs as. */
export type HomeOf = (user: string | undefined) => string;

/** What Python's expanduser and expandvars take for a home: `~`, `~NAME`, `$HOME`, `${HOME}`. */
const HOMES = /^~([^/]*)(?=\/|$)|\$HOME(?!\w)|\$\{HOME\}/g;

// Writes homes out in all parameters that are paths of the host.
export function expandPaths({ arguments: known }: Schema, args: unknown, homeOf: HomeOf): unknown {
  const given = args as { readonly [name: string]: unknown };
  const isThere = (argument: Argument): boolean => argument.here !== true || given["remote_src"] === true;
  const changed = Object.entries(known).flatMap(([name, argument]) => {
    const value = given[name];
    if (!isThere(argument)) return [];
    if (argument.type === "path" && typeof value === "string") return [[name, expand(value, homeOf)]];
    return argument.elements === "path" && Array.isArray(value) ? [[name, value.map((item) => expand(String(item), homeOf))]] : [];
  });
  return { ...given, ...Object.fromEntries(changed) as object };
}

function expand(path: string, homeOf: HomeOf): string {
  return path.replace(HOMES, (_found, user: string | undefined) => homeOf(user === "" ? undefined : user));
}

// The home of a user as the host tells it, or as a task before makes it.
export function homeOf(name: string, answer: Record<string, Json> | undefined): string {
  if (!answer) throw new NotAsked("the host");
  const user = answer["user"] as UserState;
  if (!user) throw new TaskFailure(`the host has no user "${name}", whose home a path names`, "make the user in a task before");
  if (user.home === null) throw new NotKnown(new Unknown(`the home of ${name}`));
  return user.home;
}
