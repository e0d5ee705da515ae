import { remember } from "../../remember.ts";
import type { Run } from "../../run/run.ts";
import type { ReadFiles } from "./read-files.ts";

/** A run whose hosts are walked for the first time. */
export interface WalkedHosts {
  run: Run;
  /**
   * The hosts of each process that is to do some. Where there are several, only the first host is
   * open here.
   */
  parts: readonly (readonly string[])[];
}

// Divides hosts among so many processes at most. The names of one machine are planned together, so
// one process has them all; neighbours go to different ones, as they are often alike.
export function partHosts(
  hosts: readonly string[],
  processes: number,
  machineOf: (host: string) => string,
): string[][] {
  if (processes === 1) return [[...hosts]];
  const numbers = new Map<string, number>();
  const machines = hosts.map((host) => remember(numbers, machineOf(host), () => numbers.size));
  const parts = Math.min(processes, numbers.size);
  return Array.from({ length: parts }, (_, part) =>
    hosts.filter((_host, at) => machines[at]! % parts === part),
  );
}

// Reads a run whose hosts are in these parts: all hosts of one part, else only the first host,
// which shows most mistakes, and whether tasks look at other hosts. Where they do, or may do so
// behind the result of a command, or what was read cannot be read again by others, one process does
// all hosts.
export async function readOrPart(
  hosts: readonly string[],
  parts: string[][],
  readRun: (some: readonly string[], mayAsk: boolean) => Promise<Run>,
  read: ReadFiles,
  mayAsk: boolean,
): Promise<WalkedHosts> {
  if (parts.length > 1) {
    const first = await readRun(hosts.slice(0, 1), false);
    if (!first.looksElsewhere && !read.mayLookElsewhere && read.areLasting)
      return { run: first, parts };
  }
  return { run: await readRun(hosts, mayAsk), parts: [[...hosts]] };
}
