import { join } from "node:path";
import { UnplacedError } from "../../errors.ts";
import { renderAlike, type HostAnswer } from "../../report/alike.ts";
import { screen } from "../../report/screen.ts";
import type { HostReport, JsonReport } from "../../report/summary.ts";
import { colours } from "../../report/visible.ts";
import type { Prepared } from "../prepare/prepared.ts";
import { applyUnlessStopped, planUnlessStopped, reportCutOff } from "../stop/interruption.ts";
import { adHocBook } from "../prepare/playbook/ad-hoc-book.ts";
import type { AdHocFlags } from "../settings/ad-hoc-options.ts";
import { appliedCode } from "../run/agree.ts";
import { refuseMistaken } from "../run/here.ts";
import { tellPlan } from "../run/tell.ts";
import { withRun, type GivenRun } from "../run/with-run.ts";

// `hullwright run`: one command or module on hosts. Exit codes as those of apply: 0, 2 a host
// failed, 1 a mistake, 4 unreachable.
export async function adHocCommand(
  pattern: string,
  command: readonly string[],
  flags: AdHocFlags,
): Promise<number> {
  checkTask(command, flags);
  const { moduleName, args } = flags;
  const book = adHocBook(join(process.cwd(), "run"), { pattern, command, moduleName, args });
  const from: GivenRun = { book, isBrief: true };
  return withRun(
    [],
    { ...flags, yes: true },
    "run",
    async (doing) => {
      const { prepared, print, telling } = doing;
      await planUnlessStopped(doing);
      await doing.guard(() => refuseMistaken(prepared));
      if (flags.check) {
        const planned = telling.report("run", prepared);
        return tellPlan(planned, telling.showing(prepared, colours, true), flags, print);
      }
      const stopped = await applyUnlessStopped(doing);
      const report = telling.report("run", prepared, true);
      if (stopped) return reportCutOff(doing, report, stopped);
      if (flags.json) screen.json(report);
      else print(renderAlike(answersOf(report, prepared)));
      return appliedCode(report);
    },
    from,
  );
}

// Refuses what says of the task too much or nothing at all.
function checkTask(command: readonly string[], { moduleName, args }: AdHocFlags): void {
  const isGiven = moduleName !== undefined || args !== undefined;
  const hint = "hullwright run PATTERN -- COMMAND, or hullwright run PATTERN -m MODULE -a ARGS";
  if (command.length > 0 && isGiven)
    throw new UnplacedError("a command after -- and -m or -a exclude each other", hint);
  if (command.length === 0 && !isGiven)
    throw new UnplacedError("neither a command nor a module is given", hint);
}

// What each host answered, in the order of the run.
function answersOf({ hosts }: JsonReport, { runs, mask }: Prepared): HostAnswer[] {
  return Object.entries(hosts).map(([host, report]) => {
    const result = runs.find((run) => run.host.name === host)?.walk?.entries[0]?.result;
    return mask.hideIn({ host, status: statusOf(report), lines: linesOf(report, result) });
  });
}

function statusOf({ status, tasks }: HostReport): string {
  const code = tasks[0]?.output?.code ?? 0;
  const word = status.replace("_", " ");
  return code === 0 ? word : `${word}, exit ${code}`;
}

// What a host has to say: what the command printed, why it failed, or what the module answered.
function linesOf({ failed, tasks }: HostReport, result: unknown): string[] {
  const [task] = tasks;
  if (task?.output) {
    const { stdout, stderr } = task.output;
    const texts = [stdout, stderr].filter((text) => text !== "");
    return texts.flatMap((text) => text.replace(/\n$/, "").split("\n"));
  }
  if (failed) return [failed.message, ...(failed.hint ? [`hint: ${failed.hint}`] : [])];
  if (task?.says !== undefined) return task.says.split("\n");
  return JSON.stringify(plain(result), undefined, 2)?.split("\n") ?? [];
}

// A result as JSON has it.
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null)
    return typeof value === "bigint" ? Number(value) : value;
  const entries =
    value instanceof Map ? [...(value as Map<unknown, unknown>)] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, one]) => [String(key), plain(one)]));
}
