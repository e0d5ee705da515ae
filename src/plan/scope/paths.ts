import { join } from "node:path/posix";
import { TaskFailure } from "../../errors.ts";
import type { AnyModule } from "../../modules/index.ts";
import type { Argument } from "../../modules/contract/schema.ts";
import type { UserState } from "../../probes/system/account.ts";
import { Unknown, type Json } from "../../value.ts";
import { NotAsked, NotKnown } from "../model/signals.ts";

/** What a host is asked so that paths on it can be written out. */
export interface HostPaths {
  /** The home of a user; without a name: of the user that the task runs as. */
  homeOf(user: string | undefined): string;
  /** The directory in which relative paths begin. */
  directory(): string;
  /** A variable that the task's `environment` sets. */
  variable(name: string): string | undefined;
}

/** What Python's expandvars treats as a variable. */
const VARIABLES = /\$(\w+)|\$\{([^}]*)\}/g;
/** What Python's expanduser and expandvars treat as a home: `~`, `~NAME`, `$HOME`, `${HOME}`. */
const HOMES = /^~([^/]*)(?=\/|$)|\$HOME(?!\w)|\$\{HOME\}/g;

// Writes all parameters that are paths of the host as absolute ones: homes, and
// where a relative path begins.
export function expandPaths(
  { schema }: Pick<AnyModule, "schema">,
  args: unknown,
  host: HostPaths,
): unknown {
  const given: Record<string, unknown> = { ...(args as object) };
  const isOurs = schema.collection === OURS;
  const write = (argument: Argument, path: string): string => {
    const expanded = expand(path, host);
    return isOurs || isAsWritten(argument, given) || !isRelative(expanded)
      ? expanded
      : join(beginning(argument, given, host), expanded);
  };
  // what others begin in comes first
  const known = Object.entries(schema.arguments).toSorted(
    ([, a], [, b]) => Number(a.within !== undefined) - Number(b.within !== undefined),
  );
  for (const [name, argument] of known) {
    const value = given[name] ?? otherwise(argument, given);
    if (argument.here !== undefined && given["remote_src"] !== true) continue;
    if (argument.type === "path" && typeof value === "string") given[name] = write(argument, value);
    else if (argument.elements === "path" && Array.isArray(value))
      given[name] = value.map((item) => write(argument, String(item)));
  }
  return given;
}

// The path of a parameter that is not given, where its module knows one.
function otherwise(
  { otherwise: path }: Argument,
  given: { readonly [name: string]: unknown },
): string | undefined {
  return path?.replaceAll(/\{(\w+)\}/g, (_found, name: string) => String(given[name]));
}

// Whether a relative path stays as it is.
function isAsWritten(
  { asWritten }: Argument,
  given: { readonly [name: string]: unknown },
): boolean {
  return typeof asWritten === "object"
    ? given[asWritten.unless] !== asWritten.is
    : asWritten === true;
}

/** The collection whose modules say themselves what a relative path means to them. */
const OURS = "hullwright.containerd";

// Where a relative path begins.
function beginning(
  { within }: Argument,
  given: { readonly [name: string]: unknown },
  host: HostPaths,
): string {
  const parent = within === undefined ? undefined : given[within];
  return typeof parent === "string" ? parent : host.directory();
}

// Whether a path is relative; an address, which may be used instead of one, is not.
function isRelative(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !/^[a-z][a-z0-9+.-]*:\/\//i.test(path);
}

// Writes out variables, then homes.
function expand(path: string, { homeOf, variable }: HostPaths): string {
  return path
    .replace(
      VARIABLES,
      (found, bare?: string, braced?: string) => variable(bare ?? braced!) ?? found,
    )
    .replace(HOMES, (_found, user?: string) => homeOf(user === "" ? undefined : user));
}

// The directory as reported by the host.
export function directoryOf(answer: Record<string, Json> | undefined): string {
  if (!answer) throw new NotAsked("the host");
  return String(answer["cwd"]);
}

// The home of a user as reported by the host, or as an earlier task creates it.
export function homeOf(name: string, answer: Record<string, Json> | undefined): string {
  if (!answer) throw new NotAsked("the host");
  const user = answer["user"] as UserState;
  if (!user)
    throw new TaskFailure(
      `there is no user "${name}" on the host, whose home directory a path refers to`,
      "create the user in an earlier task",
    );
  if (user.home === null) throw new NotKnown(new Unknown(`the home of ${name}`));
  return user.home;
}
