import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, run } from "./command.ts";

/** A filesystem in a file of its own: its size and the words of mkfs that make it. */
export interface LoopDisk {
  megabytes: number;
  mkfs: string[];
}

/**
 * What lies at a path of a host: a folder of the outer machine's disk, a loop filesystem, or nothing (the path
 * is then on the overlay root, which containerd's overlayfs snapshotter refuses).
 */
export type Disk =
  "ext4-bind" | "ext4-loop" | "xfs" | "btrfs" | "no-dtype" | "tiny" | "none" | LoopDisk;

const ext4 = ["mkfs.ext4", "-q", "-F", "-m", "0"];

// `no-dtype` is the fault of an xfs made with ftype=0, in a filesystem that any kernel mounts.
const loops: Record<string, LoopDisk> = {
  "ext4-loop": { megabytes: 1024, mkfs: ext4 },
  "no-dtype": { megabytes: 1024, mkfs: [...ext4, "-O", "^filetype"] },
  tiny: { megabytes: 8, mkfs: ext4 },
  xfs: { megabytes: 1024, mkfs: ["mkfs.xfs", "-q", "-f", "-n", "ftype=1"] },
  btrfs: { megabytes: 1024, mkfs: ["mkfs.btrfs", "-q", "-f"] },
};

// Makes what lies at a path of a host; returns the outer folder to bind there, if any.
export async function makeDisk(disk: Disk, place: string): Promise<string | undefined> {
  if (disk === "none") return undefined;
  mkdirSync(place, { recursive: true });
  if (disk !== "ext4-bind") await mountLoop(typeof disk === "string" ? loops[disk] : disk, place);
  return place;
}

// Makes the filesystem in a sparse file beside the folder and mounts it there; the loop device goes with the mount.
async function mountLoop(disk: LoopDisk | undefined, place: string): Promise<void> {
  if (disk === undefined) throw new Error("no such kind of disk");
  const image = `${place}.img`;
  writeFileSync(image, "");
  truncateSync(image, disk.megabytes * 1024 * 1024);
  await must([...disk.mkfs, image]);
  await must(["mount", "-o", "loop", image, place]);
}

// Joins the shared tree and a fresh layer to the root of one host.
export async function mountRoot(base: string, folder: string): Promise<string> {
  const [upper, work, root] = [join(folder, "upper"), join(folder, "work"), join(folder, "root")];
  for (const path of [upper, work, root]) mkdirSync(path, { recursive: true });
  await must([
    "mount",
    "-t",
    "overlay",
    "overlay",
    "-o",
    `lowerdir=${base},upperdir=${upper},workdir=${work}`,
    root,
  ]);
  return root;
}

// Unmounts everything below a folder, innermost first, and removes it.
export async function removeTree(folder: string): Promise<void> {
  const { stdout } = await run(["findmnt", "-rno", "TARGET"]);
  const inside = stdout.split("\n").filter((target) => target.startsWith(`${folder}/`));
  for (const target of inside.reverse()) await must(["umount", target]);
  rmSync(folder, { recursive: true, force: true });
}
