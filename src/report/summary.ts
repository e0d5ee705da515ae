import type { HostRun } from "../apply/host-run.ts";
import type { Diff } from "../modules/module.ts";
import type { Entry } from "../plan/entry.ts";

export type HostStatus = "ok" | "changed" | "failed" | "unreachable";

/** One line of a host's change list. */
export interface ChangeReport {
  task: string;
  module: string;
  item?: string;
  /** The host on which it is done, where that is another. */
  on?: string;
  diff: Diff[];
  /** The shell that puts back what was replaced; null where there is none, as for commands. */
  undo: string | null;
}

/** What a run came to on one host. */
export interface HostReport {
  status: HostStatus;
  changes: ChangeReport[];
  failed: { task: string; message: string; hint?: string; place?: string } | null;
  /** Tasks whose outcome is known only after apply. */
  deferred: string[];
  /** Questions and programs that the host was sent after login. */
  rounds: number;
}

// Sums up one host: what is planned, or only what was done.
export function reportHost(run: HostRun, rounds: number, onlyDone: boolean): HostReport {
  const entries = run.walk?.entries ?? [];
  const counts = (entry: Entry): boolean => entry.status === "changed" && !entry.change?.silent && !entry.ofRun && (!onlyDone || run.known.settled.get(entry.id)?.outcome?.status === "done");
  const changes = entries.filter(counts);
  const failed = failureOf(run);
  return {
    status: run.unreachable ? "unreachable" : failed ? "failed" : changes.length > 0 ? "changed" : "ok",
    changes: changes.map(reportChange),
    failed,
    deferred: entries.filter((entry) => entry.status === "deferred" && !entry.readOnly).map((entry) => `${nameOf(entry)}: known after apply, it needs ${entry.why ?? "more"}`),
    rounds,
  };
}

// A task's name, with the item of its loop.
export function nameOf(entry: { task: string; item?: string }): string {
  return entry.item === undefined ? entry.task : `${entry.task} [${entry.item}]`;
}

function reportChange(entry: Entry): ChangeReport {
  const undo = (entry.change?.steps ?? []).flatMap((step) => (step.undo ? [step.undo.sh] : [])).reverse();
  return {
    task: entry.task, module: entry.module, ...(entry.item === undefined ? {} : { item: entry.item }), ...(entry.on === undefined ? {} : { on: entry.on }), diff: entry.diff,
    undo: undo.length === 0 ? null : entry.noLog ? "hidden, as no_log is set" : undo.join("\n"),
  };
}

// The one reason why a host failed.
function failureOf({ unreachable, broken, walk }: HostRun): HostReport["failed"] {
  if (unreachable) return { task: "", message: unreachable.message, ...(unreachable.hint === undefined ? {} : { hint: unreachable.hint }) };
  const entry = walk?.failed ?? walk?.pardoned;
  const failure = broken ?? (entry && { ...(entry.failure ?? { message: "failed" }), task: nameOf(entry) });
  if (!failure) return null;
  const hidden = entry?.noLog && !broken ? "the message is hidden, as no_log is set" : undefined;
  const { task, message, place } = failure;
  const hint = hidden === undefined ? failure.hint : undefined;
  return { task, message: hidden ?? message, ...(hint === undefined ? {} : { hint }), ...(place ? { place: `${place.file}:${place.line}:${place.column}` } : {}) };
}

/** The document that --json prints. */
export interface JsonReport {
  command: string;
  hosts: { [name: string]: HostReport };
  totals: { hosts: number; ok: number; changed: number; failed: number; unreachable: number; changes: number };
}

// Counts the hosts by status.
export function jsonReport(command: string, hosts: ReadonlyMap<string, HostReport>): JsonReport {
  const all = [...hosts.values()];
  const count = (status: HostStatus): number => all.filter((host) => host.status === status).length;
  return {
    command, hosts: Object.fromEntries(hosts),
    totals: {
      hosts: all.length, ok: count("ok"), changed: count("changed"), failed: count("failed"), unreachable: count("unreachable"),
      changes: all.reduce((sum, host) => sum + host.changes.length, 0),
    },
  };
}
