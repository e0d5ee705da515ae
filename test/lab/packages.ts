import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { locked } from "./cache.ts";
import { must } from "./command.ts";

// What the lab runs on the outer machine, and the Debian package that brings it.
const programs: Record<string, string> = {
  mmdebstrap: "mmdebstrap",
  "systemd-nspawn": "systemd-container",
  ip: "iproute2",
  depmod: "kmod",
  ssh: "openssh-client",
  "mkfs.ext4": "e2fsprogs",
  "mkfs.xfs": "xfsprogs",
  "mkfs.btrfs": "btrfs-progs",
};

// Looks for a program as a shell of root would.
function has(program: string): boolean {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => existsSync(join(folder, program)));
}

// Names the packages of which a program is not there.
function missing(): string[] {
  return Object.entries(programs)
    .filter(([program]) => !has(program))
    .map(([, name]) => name);
}

/** Why no lab can run here; undefined when it can (missing packages are then installed on first use). */
export function labMissing(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  if (missing().length > 0 && !has("apt-get")) return `needs ${missing().join(", ")}`;
  return undefined;
}

// Brings the Debian packages that are missing.
export async function ensurePackages(): Promise<void> {
  if (missing().length === 0) return;
  await locked("packages", async () => {
    const names = missing();
    if (names.length === 0) return;
    await must(["apt-get", "update", "-q"]);
    await must([
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      "apt-get",
      "install",
      "-qy",
      "--no-install-recommends",
      ...names,
    ]);
  });
}
