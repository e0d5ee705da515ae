import type { PromisedHost } from "../../plan/saved.ts";
import type { WorkersAnswer } from "../../queue/coordinator.ts";
import type { HostResult } from "../../queue/protocol.ts";
import { jsonReport, type HostReport, type JsonReport } from "../../report/summary.ts";
import type { Showing } from "../../report/text.ts";
import { colours } from "../../report/visible.ts";
import type { Doing } from "../run/doing.ts";
import type { Planned } from "../run/flow.ts";
import { writePlan } from "../run/saved-plan.ts";
import type { RecordedFile } from "../prepare/read-files.ts";
import { defined } from "../../defined.ts";

// The report of the whole run, from what workers reported about each host.
export function reportOf(
  { telling, prepared, stop }: Doing,
  command: string,
  gathered: WorkersAnswer,
): JsonReport {
  const {
    hosts: _own,
    totals: _totals,
    schema_version: _version,
    ...run
  } = telling.report(command, prepared);
  const failures = failuresOf(gathered);
  const reports = prepared.names.map((name): [string, HostReport] => [
    name,
    gathered.hosts.get(name)?.report ?? failures.get(name) ?? without(stop.soon.aborted),
  ]);
  return jsonReport(run, new Map(reports));
}

// The hosts of which there is only an error.
function failuresOf({ failed }: WorkersAnswer): Map<string, HostReport> {
  return new Map(
    failed.flatMap(({ hosts, error }) =>
      hosts.map((host): [string, HostReport] => [host, failedReport(error)]),
    ),
  );
}

const NOTHING: Pick<HostReport, "counts" | "changes" | "deferred" | "tasks" | "rounds"> = {
  counts: { ok: 0, changed: 0, skipped: 0, failed: 0, ignored: 0, rescued: 0 },
  changes: [],
  deferred: [],
  tasks: [],
  rounds: 0,
};

function failedReport({ message, hint }: { message: string; hint?: string }): HostReport {
  return { ...NOTHING, status: "failed", failed: { task: "", message, ...defined({ hint }) } };
}

// The report of a host that has no result: nobody began with it, or its result was lost.
function without(wasStopped: boolean): HostReport {
  if (!wasStopped)
    return failedReport({
      message: "its worker is done with it, but the queue has lost the result",
      hint: "run again: what is done is not done twice",
    });
  return { ...NOTHING, status: "not_reached", cut: "the run was stopped", failed: null };
}

// What workers planned, as it is shown and kept.
export function plannedOf(doing: Doing, command: "plan" | "apply", answer: WorkersAnswer): Planned {
  const report = reportOf(doing, command, answer);
  return {
    report,
    showing: showingOf(doing, answer, true),
    async save(file) {
      const files = await allFiles(doing, answer);
      const words = Object.fromEntries([...answer.hosts].map(([name, host]) => [name, host.words]));
      const parts = { files, ...promisesOf(doing, answer), report, words };
      writePlan(file, doing.prepared.playbook.files, doing.flags, parts);
    },
  };
}

export function showingOf(
  { telling, prepared }: Doing,
  { hosts }: WorkersAnswer,
  isPlan: boolean,
): Showing {
  return {
    ...telling.showing(prepared, colours, isPlan),
    words: (host) => hosts.get(host)?.words ?? [host],
  };
}

// What the plans of the hosts promise.
export function promisesOf(
  { prepared }: Doing,
  { hosts }: WorkersAnswer,
): { hosts: { [name: string]: PromisedHost }; unplanned: string[] } {
  const { names } = prepared;
  const promised = (name: string): PromisedHost | undefined =>
    (hosts.get(name) as (HostResult & { promise?: PromisedHost }) | undefined)?.promise;
  return {
    hosts: Object.fromEntries(
      names.flatMap((name) => {
        const one = promised(name);
        return one ? [[name, one]] : [];
      }),
    ),
    unplanned: names.filter((name) => promised(name) === undefined),
  };
}

// The files that a plan was made from: those that the coordinator read, and those that workers did.
async function allFiles({ prepared }: Doing, { files }: WorkersAnswer): Promise<RecordedFile[]> {
  const all = [
    ...(await prepared.read.recorded(process.cwd())),
    ...(files as RecordedFile[][]).flat(),
  ];
  return [...new Map(all.map((file) => [file.path, file])).values()].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}
