import { UnsupportedError } from "../../errors.ts";
import type { Schema } from "../../modules/contract/schema.ts";
import type { Task } from "../../playbook/play.ts";
import { statPath } from "../../probes/files/path.ts";
import type { Entry } from "../model/entry.ts";
import { NotAsked } from "../model/signals.ts";
import type { Walk } from "../model/state.ts";
import { whoOf } from "../scope/login.ts";
import { ownerProbes } from "./accounts.ts";
import { wantToo } from "./observe.ts";

/** What a host with SELinux has, whether it enforces or permits. */
const SELINUX = statPath("/sys/fs/selinux/enforce");

// Asks, with a task's own questions, what its attributes of files need: that the owners exist,
// and whether there is SELinux where a context is given.
export function wantAttributes(walk: Walk, entry: Entry, schema: Schema, args: unknown): void {
  for (const probe of ownerProbes(schema, args)) wantToo(walk, probe, entry);
  if (contextIn(schema, args) !== undefined) wantToo(walk, SELINUX, entry);
}

/**
 * Refuses an SELinux context where the host has SELinux; elsewhere it has no effect, as in Ansible.
 * Throws UnsupportedError, or NotAsked where the host was not asked yet.
 */
export function refuseContexts(
  walk: Walk,
  { identity }: Entry,
  { module, args: { entries }, place }: Task,
  args: unknown,
): void {
  const name = contextIn(module.schema, args);
  if (name === undefined) return;
  const found = walk.view.get(SELINUX, whoOf(identity));
  if (found === undefined) throw new NotAsked("the host");
  if (found === null) return;
  const at = entries.find(({ key }) => key.value === name)?.key.place;
  throw new UnsupportedError(
    `${module.name}.${name} is not supported on a host with SELinux`,
    at ?? place,
    "let restorecon set contexts, in a command that the task notifies",
  );
}

// The first parameter that is a part of a context.
function contextIn({ arguments: known }: Schema, args: unknown): string | undefined {
  const given = args as { readonly [name: string]: unknown };
  return Object.keys(known).find(
    (name) => known[name]!.context && given[name] !== undefined && given[name] !== null,
  );
}
