import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { baseTree, type Base } from "./base.ts";
import { bootHost, cutPower } from "./boot.ts";
import { locked } from "./cache.ts";
import { must } from "./command.ts";
import { removeTree, type Disk } from "./disk.ts";
import { attach, furnish, makeHost, type LabHost } from "./host.ts";
import { inventoryText } from "./inventory.ts";
import { dropNetwork, takeNetwork } from "./network.ts";
import { labMissing } from "./packages.ts";
import { identify, isAlive } from "./processes.ts";
import { allStates, labsFolder, readState, saveState, type LabState } from "./state.ts";

/** What a lab shall be. */
export interface LabOptions {
  /** How many (h01, h02, ...), or their names. */
  hosts: number | string[];
  base?: Base;
  /** What lies at /var/lib/containerd; 'ext4-bind' unless said. */
  dataRoot?: Disk | ((host: string) => Disk);
  /** Further disks by their path inside, such as a tiny one to fill. */
  disks?: (host: string) => Record<string, Disk>;
  /** A lab with a name outlives the process that started it, until `removeLab`. */
  name?: string;
}

/** Running hosts on a network of their own. */
export interface Lab {
  name: string;
  hosts: LabHost[];
  /** The private key that logs in as root, deploy, secret and nosudo. */
  keyFile: string;
  /** A known_hosts file with the key of every host. */
  knownHosts: string;
  /** The outer machine's address as the hosts see it. */
  address: string;
  /** An inventory of all hosts as YAML; the vars are added to those that reach the hosts. */
  inventory(vars?: Record<string, unknown>): string;
  stop(): Promise<void>;
}

// Starts hosts and returns when every one of them answers on port 22.
export async function startLab(options: LabOptions): Promise<Lab> {
  const problem = labMissing();
  if (problem !== undefined) throw new Error(`no lab can run here: ${problem}`);
  await cleanStale();
  raiseLimits();
  const base = await baseTree(options.base ?? "plain");
  const state = await claim(options.name);
  try {
    await fill(state, options, base);
    await Promise.all(
      state.hosts.map((host) =>
        bootHost(host, state.network.bridge, () => {
          saveState(state);
        }),
      ),
    );
    return open(state);
  } catch (error) {
    await remove(state);
    throw error;
  }
}

// All hosts share this kernel's count of inotify instances, of which each systemd and containerd takes some ten.
function raiseLimits(): void {
  const file = "/proc/sys/fs/inotify/max_user_instances";
  if (Number(readFileSync(file, "utf8")) < 8192) writeFileSync(file, "8192");
}

// Takes a network and a folder; from here on the lab is on record and can be cleaned up by others.
async function claim(name: string | undefined): Promise<LabState> {
  if (name !== undefined && existsSync(join(labsFolder(), name)))
    throw new Error(`the lab ${name} is there already`);
  const network = await takeNetwork();
  const own = name ?? network.bridge;
  const state: LabState = { name: own, folder: join(labsFolder(), own), network, hosts: [] };
  if (name === undefined) state.owner = identify(process.pid);
  mkdirSync(state.folder);
  saveState(state);
  return state;
}

// Makes the lab's key and lays all its hosts.
async function fill(state: LabState, options: LabOptions, base: string): Promise<void> {
  await must([
    "ssh-keygen",
    "-q",
    "-t",
    "ed25519",
    "-N",
    "",
    "-C",
    "lab",
    "-f",
    join(state.folder, "key"),
  ]);
  const clientKey = readFileSync(join(state.folder, "key.pub"), "utf8");
  for (const [index, name] of hostNames(options.hosts).entries()) {
    const dataRoot =
      typeof options.dataRoot === "function" ? options.dataRoot(name) : options.dataRoot;
    const disks = { "/var/lib/containerd": dataRoot ?? "ext4-bind", ...options.disks?.(name) };
    const berth = {
      name,
      number: 11 + index,
      folder: join(state.folder, name),
      network: state.network,
    };
    const host = await makeHost(berth, base, disks);
    // its systemd refuses anything else
    state.hosts.push(options.base === "sid" ? { ...host, unified: true } : host);
  }
  const known = await Promise.all(state.hosts.map((host) => furnish(host, clientKey)));
  writeFileSync(join(state.folder, "known_hosts"), known.join(""));
  saveState(state);
}

// The names that were given, or so many of h01, h02, ...
function hostNames(hosts: number | string[]): string[] {
  if (typeof hosts !== "number") return hosts;
  return Array.from({ length: hosts }, (_, index) => `h${String(index + 1).padStart(2, "0")}`);
}

// Gives a lab's state its verbs.
function open(state: LabState): Lab {
  const changed = (): void => {
    if (existsSync(state.folder)) saveState(state);
  };
  const [keyFile, knownHosts] = [join(state.folder, "key"), join(state.folder, "known_hosts")];
  return {
    name: state.name,
    hosts: state.hosts.map((host) => attach(host, state.network, changed)),
    keyFile,
    knownHosts,
    address: `${state.network.prefix}.1`,
    inventory: (vars = {}) => inventoryText(state.hosts, keyFile, knownHosts, vars),
    stop: () => remove(state),
  };
}

// Opens a lab that another process started.
export function openLab(name: string): Lab {
  const state = readState(name);
  if (state === undefined) throw new Error(`there is no lab ${name}`);
  return open(state);
}

// Takes a lab down, whatever is left of it.
async function remove(state: LabState): Promise<void> {
  await Promise.all(state.hosts.map((host) => cutPower(host)));
  await removeTree(state.folder);
  await dropNetwork(state.network);
}

// Takes down a lab by its name.
export async function removeLab(name: string): Promise<void> {
  const state = readState(name);
  if (state === undefined) throw new Error(`there is no lab ${name}`);
  await remove(state);
}

// Takes down the labs whose processes ended without doing so; returns their names.
export async function cleanStale(): Promise<string[]> {
  return await locked("clean", async () => {
    const stale = allStates().filter(({ owner }) => owner !== undefined && !isAlive(owner));
    for (const state of stale) await remove(state);
    return stale.map(({ name }) => name);
  });
}
