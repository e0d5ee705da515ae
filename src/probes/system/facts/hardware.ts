import { splitOnce } from "../../../split-once.ts";
import type { Answer, Facts } from "./answer.ts";
import type { Exactly } from "../../../exactly.ts";

// Processors, memory, mounts, uptime: what Ansible calls hardware.
export function hardwareFacts(answer: Answer): Facts {
  return {
    ...processorFacts(answer.lines.get("/proc/cpuinfo") ?? []),
    ...memoryFacts(answer.lines.get("/proc/meminfo") ?? []),
    mounts: mounts(answer),
    uptime_seconds: Math.floor(Number(answer.files.get("/proc/uptime")?.split(" ")[0] ?? 0)),
  };
}

const NAMED = new Set(["model name", "Processor", "vendor_id", "cpu", "Vendor", "processor"]);

// Counts sockets, cores and threads as Ansible does: cores are those of the first socket.
function processorFacts(lines: string[]): Facts {
  const entries = lines.map(
    (line) => splitOnce(line, ":").map((part) => part.trim()) as [string, string],
  );
  const values = (key: string): string[] =>
    entries.filter(([name]) => name === key).map(([, value]) => value);
  const number = (key: string): number => Number(values(key)[0] ?? 0);
  const threads = values("processor").length;
  const count = new Set(values("physical id")).size || threads;
  const cores = number("cpu cores") || 1;
  const perCore = Math.floor((number("siblings") || 1) / cores);
  return {
    processor: entries.filter(([name]) => NAMED.has(name)).map(([, value]) => value),
    processor_count: count,
    processor_cores: cores,
    processor_threads_per_core: perCore,
    processor_vcpus: perCore * count * cores,
    processor_nproc: threads,
  };
}

// Memory in MiB, rounded down.
function memoryFacts(lines: string[]): Facts {
  const mib = new Map(
    lines
      .map((line) => /^(\w+):\s+(\d+)/.exec(line))
      .filter((match) => match !== null)
      .map((match) => [match[1]!, Math.floor(Number(match[2]) / 1024)]),
  );
  const of = (key: string): number => mib.get(key) ?? 0;
  const free = of("MemFree") + of("Cached") + of("Buffers");
  return {
    memtotal_mb: of("MemTotal"),
    memfree_mb: of("MemFree"),
    swaptotal_mb: of("SwapTotal"),
    swapfree_mb: of("SwapFree"),
    memory_mb: {
      real: { total: of("MemTotal"), free: of("MemFree"), used: of("MemTotal") - of("MemFree") },
      nocache: { free, used: of("MemTotal") - free },
      swap: {
        total: of("SwapTotal"),
        free: of("SwapFree"),
        used: of("SwapTotal") - of("SwapFree"),
        cached: of("SwapCached"),
      },
    },
  };
}

// Mounted file systems with a device, of several at one point the last, as in Ansible; those of a
// network have no sizes, as a dead server would block the answer.
function mounts(answer: Answer): Facts[] {
  const sizes = new Map(
    answer.sizes.map((line) => {
      const fields = line.split(" ");
      return [fields.slice(7).join(" "), fields.slice(0, 7).map(Number)];
    }),
  );
  const found = (answer.lines.get("/proc/mounts") ?? []).map((line) => {
    const [device, mount, fstype, options] = line.split(" ").map(unescapeOctal) as Exactly<
      4,
      string
    >;
    return { device, mount, fstype, options, ...sizeFacts(sizes.get(mount)) };
  });
  return [...new Map(found.map((one) => [one.mount, one])).values()];
}

// What `stat -f` counts: unit of blocks, preferred size, blocks, free for
// users, inodes, free inodes.
function sizeFacts(numbers: number[] | undefined): Facts {
  if (!numbers || numbers.some(Number.isNaN)) return {};
  const [unit, preferred, blocks, , available, inodes, inodesFree] = numbers as Exactly<7, number>;
  return {
    size_total: unit * blocks,
    size_available: unit * available,
    block_size: preferred,
    block_total: blocks,
    block_available: available,
    block_used: blocks - available,
    inode_total: inodes,
    inode_available: inodesFree,
    inode_used: inodes - inodesFree,
  };
}

// The kernel writes blanks in names of mounts as octal numbers.
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
