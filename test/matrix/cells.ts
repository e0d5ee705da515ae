import type { Base } from "../lab/base.ts";
import type { Disk } from "../lab/disk.ts";
import { numbersOf } from "../numbers.ts";

/** A snapshotter, and the filesystem below containerd's data root. */
export interface Ground {
  snapshotter: string;
  filesystem: string;
  disk: Disk;
  /** What a host of the lab needs besides, as a line of shell. */
  prepare?: string;
}

/** A Debian release other than 12: its tree, its own name, and what of containerd runs on it. */
export interface OtherHost {
  base: Base;
  suite: string;
  series: readonly string[];
}

/** One life of a host: from a bare one to a bare one. */
export interface Cell {
  series: string;
  ground: Ground;
  /** What the host is, if not Debian 12. */
  host?: OtherHost;
}

/** The releases that can be had, oldest first. */
export const SERIES: readonly string[] = ["1.4", "1.6", "1.7", "2.1"];

/** What is done to a host, in this order. */
export const STAGES = ["fresh", "rerun", "drift", "upgrade", "downgrade", "uninstall"] as const;
export type Stage = (typeof STAGES)[number];

// A container of systemd-nspawn has no nodes for the disks of its machine, and the btrfs snapshotter opens its own.
const NODE_OF_DISK =
  "d=$(awk '$2 == \"/var/lib/containerd\" { print $1 }' /proc/mounts); [ -e $d ] || mknod $d b 7 ${d#/dev/loop}";

/** The snapshotters that work in the lab, each on what carries it. */
export const GROUNDS: readonly Ground[] = [
  { snapshotter: "overlayfs", filesystem: "ext4", disk: "ext4-loop" },
  { snapshotter: "overlayfs", filesystem: "xfs", disk: "xfs" },
  { snapshotter: "overlayfs", filesystem: "btrfs", disk: "btrfs" },
  { snapshotter: "native", filesystem: "ext4 without d_type", disk: "no-dtype" },
  { snapshotter: "native", filesystem: "overlayfs", disk: "none" },
  { snapshotter: "btrfs", filesystem: "btrfs", disk: "btrfs", prepare: NODE_OF_DISK },
];

/** Hosts of other releases, each with what its libraries allow. */
export const OTHER_HOSTS: readonly OtherHost[] = [
  { base: "debian11", suite: "bullseye", series: ["1.4"] },
  { base: "debian13", suite: "trixie", series: ["1.6", "1.7"] },
];

// All cells, by version.
export function allCells(): Cell[] {
  return SERIES.flatMap((series) => GROUNDS.map((ground) => ({ series, ground })));
}

// What is tried on a host of another release: each version that runs there, on ext4.
export function cellsOf(host: OtherHost): Cell[] {
  return host.series.map((series) => ({ series, ground: GROUNDS[0]!, host }));
}

// So many of them, drawn by lot.
export function drawnCells(seed: number, count: number): Cell[] {
  const draw = numbersOf(seed);
  const cells = allCells();
  return Array.from(
    { length: Math.min(count, cells.length) },
    () => cells.splice(draw(cells.length), 1)[0]!,
  );
}

// What a cell is called.
export function nameOf({ series, ground, host }: Cell): string {
  const where = host === undefined ? "" : `${host.base}: `;
  return `${where}${series}, ${ground.snapshotter} on ${ground.filesystem}`;
}
