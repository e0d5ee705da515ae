import type { Filesystem } from "../../../../probes/files/filesystem.ts";
import type { DropIn } from "../../../../probes/system/drop_ins.ts";
import type { Preflight } from "../../../../probes/containerd/preflight.ts";
import { Unknown } from "../../../../value.ts";
import { dropInFindings, type UnitNeeds } from "./unit_findings.ts";
import { type PreflightFinding } from "../finding.ts";
import { stepFindings, type VersionStep } from "./upgrade_path.ts";

/** What the host should be able to run. */
export interface HostNeeds extends UnitNeeds {
  root: string;
  snapshotter: string;
  min_free_mb: number;
  /** The version to install. */
  version?: string | undefined;
}

/** The processors that containerd is released for, by the kernel's name and by the releases'. */
export const ARCHITECTURES: { readonly [machine: string]: string } = {
  x86_64: "amd64",
  aarch64: "arm64",
  ppc64le: "ppc64le",
  riscv64: "riscv64",
  s390x: "s390x",
};

// What must be there of cgroups: on v2 the root has less, as the rest is built in.
const CONTROLLERS = {
  1: ["cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids"],
  2: ["cpu", "memory", "pids"],
};

// Filesystems that overlayfs cannot write to (Linux, Documentation/filesystems/overlayfs.rst), and
// what else is no home for it.
const NO_UPPER =
  /^(overlayfs|nfs\d?|smb\d?|cifs|smbfs|fuse.*|msdos|vfat|exfat|ntfs\d?|v9fs|9p|ceph|gfs.*|ocfs2|lustre|squashfs|isofs|aufs|ecryptfs|ramfs)$/;

/** What the host has said. */
export interface FoundOnHost {
  host: Preflight;
  disk: Filesystem;
  dropIns: DropIn[];
}

// Everything that is wrong, at once.
export function findingsOf(
  { host, disk, dropIns }: FoundOnHost,
  needs: HostNeeds,
): PreflightFinding[] {
  return [
    ...diskFindings(disk, needs),
    ...spaceFindings(host, disk, needs),
    ...kernelFindings(host, needs),
    ...readOnlyFindings(host, disk),
    ...movedFindings(host, needs),
    ...stepFindings(stepOf(host, needs)),
    ...dropInFindings(dropIns, needs),
    ...unitFindings(host),
    ...foreignFindings(host, needs),
  ];
}

// What would be installed over what; undefined: nothing is installed, or no version is wanted.
function stepOf({ version: from }: Preflight, { version: to }: HostNeeds): VersionStep | undefined {
  return from === undefined || to === undefined ? undefined : { from, to };
}

// The data root: its filesystem must support the snapshotter, and have free space.
function diskFindings(disk: Filesystem, needs: HostNeeds): PreflightFinding[] {
  const found: PreflightFinding[] = [];
  const place = `${needs.root} (on ${disk.parent}, ${disk.type})`;
  const elsewhere =
    "set containerd_root to a directory on ext4, or on xfs made with ftype=1, or set containerd_snapshotter: native (works anywhere, but copies every layer)";
  if (needs.snapshotter === "overlayfs" && NO_UPPER.test(disk.type))
    found.push({
      name: "filesystem",
      reason: `${place} cannot carry the overlayfs snapshotter`,
      hint: elsewhere,
    });
  else if (needs.snapshotter === "overlayfs" && disk.dtype === "no")
    found.push(noTypes(disk, needs));
  if (["btrfs", "zfs"].includes(needs.snapshotter) && disk.type !== needs.snapshotter) {
    found.push({
      name: "filesystem",
      reason: `${place} is not ${needs.snapshotter}, which the snapshotter of that name needs`,
      hint: "use the overlayfs snapshotter, or another containerd_root",
    });
  }
  if (disk.type === "unknown")
    found.push({
      name: "filesystem",
      reason: `the filesystem of ${place} cannot be determined`,
      hint: "check whether it is a mount that hangs, or a broken link",
    });
  return found;
}

// Space for images is required before the first installation. A host on which containerd works
// keeps working when images have filled the disk, and other changes there must not wait for that.
function spaceFindings(host: Preflight, disk: Filesystem, needs: HostNeeds): PreflightFinding[] {
  if (host.installed || disk.type === "unknown") return [];
  const free = disk.free instanceof Unknown ? 0 : Math.floor(disk.free / 1024 / 1024);
  if (free >= needs.min_free_mb) return [];
  const reason = `${needs.root} (on ${disk.parent}, ${disk.type}) has ${free} MiB free, but needs ${needs.min_free_mb}`;
  return [
    { name: "disk_space", reason, hint: "free some space, or set containerd_min_free_mb to less" },
  ];
}

// containerd finds its containers and images only below these directories: with others it knows
// none of them, and they keep running.
function movedFindings(
  { configured, containers }: Preflight,
  needs: HostNeeds,
): PreflightFinding[] {
  const moved = (["root", "state"] as const).filter((key) => configured[key] !== needs[key]);
  if (containers === 0 || moved.length === 0) return [];
  const from = moved
    .map((key) => `containerd_${key} from ${configured[key]} to ${needs[key]}`)
    .join(", and ");
  return [
    {
      name: "root_moved",
      reason: `${containers} container${containers === 1 ? " is" : "s are"} there, and this would move ${from}: containerd would no longer know them, and images would stay behind`,
      hint: `keep ${moved.map((key) => `containerd_${key}: ${configured[key]}`).join(", ")}, or remove all containers first`,
    },
  ];
}

// The same words before anything was tried and after the try failed.
export function noTypes(disk: Filesystem, needs: HostNeeds): PreflightFinding {
  const make = makeAnew(disk.type);
  return {
    name: "d_type",
    reason: `${needs.root} is on ${disk.parent} (${disk.type}), whose directories do not carry the types of their entries (d_type): overlayfs cannot work there`,
    hint: `${make}, set containerd_root to a directory on another filesystem, or set containerd_snapshotter: native (works anywhere, but copies every layer)`,
  };
}

// How a filesystem gets the types of entries.
function makeAnew(type: string): string {
  if (type === "xfs") return "create it again with mkfs.xfs -n ftype=1";
  return type.startsWith("ext") ? "create it again with mkfs.ext4 -O filetype" : "use ext4 or xfs";
}

// Processor, systemd, overlayfs and cgroups.
function kernelFindings(host: Preflight, needs: HostNeeds): PreflightFinding[] {
  const found: PreflightFinding[] = [];
  if (!ARCHITECTURES[host.machine])
    found.push({
      name: "architecture",
      reason: `containerd is not released for ${host.machine || "this processor"}`,
      hint: `use a host with ${Object.keys(ARCHITECTURES).join(", ")}`,
    });
  if (!host.systemd)
    found.push({
      name: "systemd",
      reason: "systemd is not running",
      hint: "use a host that was booted with systemd",
    });
  if (!host.overlay && needs.snapshotter === "overlayfs")
    found.push({
      name: "overlay",
      reason: "the kernel has no overlayfs, and no module for it",
      hint: "install the kernel's modules (linux-modules-extra, kernel-modules), or use the native snapshotter",
    });
  const { version, controllers } = host.cgroup;
  const missing = CONTROLLERS[version].filter((name) => !controllers.includes(name));
  if (missing.length > 0)
    found.push({
      name: "cgroups",
      reason: `cgroup v${version} lacks ${missing.join(", ")}, or they cannot be written`,
      hint: missing.includes("memory")
        ? "add cgroup_enable=memory to the kernel's command line, or mount them read-write"
        : "mount them read-write",
    });
  return found;
}

function readOnlyFindings(host: Preflight, disk: Filesystem): PreflightFinding[] {
  const paths = [...new Set([...host.readOnly, ...(disk.writable ? [] : [disk.parent])])];
  if (paths.length === 0) return [];
  return [
    {
      name: "read_only",
      reason: `${paths.join(", ")} cannot be written`,
      hint: "the file system is mounted read-only, or the task does not run as root: remount it, or use become",
    },
  ];
}

const ALLOW = "or set containerd_allow_foreign: true";

// Unit files of higher rank than ours.
function unitFindings(host: Preflight): PreflightFinding[] {
  return host.units.map(({ path, masked }): PreflightFinding =>
    masked
      ? {
          name: "masked_unit",
          reason: `${path} masks the unit`,
          hint: `systemctl unmask ${path.slice(path.lastIndexOf("/") + 1)}`,
        }
      : {
          name: "shadowed_unit",
          reason: `${path} would be used instead of our unit`,
          hint: `move it out of the way, ${ALLOW} (it is then saved as containerd.service.distrib)`,
        },
  );
}

// Foreign programs that would be used instead of ours, or conflict with them. A link at the path of
// ours is not a finding: it is retargeted.
function foreignFindings(host: Preflight, needs: HostNeeds): PreflightFinding[] {
  const isCorrected = ({ path, link, owner }: Preflight["foreign"][number]): boolean =>
    link && owner === null && needs.links.includes(path);
  return host.foreign
    .filter((one) => !isCorrected(one))
    .map(({ program, path, owner }): PreflightFinding => {
      const whose = owner ? `belongs to the package ${owner}` : "belongs to no package";
      if (program === "dockerd")
        return {
          name: "docker",
          reason: `${path} ${whose}: Docker uses the same containerd`,
          hint: `remove Docker, ${ALLOW}`,
        };
      if (program === "containerd")
        return {
          name: "foreign_containerd",
          reason: `${path} ${whose}`,
          hint: `remove ${owner ?? "it"}, ${ALLOW} (ours then runs instead)`,
        };
      const isTaken = needs.links.includes(path) || path === `${needs.opt_path}/bin/runc`;
      const then = isTaken ? "it is then saved as runc.distrib" : "ours is then found first";
      if (owner)
        return {
          name: "foreign_runc",
          reason: `${path} ${whose}`,
          hint: `remove ${owner}, ${ALLOW} (${then})`,
        };
      const first =
        path === `${needs.opt_path}/bin/runc` ? ", and containerd looks there first" : "";
      return {
        name: "stray_runc",
        reason: `${path} is a different runc from ${needs.runc}${first}`,
        hint: `move it out of the way, ${ALLOW}${isTaken ? ` (${then})` : ""}`,
      };
    });
}
