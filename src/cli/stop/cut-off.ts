import type { RunEvent, ToldEvent } from "../../run/event.ts";
import type { HostRun } from "../../run/host-run.ts";
import type { StopSignal } from "../../errors.ts";
import { isChange, isUnknown, type Entry } from "../../plan/model/entry.ts";
import { nameOf } from "../../report/summary.ts";
import { PATIENCE_SECONDS } from "./stop.ts";
import type { Colours } from "../../report/visible.ts";

/** The tasks that hosts are at. */
export class TasksAtWork {
  /** By the host. */
  readonly tasks = new Map<string, string>();

  // Takes note of tasks that begin and end.
  note(event: ToldEvent): void {
    if (event.kind !== "step") return;
    const { host, entry, state } = event;
    if (state === "begin") this.tasks.set(host, nameOf(entry));
    else this.tasks.delete(host);
  }
}

/** What is heard of hosts while they work. */
export class AtWork extends TasksAtWork {
  private readonly done = new Map<string, Entry[]>();

  // Takes note of tasks that begin and end, and of what they did.
  hear(event: RunEvent): void {
    this.note(event);
    if (event.kind !== "step" || event.state !== "done") return;
    const { host, entry } = event;
    this.done.set(host, [...(this.done.get(host) ?? []), entry]);
  }

  // Keeps what was reported as done in programs whose end nobody waited for.
  keep(runs: readonly HostRun[]): void {
    for (const { host, known } of runs) {
      for (const entry of this.done.get(host.name) ?? []) {
        if (!known.completed.has(entry.id))
          known.completed.set(entry.id, { entry, outcome: { status: "done", outputs: [] } });
      }
    }
  }
}

/** Where a host was when the run was stopped. */
export interface HostCutOff {
  host: string;
  /**
   * The task at which it stopped: the first that was not done, or the one that
   * was no longer waited for.
   */
  task: string;
  changes: { done: number; left: number };
}

/** The hosts of a run that was stopped, by where they were; a failed host is nowhere. */
export interface CutHosts {
  done: string[];
  stopped: HostCutOff[];
  /** The task was running when waiting for it ended. */
  running: HostCutOff[];
  notBegun: string[];
}

/** The results of a run that someone stopped, or of a part of it. */
export interface CutOff {
  hosts: CutHosts;
  /** Something that was done has notified a handler. */
  hasNotified: boolean;
}

// The results of several parts of a run together.
export function joinCutOffs(parts: readonly CutOff[]): CutOff {
  const hosts = parts.map((part) => part.hosts);
  return {
    hosts: {
      done: hosts.flatMap(({ done }) => done),
      stopped: hosts.flatMap(({ stopped }) => stopped),
      running: hosts.flatMap(({ running }) => running),
      notBegun: hosts.flatMap(({ notBegun }) => notBegun),
    },
    hasNotified: parts.some(({ hasNotified }) => hasNotified),
  };
}

// Sorts the hosts of a run by where they were when it was stopped, and notes on each that is not
// done that its run has ended.
export function cutOff(runs: readonly HostRun[], atWork: AtWork): CutOff {
  atWork.keep(runs);
  const { tasks } = atWork;
  const hosts: CutHosts = { done: [], stopped: [], running: [], notBegun: [] };
  let hasNotified = false;
  for (const run of runs) {
    const host = run.host.name;
    const entries = run.walk?.entries ?? [];
    const left = entries.filter((entry) => isLeft(run, entry));
    const done = entries.filter((entry) => isChange(entry) && isDone(run, entry)).length;
    const at = { host, changes: { done, left: left.length } };
    hasNotified ||= entries.some((entry) => entry.notifies.length > 0 && isDone(run, entry));
    const task = tasks.get(host);
    if (left.length > 0 || task !== undefined)
      run.ended ??= { play: Infinity, why: "the run was interrupted" };
    if (task !== undefined) hosts.running.push({ ...at, task });
    else if (run.failed) continue;
    else if (left.length === 0) hosts.done.push(host);
    else if (done === 0) hosts.notBegun.push(host);
    else hosts.stopped.push({ ...at, task: nameOf(left[0]!) });
  }
  return { hosts, hasNotified };
}

// Whether something of an entry is still to be done, or to be found out.
function isLeft({ known }: HostRun, entry: Entry): boolean {
  return isUnknown(entry) ? !entry.readOnly : isChange(entry) && !known.completed.has(entry.id);
}

function isDone({ known }: HostRun, { id }: Entry): boolean {
  return known.completed.get(id)?.outcome?.status === "done";
}

// What is said when the first signal comes.
export function renderStopping({ tasks }: TasksAtWork, colours: Colours): string[] {
  const all = [...tasks].map(([host, task]) => `${host}: ${task}`);
  const running =
    all.length === 0
      ? ""
      : ` Waiting up to ${PATIENCE_SECONDS} s for what is running (${some(all)}); press Ctrl-C again to stop at once.`;
  return [colours.yellow(`Stopping: no further changes are started.${running}`)];
}

// The results of a run that someone stopped, and how to continue.
export function renderCutOff(
  { hosts, hasNotified }: CutOff,
  signal: StopSignal,
  colours: Colours,
): string[] {
  const handlers = hasNotified ? ", and notified handlers will still run" : "";
  const how = signal === "SIGINT" ? "Interrupted" : `Interrupted by ${signal}`;
  return [
    "",
    colours.bold(how),
    ...hostLines(hosts),
    `Run the same command again to continue: finished changes stay${handlers}.`,
  ];
}

// Where the hosts were, by how far they came.
function hostLines({ done, stopped, running, notBegun }: CutHosts): string[] {
  const place = ({ task, changes }: HostCutOff): string =>
    `before "${task}" (${changes.done} done, ${changes.left} left)`;
  const atWork = alike(running, ({ task }) => `where "${task}" was running`);
  return [
    ...(done.length > 0 ? [`  done: ${some(done)}`] : []),
    ...alike(stopped, place).map(([where, hosts]) => `  stopped: ${some(hosts)}, ${where}`),
    ...atWork.map(([where, hosts]) => `  not waited for: ${some(hosts)}, ${where}`),
    ...(notBegun.length > 0 ? [`  not started: ${some(notBegun)}`] : []),
  ];
}

// Hosts of which the same is said.
function alike(
  all: readonly HostCutOff[],
  say: (one: HostCutOff) => string,
): [said: string, hosts: string[]][] {
  const groups = new Map<string, string[]>();
  for (const one of all) groups.set(say(one), [...(groups.get(say(one)) ?? []), one.host]);
  return [...groups];
}

// The first few of many.
function some(words: readonly string[]): string {
  return words.length > 8
    ? `${words.slice(0, 6).join(", ")} and ${words.length - 6} more`
    : words.join(", ");
}
