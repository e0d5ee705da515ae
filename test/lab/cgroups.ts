import {
  existsSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  writeFileSync,
  mkdirSync,
} from "node:fs";
import { join } from "node:path";

const top = "/sys/fs/cgroup";

// The roots of all hierarchies: one on cgroup v2, one a controller on v1.
function hierarchies(): string[] {
  if (existsSync(join(top, "cgroup.procs"))) return [top];
  return readdirSync(top)
    .map((name) => join(top, name))
    .filter((root) => existsSync(join(root, "cgroup.procs")));
}

// v1's cpuset takes no process before it has been told its processors and memory nodes.
function fillCpuset(root: string, folder: string): void {
  for (const name of ["cpuset.cpus", "cpuset.mems"]) {
    if (!existsSync(join(folder, name)) || !root.endsWith("/cpuset")) continue;
    writeFileSync(join(folder, name), readFileSync(join(root, name)));
  }
}

// Makes a cgroup of its own for a host in every hierarchy, else two hosts' systemds would share
// one, and each would wait for the other's daemons to end. Returns the files that take its process.
export function makeCgroups(name: string): string[] {
  return hierarchies().map((root) => {
    const folder = join(root, name);
    mkdirSync(folder, { recursive: true });
    fillCpuset(root, folder);
    return join(folder, "cgroup.procs");
  });
}

// Thaws what a host's containers froze (a paused container): frozen processes do not end, and hold the host with them.
export function thawCgroups(name: string): void {
  for (const root of hierarchies()) if (existsSync(join(root, name))) thaw(join(root, name));
}

function thaw(folder: string): void {
  for (const [file, thawed] of [
    ["freezer.state", "THAWED"],
    ["cgroup.freeze", "0"],
  ] as const)
    if (existsSync(join(folder, file))) writeFileSync(join(folder, file), thawed);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) thaw(join(folder, entry.name));
}

// Removes a cgroup from its leaves up; its files go with it.
function remove(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) remove(join(folder, entry.name));
  }
  rmdirSync(folder);
}

// Removes what a host's systemd, containerd and runc left behind in every hierarchy; false while somebody in it is still ending.
export function removeCgroups(name: string): boolean {
  try {
    for (const root of hierarchies()) {
      if (existsSync(join(root, name))) remove(join(root, name));
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
    throw error;
  }
}
