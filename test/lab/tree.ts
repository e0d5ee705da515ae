import type { LabHost } from "./host.ts";

// What moves on a host that nobody touches, and why; all else is looked at.
const moving: [path: string, reason: string][] = [
  ["/proc", "made up by the kernel"],
  ["/sys", "made up by the kernel"],
  ["/run/systemd", "the state of units, sessions and the journal socket; a login moves it"],
  ["/run/log", "the journal"],
  ["/run/user", "a folder for every user who is logged in"],
  ["/run/sudo", "when sudo was last asked"],
  ["/run/utmp", "who is logged in"],
  ["/run/motd.dynamic*", "the greeting, made anew for every login"],
  ["/run/sshd", "the directory sshd forks from"],
  ["/run/dbus", "the sockets of the bus"],
  ["/run/containerd", "sockets and shims of containers that run"],
  ["/var/log", "lastlog, wtmp, btmp and the journal: a login writes there"],
  ["/var/lib/systemd", "stamps of timers, the random seed"],
  ["/var/lib/sudo", "whom sudo has lectured"],
];

// Folders whose own times move because something that is left out comes and goes in them.
const stirred = ["/run"];

// What containerd's plugins keep: its garbage collector clears up in them some time after a container has gone.
const STORES = "*/io.containerd.*";

// Filesystems apart from the root's own; `find -xdev` would not enter them.
const apart = ["/tmp", "/run", "/dev/shm"];

/** What to look at: `roots` instead of the whole host, `exclude` on top of what moves by itself. */
export interface TreeOptions {
  roots?: string[];
  exclude?: string[];
}

// The words for find: the roots that are there, without what is left out.
function find(host: Pick<LabHost, "disks">, { roots, exclude = [] }: TreeOptions): string {
  const out = [...moving.map(([path]) => path), ...exclude].map(
    (path) => `-path ${quote(path)} -prune -o`,
  );
  const still = stirred.map((path) => `! -path ${quote(path)}`);
  const all = roots ?? ["/", ...apart, ...host.disks];
  return `for d in ${all.map(quote).join(" ")}; do [ ! -e "$d" ] || find "$d" -xdev ${[...out, ...still].join(" ")}`;
}

// Quotes a word for the shell.
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

// Splits what ends in NUL, and sorts it; a root that lies in another is seen once.
function lines(text: string): string[] {
  return [...new Set(text.split("\0").filter((line) => line !== ""))].sort();
}

/**
 * One line a path: path, type, mode, owner, group, size, mtime and ctime in nanoseconds, link target. Two looks
 * at a host are equal when nothing was written between them: ctime tells even a write that was undone. What
 * containerd's plugins keep is left out.
 */
export async function fileTree(host: LabHost, options: TreeOptions = {}): Promise<string[]> {
  const format = String.raw`%p\t%y\t%m\t%u\t%g\t%s\t%T@\t%C@\t%l\0`;
  const looked = { ...options, exclude: [...(options.exclude ?? []), STORES] };
  return lines(await host.must(`${find(host, looked)} -printf '${format}' || exit 1; done`));
}

/** One line a path: path, type, mode, owner, group, sha256 or link target; to compare hosts made at different times. */
export async function contentTree(
  host: Pick<LabHost, "must" | "disks">,
  options: TreeOptions = {},
): Promise<string[]> {
  const stats = lines(
    await host.must(
      `${find(host, options)} -printf '${String.raw`%p\t%y\t%m\t%u\t%g\t%l\0`}' || exit 1; done`,
    ),
  );
  const sums = lines(
    await host.must(
      `${find(host, options)} -type f -print0 || exit 1; done | xargs -0r sha256sum -z`,
    ),
  );
  const digests = new Map(sums.map((line) => [line.slice(66), line.slice(0, 64)]));
  return stats.map((line) => line + (digests.get(line.split("\t")[0] ?? "") ?? ""));
}

// What differs between two trees, as lines with - and +; empty when nothing does.
export function treeDiff(before: string[], after: string[]): string[] {
  const [old, now] = [new Set(before), new Set(after)];
  const gone = before.filter((line) => !now.has(line)).map((line) => `- ${line}`);
  return [...gone, ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`)];
}
