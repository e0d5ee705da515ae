import { defined } from "../../defined.ts";
import { promise, type PromisedHost } from "../../plan/saved.ts";
import type { HostResult } from "../../queue/protocol.ts";
import type { HostRun } from "../../run/host-run.ts";
import { Vault } from "../../vault/vault.ts";
import { shownEntries } from "./open-plan.ts";
import type { Doing } from "./doing.ts";
import { wordsOf } from "./telling.ts";
import { whyFailed } from "./with-run.ts";

/**
 * What a process that does some hosts of a run tells the one that has the terminal, be it a worker
 * process of this machine (src/cli/cores) or a worker of a queue (src/cli/queue).
 */

/** A password of ansible-vault as it travels: in base64. */
export interface PackedKey {
  id: string;
  password: string;
}

/** What came of a host; where the plan is saved, with what it promises. */
export type ToldResult = HostResult & { promise?: PromisedHost };

// The passwords of a vault, to travel to another process.
export function packKeys({ keys }: Vault): PackedKey[] {
  return keys.map(({ id, password }) => ({ id, password: password.toString("base64") }));
}

// The vault that passwords from another process open.
export function unpackVault(keys: readonly PackedKey[]): Vault {
  return new Vault(
    keys.map(({ id, password }) => ({ id, password: Buffer.from(password, "base64") })),
  );
}

// Why a host has failed, if it has.
export function failureOf(run: HostRun, { prepared }: Doing): string | undefined {
  return run.failed ? whyFailed(run, prepared.mask) : undefined;
}

// What came of a host: what is planned, or only what was done.
export function resultOf(
  run: HostRun,
  { prepared, telling }: Doing,
  { onlyDone, promises }: { onlyDone: boolean; promises: boolean },
): ToldResult {
  const isPromised = promises && !run.failed && run.walk !== undefined;
  return {
    report: telling.reportHost(run, prepared, onlyDone),
    words: wordsOf(run.host.name, run, prepared),
    ...defined({ promise: isPromised ? promise(shownEntries(run, prepared.mask)) : undefined }),
  };
}
