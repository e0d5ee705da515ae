import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { bootAgain, bootHost, cutPower, shutDown } from "./boot.ts";
import { must, type Output } from "./command.ts";
import { makeDisk, mountRoot, type Disk } from "./disk.ts";
import { inside } from "./inside.ts";
import type { Network } from "./network.ts";
import type { HostState } from "./state.ts";

/** A running host. */
export interface LabHost {
  name: string;
  ip: string;
  /** Its merged root on the outer machine (its data root and other disks are not seen there). */
  root: string;
  /** The paths inside at which another filesystem lies, the data root first. */
  disks: string[];
  /** Where a path inside is on the outer machine, also one of a filesystem that only the host sees, such as a socket in /run. */
  seen(path: string): string;
  /** Runs a line of shell inside as root, by its namespaces and not by ssh. */
  run(command: string, input?: string): Promise<Output>;
  /** The same, for a line that has to succeed; returns what it printed. */
  must(command: string, input?: string): Promise<string>;
  /** Shuts down and boots again. */
  reboot(): Promise<void>;
  /** Waits until it goes down by itself, and boots again; call it before whatever makes the host reboot. */
  comeBack(): Promise<void>;
  /** Ends every process at once, as a power failure does. */
  cutPower(): Promise<void>;
  /** Boots after `cutPower` or `stop`. */
  start(): Promise<void>;
  /** Shuts down. */
  stop(): Promise<void>;
}

/** Where a new host stands: its number is the last part of its address. */
export interface Berth {
  name: string;
  number: number;
  folder: string;
  network: Network;
}

// Lays the disks of a new host; it is not switched on yet.
export async function makeHost(
  berth: Berth,
  base: string,
  disks: Record<string, Disk>,
): Promise<HostState> {
  const { name, number, folder, network } = berth;
  mkdirSync(folder, { recursive: true });
  const root = await mountRoot(base, folder);
  const binds: [string, string][] = [];
  for (const [index, [inside, disk]] of Object.entries(disks).entries()) {
    const outside = await makeDisk(disk, join(folder, `disk${String(index)}`));
    if (outside !== undefined) binds.push([inside, outside]);
  }
  const [ip, machine] = [
    `${network.prefix}.${String(number)}`,
    `${network.bridge}-${String(number)}`,
  ];
  return { name, ip, machine, folder, root, binds };
}

// Writes what makes this host differ from its base: name, address, keys; returns its line of known_hosts.
export async function furnish(host: HostState, clientKey: string): Promise<string> {
  const etc = join(host.root, "etc");
  const key = join(etc, "ssh/ssh_host_ed25519_key");
  writeFileSync(join(etc, "hostname"), `${host.name}\n`);
  writeFileSync(join(etc, "hosts"), `127.0.0.1 localhost\n127.0.1.1 ${host.name}\n`);
  // containers that share the host's network are given this file, and nobody answers names here
  writeFileSync(join(etc, "resolv.conf"), "");
  writeFileSync(join(etc, "machine-id"), `${randomUUID().replaceAll("-", "")}\n`);
  // the number sorts it before the distribution's own 80-container-host0.network
  const network = `[Match]\nName=host0\n[Network]\nAddress=${host.ip}/24\nLinkLocalAddressing=no\n`;
  writeFileSync(join(etc, "systemd/network/10-lab.network"), network);
  writeFileSync(join(etc, "ssh/lab_keys"), clientKey);
  await must(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", host.name, "-f", key]);
  await listModules(host.root);
  const [kind, body] = readFileSync(`${key}.pub`, "utf8").split(" ");
  return `${host.ip} ${String(kind)} ${String(body)}\n`;
}

// What containerd's users load, and what is there when the kernel has it.
const builtIn = [
  ["/sys/module/overlay", "fs/overlayfs/overlay.ko"],
  ["/sys/module/bridge", "net/bridge/bridge.ko"],
  ["/proc/sys/net/bridge", "net/bridge/br_netfilter.ko"],
] as const;

// Tells `modprobe` which modules the outer kernel has built in, as its own list is not seen inside.
async function listModules(root: string): Promise<void> {
  const folder = join(root, "lib/modules", release());
  const lines = builtIn
    .filter(([proof]) => existsSync(proof))
    .map(([, file]) => `kernel/${file}\n`);
  mkdirSync(folder, { recursive: true });
  for (const file of ["modules.builtin", "modules.order"])
    writeFileSync(join(folder, file), lines.join(""));
  await must(["depmod", "-b", root, release()]);
}

// Gives a host's state its verbs; `changed` is told whenever the state is another.
export function attach(state: HostState, network: Network, changed: () => void): LabHost {
  const start = async (): Promise<void> => bootHost(state, network.bridge, changed);
  const stop = async (): Promise<void> => shutDown(state).finally(changed);
  return {
    name: state.name,
    ip: state.ip,
    root: state.root,
    disks: state.binds.map(([path]) => path),
    seen: (path) => `/proc/${String(state.leader?.pid)}/root${path}`,
    run: (command, input) => inside(state, command, input),
    must: async (command, input) => {
      const { code, stdout, stderr } = await inside(state, command, input);
      if (code !== 0)
        throw new Error(`${state.name}: ${command}: exit ${String(code)}\n${stderr}${stdout}`);
      return stdout;
    },
    reboot: async () => stop().then(start),
    comeBack: async () => bootAgain(state, network.bridge, changed),
    cutPower: async () => cutPower(state).finally(changed),
    start,
    stop,
  };
}
