import type { Facts } from "./answer.ts";
import { fromKeys } from "../../../records.ts";

/** What is read of each block device, and of each of its partitions. */
export const DEVICE_FILES = [
  "size",
  "removable",
  "device/model",
  "device/vendor",
  "queue/rotational",
  "queue/scheduler",
  "queue/logical_block_size",
  "queue/discard_granularity",
  "*/partition",
  "*/start",
  "*/size",
];

// Block devices with their partitions, as /sys/block shows them.
export function deviceFacts(files: ReadonlyMap<string, string>): Facts {
  const names = new Set<string>();
  for (const path of files.keys()) {
    const name = /^\/sys\/block\/([^/]+)\/size$/.exec(path)?.[1];
    if (name !== undefined) names.add(name);
  }
  return fromKeys([...names], (name) => device(`/sys/block/${name}`, files));
}

// One device.
function device(folder: string, files: ReadonlyMap<string, string>): Facts {
  const text = (name: string): string | null => files.get(`${folder}/${name}`)?.trim() ?? null;
  const sectorsize = text("queue/logical_block_size") ?? "512";
  const partitions = [...files.keys()]
    .map((path) => /^(.*)\/([^/]+)\/partition$/.exec(path))
    .filter((match) => match?.[1] === folder)
    .map((match) => match![2]!);
  return {
    model: text("device/model"),
    vendor: text("device/vendor"),
    removable: text("removable") ?? "0",
    rotational: text("queue/rotational") ?? "0",
    scheduler_mode: /\[(.*)\]/.exec(text("queue/scheduler") ?? "")?.[1] ?? "",
    support_discard: text("queue/discard_granularity"),
    ...sizes(text("size"), sectorsize),
    partitions: fromKeys(partitions, (name) => ({
      start: text(`${name}/start`),
      ...sizes(text(`${name}/size`), sectorsize),
    })),
    virtual: 1,
  };
}

// How large something is; the kernel counts in sectors of 512 bytes, whatever the device's own are.
function sizes(sectors: string | null, sectorsize: string): Facts {
  return { sectors: sectors ?? "0", sectorsize, size: readable(Number(sectors ?? 0) * 512) };
}

const UNITS = ["Bytes", "KB", "MB", "GB", "TB", "PB", "EB", "ZB"];

// A size for people, as Ansible writes it.
function readable(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 2 ** (10 * power)).toFixed(2)} ${UNITS[power]}`;
}
