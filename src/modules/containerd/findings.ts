import type { Filesystem } from "../../probes/filesystem.ts";
import type { Preflight } from "../../probes/preflight.ts";

/** Something about a host that containerd would stumble over. */
export interface Finding {
  name: FindingName;
  reason: string;
  mend: string;
}

export const FINDINGS = [
  "filesystem", "d_type", "overlay", "architecture", "systemd", "cgroups", "disk_space", "read_only",
  "masked_unit", "shadowed_unit", "foreign_containerd", "foreign_runc", "stray_runc", "docker",
] as const;
export type FindingName = (typeof FINDINGS)[number];

/** What the host is to carry. */
export interface Needs {
  root: string;
  snapshotter: string;
  min_free_mb: number;
  runc: string;
  opt_path: string;
  links: string[];
}

/** The processors that containerd is released for, by the kernel's name and by the releases'. */
export const ARCHITECTURES: { readonly [machine: string]: string } = {
  x86_64: "amd64", aarch64: "arm64", ppc64le: "ppc64le", riscv64: "riscv64", s390x: "s390x",
};

// What must be there of cgroups: on v2 the root has less, as the rest is built in.
const CONTROLLERS = { 1: ["cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids"], 2: ["cpu", "memory", "pids"] };

// Filesystems that overlayfs cannot write to (Linux, Documentation/filesystems/overlayfs.rst), and what else is no home for it.
const NO_UPPER = /^(overlayfs|nfs\d?|smb\d?|cifs|smbfs|fuse.*|msdos|vfat|exfat|ntfs\d?|v9fs|9p|ceph|gfs.*|ocfs2|lustre|squashfs|isofs|aufs|ecryptfs|ramfs)$/;

// Everything that is wrong, at once.
export function findingsOf(host: Preflight, disk: Filesystem, needs: Needs): Finding[] {
  return [...diskFindings(disk, needs), ...kernelFindings(host, needs), ...readOnlyFindings(host, disk), ...unitFindings(host), ...foreignFindings(host, needs)];
}

// The data root: its filesystem must carry the snapshotter, and have room.
function diskFindings(disk: Filesystem, needs: Needs): Finding[] {
  const found: Finding[] = [];
  const place = `${needs.root} (on ${disk.parent}, ${disk.type})`;
  const elsewhere = "set containerd_root to a folder on ext4, or on xfs made with ftype=1";
  if (needs.snapshotter === "overlayfs" && NO_UPPER.test(disk.type)) found.push({ name: "filesystem", reason: `${place} cannot carry the overlayfs snapshotter`, mend: elsewhere });
  else if (needs.snapshotter === "overlayfs" && disk.dtype === "no") found.push(noTypes(disk, needs));
  if (["btrfs", "zfs"].includes(needs.snapshotter) && disk.type !== needs.snapshotter) {
    found.push({ name: "filesystem", reason: `${place} is not ${needs.snapshotter}, which the snapshotter of that name needs`, mend: "use the overlayfs snapshotter, or another containerd_root" });
  }
  if (disk.type === "unknown") found.push({ name: "filesystem", reason: `the filesystem of ${place} cannot be told`, mend: "is it a mount that hangs, or a link to nothing?" });
  const free = Math.floor(disk.free / 1024 / 1024);
  if (disk.type !== "unknown" && free < needs.min_free_mb) found.push({ name: "disk_space", reason: `${place} has ${free} MiB free, of ${needs.min_free_mb} wanted`, mend: "free some space, or lower min_free_mb" });
  return found;
}

// The same words before anything was tried and after the try failed.
export function noTypes(disk: Filesystem, needs: Needs): Finding {
  const make = disk.type === "xfs" ? "make it anew with mkfs.xfs -n ftype=1" : disk.type.startsWith("ext") ? "make it anew with mkfs.ext4 -O filetype" : "use ext4 or xfs";
  return { name: "d_type", reason: `${needs.root} is on ${disk.parent} (${disk.type}), whose folders do not carry the types of their entries (d_type): overlayfs cannot work there`, mend: `${make}, or set containerd_root to another filesystem` };
}

// Processor, systemd, overlayfs and cgroups.
function kernelFindings(host: Preflight, needs: Needs): Finding[] {
  const found: Finding[] = [];
  if (!ARCHITECTURES[host.machine]) found.push({ name: "architecture", reason: `containerd is not released for ${host.machine || "this processor"}`, mend: `use a host with ${Object.keys(ARCHITECTURES).join(", ")}` });
  if (!host.systemd) found.push({ name: "systemd", reason: "systemd does not run here", mend: "use a host that systemd has booted" });
  if (!host.overlay && needs.snapshotter === "overlayfs") found.push({ name: "overlay", reason: "the kernel has no overlayfs, and no module of it", mend: "install the kernel's modules (linux-modules-extra, kernel-modules), or use the native snapshotter" });
  const { version, controllers } = host.cgroup;
  const missing = CONTROLLERS[version].filter((name) => !controllers.includes(name));
  if (missing.length > 0) found.push({ name: "cgroups", reason: `cgroup v${version} lacks ${missing.join(", ")}, or they cannot be written`, mend: missing.includes("memory") ? "add cgroup_enable=memory to the kernel's command line, or mount them read-write" : "mount them read-write" });
  return found;
}

function readOnlyFindings(host: Preflight, disk: Filesystem): Finding[] {
  const paths = [...new Set([...host.readOnly, ...(disk.writable ? [] : [disk.parent])])];
  if (paths.length === 0) return [];
  return [{ name: "read_only", reason: `${paths.join(", ")} cannot be written`, mend: "the file system is mounted read-only, or the task does not run as root: remount it, or use become" }];
}

// Unit files of higher rank than ours.
function unitFindings(host: Preflight): Finding[] {
  return host.units.map(({ path, masked }): Finding => masked
    ? { name: "masked_unit", reason: `${path} masks the unit`, mend: `systemctl unmask ${path.slice(path.lastIndexOf("/") + 1)}` }
    : { name: "shadowed_unit", reason: `${path} would be used instead of our unit`, mend: "move it away" });
}

// Programs that are not ours, where they would be used instead of ours, or fight with them. A link that only
// stands where ours will stand is no finding: it is turned.
function foreignFindings(host: Preflight, needs: Needs): Finding[] {
  const mended = ({ path, link, owner }: Preflight["foreign"][number]): boolean => link && owner === null && needs.links.includes(path);
  return host.foreign.filter((one) => !mended(one)).map(({ program, path, owner }): Finding => {
    const whose = owner ? `belongs to the package ${owner}` : "belongs to no package";
    const allow = "or set containerd_allow_foreign: true";
    if (program === "dockerd") return { name: "docker", reason: `${path} ${whose}: Docker uses the same containerd`, mend: `remove Docker, ${allow}` };
    if (program === "containerd") return { name: "foreign_containerd", reason: `${path} ${whose}`, mend: `remove ${owner ?? "it"}, ${allow} (ours then runs in its place)` };
    const then = needs.links.includes(path) ? "it is then kept beside as runc.distrib" : "ours is then found before it";
    if (owner) return { name: "foreign_runc", reason: `${path} ${whose}`, mend: `remove ${owner}, ${allow} (${then})` };
    const first = path === `${needs.opt_path}/bin/runc` ? ", and containerd looks there first" : "";
    return { name: "stray_runc", reason: `${path} is another runc than ${needs.runc}${first}`, mend: `move it away, ${allow}` };
  });
}
