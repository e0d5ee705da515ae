import { availableParallelism } from "node:os";
import type { RunFlags } from "../settings/options.ts";
import type { Program } from "../../queue/share-program.ts";

/** So many hosts are worth a process: with fewer, its start takes longer than it saves. */
const HOSTS_A_PROCESS = 500;

let program: Program | undefined;

// Says with which command line this program is started, which worker processes are, too. Without it all hosts are done here.
export function startedAs(file: string): void {
  program = { command: process.execPath, args: [...process.execArgv, file, "part"] };
}

// The command line of worker processes; undefined: there can be none.
export function workerProgram(): Program | undefined {
  return program;
}

// How many processes are to do so many hosts: as many as there are processors, unless said; 1: this one does.
export function workersFor(
  { workers, forks = 50, rollback, queue }: RunFlags,
  hosts: number,
  processors = availableParallelism(),
): number {
  if (program === undefined || rollback !== undefined || queue !== undefined) return 1;
  const wanted = workers ?? Math.min(processors, Math.floor(hosts / HOSTS_A_PROCESS));
  return Math.max(1, Math.min(wanted, forks, hosts));
}
