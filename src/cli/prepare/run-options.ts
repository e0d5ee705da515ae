import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { defined } from "../../defined.ts";
import { screen } from "../../report/screen.ts";
import type { HostRunOptions } from "../../run/machine.ts";
import { accountName } from "../../transport/account.ts";
import { describeHolder } from "./holder.ts";
import { journalOptions, runName } from "./journal-head.ts";
import type { RunRequest } from "./run-request.ts";

// What the runs of all hosts have in common.
export function hostRunOptions({
  books,
  flags,
  part,
  vault: { mask },
}: RunRequest): HostRunOptions {
  const run = part?.run ?? runName();
  return {
    nonce: () => randomBytes(9).toString("hex"),
    run,
    journal: journalOptions(run, books, flags, mask),
    owner: `${accountName()}@${hostname()} pid ${process.pid} since ${new Date().toISOString()}`,
    describeHolder,
    lockTimeout: flags.lockTimeout ?? 60,
    replans: flags.yes === true && !flags.promised,
    machines: new Map(),
    addresses: new Map(),
    ...defined({ turns: part?.turns }),
    say: (host, text) => screen.tell("stderr", `${mask.hide(`${host}: ${text}`)}\n`),
  };
}
