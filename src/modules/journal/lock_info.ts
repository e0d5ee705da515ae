import { lockState, type LockState } from "../../probes/journal/lock.ts";
import { ask } from "../../probes/probe.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  collection: "hullwright.journal",
  description:
    "Reports whether a run has locked the host, which one, and whether it is still controlled by anybody.",
  example: `name: See who has locked the host
lock_info:
register: lock`,
  returns: [
    "held: whether a run has locked the host",
    "owner, run, pid: who ran it, from where and since when; its name; its shell on the host",
    "by: what that shell belongs to (sshd, node), or nothing",
  ],
  arguments: {},
} as const satisfies Schema;

/** Tells who has locked the host. */
export const lock_info: Module<ArgsOf<typeof schema>, { lock: LockState }> = {
  name: "lock_info",
  readOnly: true,
  schema,
  observe: () => ({ lock: ask(lockState, null) }),
  plan: () => null,
  result: (_args, { lock: { isHeld, ...rest } }) => ({ held: isHeld, ...rest }),
};
