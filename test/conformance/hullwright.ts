import { showValue } from "../../src/plan/model/show-value.ts";
import { Command, CommanderError } from "commander";
import type { HostRun } from "../../src/run/host-run.ts";
import { InputError } from "../../src/errors.ts";
import { runFlags, type RunFlags } from "../../src/cli/settings/options.ts";
import { openVault } from "../../src/cli/vault/access.ts";
import { prepare } from "../../src/cli/prepare/prepare.ts";
import { readAnsibleConfig } from "../../src/cli/settings/ansible-cfg.ts";
import { hasStatus, isChange, type Entry } from "../../src/plan/model/entry.ts";
import { nameOf } from "../../src/report/summary.ts";
import { isListed, outcomeOf, type HostRan, type Ran } from "./outcome.ts";
import type { Prepared } from "../../src/cli/prepare/prepared.ts";
import { defined } from "../../src/defined.ts";

// Gets a run of playbooks ready, as the command line does.
export async function prepareRun(
  files: readonly string[],
  args: readonly string[],
  more: Partial<RunFlags> = {},
): Promise<{ prepared: Prepared; flags: RunFlags }> {
  const command = runFlags(new Command())
    .option("-C, --check")
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  const parsed = command.parse([...files, ...args], { from: "user" }).opts<RunFlags>();
  const flags = { ...parsed, ...more };
  const prepared = await prepare({
    books: files,
    flags,
    settings: readAnsibleConfig(() => undefined),
    becomePassword: undefined,
    vault: await openVault(flags),
    warn: () => {},
  });
  return { prepared, flags };
}

// Plans and applies one playbook; the entries tell more than what the command line prints.
export async function runHullwright(file: string, args: readonly string[]): Promise<Ran> {
  let prepared: Prepared | undefined;
  try {
    const ready = await prepareRun([file], args);
    ({ prepared } = ready);
    return await run(ready.prepared, ready.flags);
  } catch (error) {
    if (error instanceof InputError)
      return {
        hosts: new Map(),
        refused: `${error.message} (${error.place?.file.replace(/^.*\//, "")}:${error.place?.line})`,
      };
    if (error instanceof CommanderError) return { hosts: new Map(), refused: error.message };
    return { hosts: new Map(), broken: (error as Error).stack ?? "" };
  } finally {
    await prepared?.close();
  }
}

// Plans, applies, and holds what was planned against what was done.
async function run(prepared: Prepared, flags: RunFlags): Promise<Ran> {
  await prepared.run.plan(() => {});
  const planned = new Map(prepared.runs.map((one) => [one, one.walk?.entries ?? []]));
  if (!flags.check) await prepared.run.apply(() => {});
  const { runs } = prepared;
  const broken = runs.flatMap((one) => {
    const trouble = brokenPromise(planned.get(one) ?? [], one);
    return trouble === undefined ? [] : [`${one.host.name}: ${trouble}`];
  });
  const hosts = new Map(runs.map((one) => [one.host.name, ranOf(one)]));
  return { hosts, ...defined({ broken: broken.length > 0 ? broken.join("; ") : undefined }) };
}

// What became of one host.
function ranOf(one: HostRun): HostRan {
  const entries = (one.walk?.entries ?? []).filter(({ module }) => isListed(module));
  const outcomes = entries.map((entry) =>
    outcomeOf(entry.task, entry.module, resultOf(entry), isIgnored(entry)),
  );
  return { outcomes, failed: one.failed, unreachable: one.unreachable !== undefined };
}

// Tells whether an entry failed, and the play went on after it.
function isIgnored(entry: Entry): boolean {
  return hasStatus(entry, "failed") && entry.verdict.scope === "ignored";
}

// How the change list of a plan that calls itself exact differs from that of the run. What fails only when it is done could not be planned.
function brokenPromise(planned: readonly Entry[], one: HostRun): string | undefined {
  if (one.broken) return `${one.broken.task} ${one.broken.message}`;
  if (one.failed || planned.some((entry) => hasStatus(entry, "deferred"))) return undefined;
  const entries = one.walk?.entries ?? [];
  const failed = new Set(entries.filter((entry) => hasStatus(entry, "failed")).map(({ id }) => id));
  const changes = (all: readonly Entry[]): string =>
    all
      .filter((entry) => isChange(entry) && !failed.has(entry.id))
      .map(nameOf)
      .join(", ") || "nothing";
  return changes(planned) === changes(entries)
    ? undefined
    : `planned ${changes(planned)}, did ${changes(entries)}`;
}

/** What Ansible tells in place of what is hidden. */
const CENSORED =
  "the output has been hidden due to the fact that 'no_log: true' was specified for this result";

// The result of an entry with its status, as plain JSON.
function resultOf({ result, noLog, verdict: { status } }: Entry): { [key: string]: unknown } {
  const plain = (noLog ? { censored: CENSORED } : JSON.parse(showValue(result))) as {
    [key: string]: unknown;
  };
  return {
    ...plain,
    changed: status === "changed",
    failed: status === "failed",
    skipped: status === "skipped",
    deferred: status === "deferred" || status === "waiting",
  };
}
