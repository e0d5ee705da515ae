import { readFileSync } from "node:fs";
import { until } from "./command.ts";

/** A process that cannot be mistaken for a later one with the same number: `start` is its start time in ticks. */
export interface Process {
  pid: number;
  start: string;
}

// Reads a file of /proc; a process that is gone has none.
function proc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

// The fields after the program's name, which may itself hold spaces; the first is the state.
function stat(pid: number): string[] {
  const text = proc(pid, "stat") ?? "";
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

// Names a running process by number and start time.
export function identify(pid: number): Process {
  return { pid, start: stat(pid)[19] ?? "" };
}

// A zombie has ended too: only its parent has not asked yet.
export function isAlive({ pid, start }: Process): boolean {
  const fields = stat(pid);
  return fields[19] === start && start !== "" && fields[0] !== "Z";
}

// Ends a process for good and waits until it has.
export async function end(victim: Process): Promise<void> {
  if (isAlive(victim)) process.kill(victim.pid, "SIGKILL");
  await until(`process ${String(victim.pid)} to end`, () => (isAlive(victim) ? undefined : true));
}

// The first child that is PID 1 of a namespace of its own.
export function firstInside(parent: number): number | undefined {
  const children =
    proc(parent, `task/${String(parent)}/children`)
      ?.trim()
      .split(" ") ?? [];
  const inside = children.find(
    (child) => child !== "" && /^NSpid:.*\t1$/m.test(proc(Number(child), "status") ?? ""),
  );
  return inside === undefined ? undefined : Number(inside);
}
