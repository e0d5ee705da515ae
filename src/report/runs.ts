import type { RunInfo } from "../modules/journal/journal_info.ts";
import type { FailureReport } from "./summary.ts";
import { visible, type Colours } from "./visible.ts";

/** The runs that one host remembers, the newest first, or why it could not be asked. */
export interface HostRuns {
  runs: RunInfo[];
  failed: FailureReport | null;
}

/** A run, and its result on each host. */
interface Shown {
  run: RunInfo;
  hosts: Map<string, RunInfo>;
}

// All runs, the newest first, each with what it did on its hosts.
export function renderRuns(hosts: ReadonlyMap<string, HostRuns>, colours: Colours): string[] {
  const lines = merged(hosts).flatMap(({ run, hosts: on }) => ["", ...runLines(run, on, colours)]);
  const failed = [...hosts].flatMap(([name, host]) =>
    host.failed ? ["", `${visible(name)}: ${colours.red(visible(host.failed.message))}`] : [],
  );
  if (lines.length === 0 && failed.length === 0) return ["no run has changed anything there"];
  return [...lines, ...failed].slice(1);
}

// One run: its name, when, by whom and from where, the command line, and the result on each host.
function runLines(run: RunInfo, hosts: ReadonlyMap<string, RunInfo>, colours: Colours): string[] {
  const when = run.begun === undefined ? "" : `  ${run.begun.slice(0, 19).replace("T", " ")} UTC`;
  const who = run.by === undefined ? "" : `  ${run.by}@${run.from ?? "?"}`;
  const command = run.command === undefined ? [] : [`  ${visible(run.command)}`];
  const alike = new Map<string, string[]>();
  for (const [name, info] of hosts) {
    const words = wordsOf(info);
    alike.set(words, [...(alike.get(words) ?? []), name]);
  }
  const rows = [...alike].map(([words, names]) => `  ${visible(names.join(", "))}: ${words}`);
  return [`${colours.bold(visible(run.run))}${visible(when + who)}`, ...command, ...rows];
}

// The result of a run on a host.
function wordsOf({ changes, failed, undone, kept }: RunInfo): string {
  if (!kept) return "not kept any more";
  const parts = [changes === 1 ? "1 change" : `${changes} changes`];
  if (failed > 0) parts.push(`${failed} failed or broken off`);
  if (undone > 0) parts.push(undone >= changes ? "rolled back" : `${undone} undone`);
  return parts.join(", ");
}

// The runs of all hosts in one order, the newest first. Each host reports its own order, whatever
// the clocks say; the controller's time only decides between runs that have no host in common.
function merged(hosts: ReadonlyMap<string, HostRuns>): Shown[] {
  const left = new Map([...hosts].map(([name, { runs }]) => [name, [...runs]]));
  const shown: Shown[] = [];
  for (;;) {
    const firsts = [...left.values()].flatMap((runs) => runs[0] ?? []);
    const isBehind = (run: RunInfo): boolean =>
      [...left.values()].some((runs) => runs.findIndex((one) => one.run === run.run) > 0);
    const free = firsts.filter((run) => !isBehind(run));
    const next = (free.length > 0 ? free : firsts).reduce<RunInfo | undefined>(
      (a, b) => (a && (a.begun ?? "") >= (b.begun ?? "") ? a : b),
      undefined,
    );
    if (!next) return shown;
    const on = new Map<string, RunInfo>();
    for (const [name, runs] of left) {
      const found = runs.find((one) => one.run === next.run);
      if (found) on.set(name, found);
      left.set(
        name,
        runs.filter((one) => one.run !== next.run),
      );
    }
    shown.push({ run: next, hosts: on });
  }
}
