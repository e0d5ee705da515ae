import type { Emit, RunEvent } from "../apply/event.ts";

/** Shows a run while it goes on. */
export interface Progress {
  emit: Emit;
  /** Ends the showing; what is printed afterwards stands below it. */
  end(): Promise<void>;
}

/** Counters of one row: a phase of the run, over all its hosts. */
interface Row {
  title: string;
  total: number;
  done: number;
  failed: number;
  changes: number;
  /** Hosts at work, and the task that each is at. */
  running: Map<string, string>;
  finish?: () => void;
}

/** Narrower terminals, and those that do not know their width, get lines. */
export const MIN_COLUMNS = 40;

// On a terminal: one row per play with counters, since a row per host would cost more than the work itself.
export async function terminalProgress(): Promise<Progress> {
  const { Listr } = await import("listr2");
  const shown: Promise<unknown>[] = [];
  let row: Row | undefined;
  const begin = (title: string, total: number): void => {
    row?.finish?.();
    const mine: Row = { title, total, done: 0, failed: 0, changes: 0, running: new Map() };
    row = mine;
    const list = new Listr([{ title, task: async (_ctx, task) => {
      const timer = setInterval(() => { task.title = describe(mine); }, 100);
      await new Promise<void>((resolve) => { mine.finish = resolve; });
      clearInterval(timer);
      task.title = describe(mine);
    } }], { registerSignalListeners: false });
    const before = shown.at(-1);
    shown.push((async () => { await before; await list.run(); })());
  };
  return {
    emit: (event) => { if (event.kind === "planning") begin("looking at the hosts", event.hosts); else if (event.kind === "play") begin(event.name, event.hosts); else if (row) count(row, event); },
    end: async () => { row?.finish?.(); await Promise.all(shown); },
  };
}

// Without a terminal: a line where a host is done, nothing else.
export function lineProgress(print: (line: string) => void): Progress {
  return {
    emit(event) {
      if (event.kind === "play") print(`${event.name}: ${event.hosts} hosts`);
      if (event.kind === "host-done") print(`${event.run.host.name}: ${event.run.failed ? "failed" : "done"}`);
      if (event.kind === "step" && event.state === "begin" && !event.entry.change?.silent) print(`${event.host}: ${event.entry.task}${event.entry.item === undefined ? "" : ` [${event.entry.item}]`}`);
    },
    end: async () => {},
  };
}

// Takes an event into the counters of a row.
function count(row: Row, event: RunEvent): void {
  if (event.kind === "step" && event.state === "begin") row.running.set(event.host, event.entry.task);
  if (event.kind === "step" && event.state === "end" && !event.entry.change?.silent) row.changes++;
  if (event.kind !== "host-done" && event.kind !== "planned") return;
  row.running.delete(event.run.host.name);
  row.done++;
  if (event.run.failed) row.failed++;
}

// The row's text: how many hosts are done, and one that is at work.
function describe({ title, total, done, failed, changes, running }: Row): string {
  const [one] = running;
  const at = one ? `; ${one[0]}: ${one[1]}${running.size > 1 ? ` (and ${running.size - 1} more)` : ""}` : "";
  return `${title}: ${done}/${total} hosts${changes > 0 ? `, ${changes} changes` : ""}${failed > 0 ? `, ${failed} failed` : ""}${at}`;
}
