import { noUser, NoUserError, TaskFailure, type UnreachableError } from "../../errors.ts";
import type { Change } from "../../modules/contract/module.ts";
import type { Schema } from "../../modules/contract/schema.ts";
import type { Probe } from "../../probes/probe.ts";
import { askNamed, type AccountKind, type Named } from "../../probes/system/named.ts";
import type { Json } from "../../value.ts";
import type { Entry, Identity } from "../model/entry.ts";
import { NotAsked } from "../model/signals.ts";
import type { Walk } from "../model/state.ts";
import { whoOf } from "../scope/login.ts";

/** The owner or the group that a task gives to files. */
interface Owner {
  of: AccountKind;
  /** The parameter, which is also what a path's state calls it. */
  parameter: string;
  name: string;
}

/** Ansible's words for a name that the host does not know. */
const FAILURES: { readonly [of in AccountKind]: string } = {
  user: "chown failed: failed to look up user",
  group: "chgrp failed: failed to look up group",
};

// The questions whether the owners that a task gives to files exist; they
// travel with the task's own.
export function ownerProbes({ arguments: known }: Schema, args: unknown): Probe<Named>[] {
  return ownersIn(known, args).map(({ of, name }) => askNamed(of, name));
}

/**
 * Fails a change that gives files to a user or a group that does not exist, as apply would. Throws
 * TaskFailure, or NotAsked where the host was not asked yet.
 */
export function refuseUnknownOwners(
  walk: Walk,
  { identity }: Entry,
  { arguments: known }: Schema,
  args: unknown,
  change: Change<Record<string, Json>>,
): void {
  for (const { of, parameter, name } of ownersIn(known, args)) {
    const exists = walk.view.get(askNamed(of, name), whoOf(identity));
    if (exists === undefined) throw new NotAsked("the host");
    if (isAbsent(walk, of, name, exists) && gives(change, parameter, name))
      throw new TaskFailure(
        `${FAILURES[of]} ${name}`,
        `create the ${of} in an earlier task (${of}), or correct the name`,
      );
  }
}

// Notes the question whether a task's user exists, as whom nothing else is asked. It goes
// along if the host is asked anyway: it is not worth a question of its own, and during apply
// the task itself finds out.
export function wantUser({ missing, known, view, host }: Walk, { identity }: Entry): void {
  if (known.applying || !mustExist(identity)) return;
  const probe = askNamed("user", identity.user);
  const key = `${host.login} ${probe.key}`;
  if (view.get(probe, host.login) !== undefined || missing.has(key)) return;
  missing.set(key, { probe, identity: { user: host.login }, isOptional: true });
}

// Why nobody can become a task's user, as far as the host was asked; undefined: it
// was not, or it is possible.
export function vainUser(walk: Walk, identity: Identity): UnreachableError | undefined {
  const { user } = identity;
  const found = walk.known.noUsers.get(user);
  if (found || !mustExist(identity)) return found;
  const exists = walk.view.get(askNamed("user", user), walk.host.login);
  return isAbsent(walk, "user", user, exists) ? noUser(user) : undefined;
}

// Whether a user who was not there may be there by then.
export function mayComeLater(walk: Walk, user: string, error: UnreachableError): boolean {
  if (!walk.hasPendingChange || !(error instanceof NoUserError)) return false;
  return mayBeMade(walk, "user", user);
}

// Whether a task becomes a user who must be on the host by name. Another login is not asked.
function mustExist({ user, become, login }: Identity): boolean {
  return become !== undefined && login === undefined && isLookedUp(user);
}

// Whether a name must be looked up: a number need not exist, and root does.
function isLookedUp(name: string): boolean {
  return !/^#?\d*$/.test(name) && name !== "root";
}

// Whether a user or a group will not be there by then: what tasks make of it counts,
// else what the host says now.
function isAbsent(walk: Walk, of: AccountKind, name: string, exists: unknown): boolean {
  const isMade = walk.view.madeOf(of, name) !== undefined;
  return (isMade || exists === false) && !mayBeMade(walk, of, name);
}

// Whether a task before makes a user or a group, or may make it: a command, a package, a
// daemon, what is not known yet.
function mayBeMade({ view, brings }: Walk, of: AccountKind, name: string): boolean {
  const made = view.madeOf(of, name);
  return made === undefined ? view.mayBring || brings !== undefined : made !== null;
}

// The owners among the arguments that must be looked up.
function ownersIn(known: Schema["arguments"], args: unknown): Owner[] {
  return Object.entries(known).flatMap(([parameter, { account }]) => {
    if (account === undefined) return [];
    const name = (args as { readonly [name: string]: unknown })[parameter];
    return typeof name === "string" && isLookedUp(name) ? [{ of: account, parameter, name }] : [];
  });
}

// Whether a change gives anything to an owner: not where it removes. What a change that is
// opaque makes is not all known.
function gives(change: Change<Record<string, Json>>, parameter: string, name: string): boolean {
  const { after, also = [], opaque } = change;
  if (opaque !== undefined && opaque !== false) return true;
  const has = (value: Json): boolean => {
    if (value === null || typeof value !== "object") return false;
    if (Array.isArray(value)) return value.some(has);
    return Object.entries(value).some(([key, part]) =>
      key === parameter && typeof part === "string" ? part === name : has(part),
    );
  };
  return has(after) || also.some((one) => has(one.after));
}
