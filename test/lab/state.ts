import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { labFolder } from "./cache.ts";
import type { Network } from "./network.ts";
import type { Process } from "./processes.ts";

/** What another process must know to use a host or to take it down. */
export interface HostState {
  name: string;
  ip: string;
  /** The name of its container, cgroup and network device on the outer machine. */
  machine: string;
  folder: string;
  root: string;
  /** Paths inside, and the outer folders bound there. */
  binds: [inside: string, outside: string][];
  /** Whether it sees cgroup v2 alone, whatever the outer machine has. */
  unified?: boolean;
  /** systemd-nspawn, and the host's PID 1 as the outer machine numbers it; absent while it is off. */
  supervisor?: Process;
  leader?: Process;
}

/** A lab, as kept in its `lab.json`. */
export interface LabState {
  name: string;
  folder: string;
  /** Whose end makes the lab stale; absent for a lab that outlives its process. */
  owner?: Process;
  network: Network;
  hosts: HostState[];
}

// Where all running labs keep their files.
export function labsFolder(): string {
  const folder = join(labFolder(), "labs");
  mkdirSync(folder, { recursive: true });
  return folder;
}

// Writes the state in one stroke, as another process may be reading it.
export function saveState(state: LabState): void {
  const file = join(state.folder, "lab.json");
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2));
  renameSync(`${file}.new`, file);
}

// Reads the state of a lab by its name.
export function readState(name: string): LabState | undefined {
  const file = join(labsFolder(), name, "lab.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as LabState) : undefined;
}

// All labs whose files are there, running or stale.
export function allStates(): LabState[] {
  return readdirSync(labsFolder()).flatMap((name) => readState(name) ?? []);
}
