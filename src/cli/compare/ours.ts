import { dirname } from "node:path";
import { hasStatus, shownFailure, type Entry, type FailedEntry } from "../../plan/model/entry.ts";
import { whoOf } from "../../plan/scope/login.ts";
import { answerKey } from "../../plan/view/host-view.ts";
import { taskId } from "../../report/tasks.ts";
import type { HostSteps, ToldTask } from "../../report/comparison.ts";
import type { HostRun } from "../../run/host-run.ts";
import { isCompared, realPlace, shownBy } from "./ansible.ts";
import { canonical } from "../../canonical.ts";
import { defined } from "../../defined.ts";

// The result of a host's plan, in a form that can be compared.
export function ourSteps(run: HostRun): HostSteps {
  const numbers = new Map<string, number>();
  const steps = (run.walk?.entries ?? [])
    .filter(({ module }) => isCompared(module))
    .map((entry): ToldTask => {
      const number = numbers.get(taskId(entry)) ?? 0;
      numbers.set(taskId(entry), number + 1);
      return stepOf(run, entry, number);
    });
  return { steps, ended: endOf(run) };
}

function stepOf(run: HostRun, entry: Entry, number: number): ToldTask {
  const step: ToldTask = {
    place: placeOf(entry),
    task: entry.title,
    status: statusOf(entry),
    ...defined({ shows: entry.noLog ? undefined : shownBy(entry.module, entry.result) }),
  };
  if (entry.item !== undefined) step.item = { number, label: entry.item };
  if (hasStatus(entry, "failed")) {
    step.message = messageOf(entry);
    step.isUnsupported = entry.verdict.unsupported;
  } else if (hasStatus(entry, "deferred") || hasStatus(entry, "waiting"))
    step.untold = `it needs ${entry.verdict.why}`;
  else if (restsOnPlan(run, entry))
    step.untold =
      "it depends on what earlier tasks change; Ansible's check looks at the host as it is";
  return step;
}

// Where a task is; of the one that checks a role's variables, the directory of the specification.
function placeOf({ module, place: { file, line } }: Entry): string {
  const isOfRole =
    module === "validate_argument_spec" && /\/meta\/(argument_specs|main)\.\w+$/.test(file);
  return realPlace(isOfRole ? dirname(file) : `${file}:${line}`);
}

// Why an entry failed; of an assert also the condition.
function messageOf(entry: FailedEntry): string {
  const { message, hint } = shownFailure(entry);
  return entry.module === "assert" && hint !== undefined ? `${message}: ${hint}` : message;
}

function statusOf({ verdict: { status } }: Entry): ToldTask["status"] {
  return status === "waiting" ? "deferred" : status;
}

// Whether an entry was planned from what earlier tasks will have made, and not from
// what the host answers now.
function restsOnPlan({ known }: HostRun, { probes, identity, doubt, on }: Entry): boolean {
  if (on !== undefined || doubt !== undefined) return doubt !== undefined;
  const who = whoOf(identity);
  return probes.some(([probe, before]) => {
    const answer = known.answers.get(answerKey(probe, who));
    return answer === undefined || canonical(answer) !== canonical(before);
  });
}

// Why the plan does not reach all tasks of the host.
function endOf(run: HostRun): string | undefined {
  const failed = run.walk?.failed;
  return (
    run.unreachable?.message ??
    run.broken?.message ??
    (failed && `it fails at task "${failed.task}": ${shownFailure(failed).message}`) ??
    run.cut
  );
}
