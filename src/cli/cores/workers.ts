import { availableParallelism } from "node:os";
import type { RunFlags } from "../settings/options.ts";
import type { Program } from "../../queue/share-program.ts";

/** So many hosts are worth a process: with fewer, its start takes longer than it saves. */
const HOSTS_A_PROCESS = 500;

let startFile: string | undefined;

// Says with which file this program is started, as others of its processes are, too. Without
// it all hosts are done here.
export function startedAs(file: string): void {
  startFile = file;
}

// The command line of another process of this program, for hosts of this machine's run or for
// shares of others; undefined: there can be none.
export function ownProgram(subcommand: "part" | "share"): Program | undefined {
  return startFile === undefined
    ? undefined
    : { command: process.execPath, args: [...process.execArgv, startFile, subcommand] };
}

// How many processes are to do so many hosts: as many as there are processors,
// unless said; 1: this one does.
export function workersFor(
  { workers, forks = 50, rollback, queue }: RunFlags,
  hosts: number,
  processors = availableParallelism(),
): number {
  if (startFile === undefined || rollback !== undefined || queue !== undefined) return 1;
  const wanted = workers ?? Math.min(processors, Math.floor(hosts / HOSTS_A_PROCESS));
  return Math.max(1, Math.min(wanted, forks, hosts));
}
