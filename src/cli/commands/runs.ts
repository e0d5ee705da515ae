import { join } from "node:path";
import { UnplacedError } from "../../errors.ts";
import type { RunInfo } from "../../modules/journal/journal_info.ts";
import { renderRuns, type HostRuns } from "../../report/runs.ts";
import { screen } from "../../report/screen.ts";
import { colours } from "../../report/visible.ts";
import { SHIPPED } from "../playbook-path.ts";
import { planUnlessStopped } from "../stop/interruption.ts";
import type { Doing } from "../run/doing.ts";
import type { JournalFlags } from "../settings/journal-options.ts";
import type { RunFlags } from "../settings/options.ts";
import { applyCommand, planCommand } from "./run.ts";
import { withRun } from "../run/with-run.ts";

// `hullwright runs [PATTERN]`: which runs changed the hosts, and which can be rolled back. Exit
// codes: 0, 1 a host failed, 4 unreachable.
export async function runsCommand(
  pattern: string | undefined,
  flags: JournalFlags,
): Promise<number> {
  const asked = withJournal(flags, { journal_hosts: pattern ?? "all" });
  const list = async (doing: Doing): Promise<number> => {
    const { prepared, print, telling } = doing;
    await planUnlessStopped(doing);
    const report = telling.report("runs", prepared);
    const hosts = new Map(
      prepared.runs.map((run): [string, HostRuns] => {
        const result = run.walk?.entries.find(({ module }) => module === "journal_info")?.result;
        return [
          run.host.name,
          {
            runs: prepared.mask.hideIn((result?.["runs"] ?? []) as RunInfo[]),
            failed: report.hosts[run.host.name]?.failed ?? null,
          },
        ];
      }),
    );
    if (flags.json) screen.json({ command: "runs", hosts: Object.fromEntries(hosts) });
    else print(renderRuns(hosts, colours));
    if (report.totals.unreachable > 0) return 4;
    return report.totals.failed > 0 ? 1 : 0;
  };
  return withRun([join(SHIPPED, "own", "runs.yml")], asked, "runs", list, { isBrief: true });
}

// `hullwright rollback RUN`: undoes what a run did, if nothing has changed since; with --plan it
// only shows it. Exit codes: as those of plan and apply.
export async function rollbackCommand(run: string, flags: JournalFlags): Promise<number> {
  if (!/^[\w-]+$/.test(run))
    throw new UnplacedError(
      `"${run}" is not the name of a run`,
      "hullwright runs -i INVENTORY lists them",
    );
  const books = [join(SHIPPED, "own", "rollback.yml")];
  const asked = withJournal(
    { ...flags, rollback: run },
    { journal_hosts: "all", journal_run: run },
  );
  return flags.plan ? planCommand(books, asked) : applyCommand(books, asked);
}

// The same flags, with what our own playbooks want to know.
export function withJournal(flags: JournalFlags, variables: { [name: string]: string }): RunFlags {
  const all = {
    ...variables,
    journal_become: flags.become !== false,
    journal_user: flags.becomeUser ?? "root",
  };
  const { become: _become, plan: _plan, ...rest } = flags;
  return { ...rest, extraVars: [...(flags.extraVars ?? []), JSON.stringify(all)] };
}
