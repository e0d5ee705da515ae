import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../src/errors.ts";
import { prepare, type Prepared } from "../../src/cli/prepare.ts";
import type { RunFlags } from "../../src/cli/options.ts";
import { isChange, type Entry } from "../../src/plan/entry.ts";
import { nameOf } from "../../src/report/summary.ts";
import type { Case } from "./cases.ts";
import { isListed, outcomeOf, type Ran } from "./outcome.ts";

// Plans and applies one case, as the command line does; the entries tell more than what that prints.
export async function runHullwright(folder: string, inventory: string, one: Case, extraVars: readonly string[]): Promise<Ran> {
  const hosts = join(folder, "hullwright-hosts.yml");
  writeFileSync(hosts, inventory);
  const flags: RunFlags = { inventory: [hosts], extraVars: [...extraVars], forks: 1, timeout: 30, verbose: 0, ...flagsOf(one.args) };
  let prepared: Prepared | undefined;
  try {
    prepared = await prepare(one.file, flags, false, undefined, () => {});
    return await run(prepared);
  } catch (error) {
    if (!(error instanceof InputError)) return { outcomes: [], failed: true, broken: (error as Error).stack ?? "" };
    return { outcomes: [], failed: true, refused: `${error.message} (line ${error.place?.line})` };
  } finally {
    await prepared?.close();
  }
}

// The tags that a file of cases asks for.
function flagsOf(args: readonly string[]): Pick<RunFlags, "tags" | "skipTags"> {
  const words = (flag: string): string[] => (args.includes(flag) ? args[args.indexOf(flag) + 1]!.split(",") : []);
  return { tags: words("--tags"), skipTags: words("--skip-tags") };
}

// Holds what was planned against what was done.
async function run({ runs, run: whole }: Prepared): Promise<Ran> {
  await whole.plan(() => {});
  const one = runs[0]!;
  const planned = one.walk?.entries ?? [];
  const exact = planned.every((entry) => entry.status !== "deferred");
  await whole.apply(() => {});
  const entries = one.walk?.entries ?? [];
  const outcomes = entries.filter(({ module }) => isListed(module)).map((entry) => outcomeOf(entry.task, entry.module, resultOf(entry)));
  const broken = exact && !one.failed ? brokenPromise(planned, entries) : undefined;
  const trouble = one.unreachable?.message ?? one.broken?.message;
  return { outcomes, failed: one.failed, ...(broken ? { broken } : {}), ...(trouble ? { broken: trouble } : {}) };
}

// How the change list of the plan differs from that of the run; what fails only when it is done could not be planned.
function brokenPromise(planned: readonly Entry[], entries: readonly Entry[]): string | undefined {
  const failed = new Set(entries.filter(({ status }) => status === "failed").map(({ id }) => id));
  const changes = (all: readonly Entry[]): string => all.filter((entry) => isChange(entry) && !failed.has(entry.id)).map(nameOf).join(", ") || "nothing";
  return changes(planned) === changes(entries) ? undefined : `planned ${changes(planned)}, did ${changes(entries)}`;
}

// The result of an entry with its status, as plain JSON.
function resultOf({ result, status }: Entry): { [key: string]: unknown } {
  const plain = JSON.parse(JSON.stringify(result, (_key, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value))) as { [key: string]: unknown };
  return { ...plain, changed: status === "changed", failed: status === "failed", skipped: status === "skipped" };
}
