import { TaskFailure } from "../../errors.ts";
import { askDropIns } from "../../probes/system/drop_ins.ts";
import { unitName } from "../../probes/system/unit.ts";
import { askFilesystem, proveOverlay, verdictName } from "../../probes/files/filesystem.ts";
import { askInstalled, type Installed } from "../../probes/containerd/installed.ts";
import { askPreflight } from "../../probes/containerd/preflight.ts";
import { writeRecord } from "../../probes/record.ts";
import { sh } from "../../script/sh.ts";
import { Unknown } from "../../value.ts";
import {
  ARCHITECTURES,
  findingsOf,
  noTypes,
  type FoundOnHost,
} from "../shared/containerd/preflight/findings.ts";
import { refuseRelative } from "../shared/containerd/paths.ts";
import type { Change, Module } from "../contract/module.ts";
import { FINDINGS, type PreflightFinding } from "../shared/containerd/finding.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

type State = { [K in keyof FoundOnHost]: FoundOnHost[K] } & {
  /** What is at the paths of our files. */
  installed: Installed;
};

/** Where the tarballs are. */
const CACHE = "/var/cache/containerd";
/** crictl's configuration. */
const CRICTL = "/etc/crictl.yaml";

const schema = {
  collection: "hullwright.containerd",
  description:
    "Looks for everything that would keep containerd from working on the host, and fails with all of it at once.",
  example: `name: Check that the host can run containers
containerd_preflight:`,
  returns: [],
  arguments: {
    root: {
      type: "path",
      default: "/var/lib/containerd",
      description: "Where images and containers will be kept.",
    },
    state: {
      type: "path",
      default: "/run/containerd",
      description: "Where the running state will be kept.",
    },
    snapshotter: {
      type: "str",
      default: "overlayfs",
      description: "The snapshotter that will be used; overlayfs asks most of the filesystem.",
    },
    opt_path: {
      type: "path",
      default: "/opt/containerd",
      description: "The directory whose bin containerd searches first.",
    },
    containerd: {
      type: "path",
      default: "/usr/local/bin/containerd",
      description: "Where our containerd will be.",
    },
    runc: {
      type: "path",
      default: "/usr/local/sbin/runc",
      description: "Where our runc will be.",
    },
    links: {
      type: "list",
      elements: "path",
      default: ["/usr/bin/runc", "/usr/local/bin/runc"],
      description: "Links to our runc.",
    },
    unit: {
      type: "path",
      default: "/usr/local/lib/systemd/system/containerd.service",
      description: "The unit file that will be used.",
    },
    config: {
      type: "path",
      default: "/etc/containerd/config.toml",
      description: "The config file that will be read.",
    },
    version: {
      type: "str",
      description:
        "The version that will be installed: an upgrade or downgrade that upstream does not support is a finding.",
    },
    min_free_mb: {
      type: "int",
      default: 512,
      description: "How much free space the data root needs before the first installation, in MiB.",
    },
    allow: {
      type: "list",
      elements: "str",
      default: [],
      choices: FINDINGS,
      description: "Findings to accept.",
    },
  },
} as const satisfies Schema;

type PreflightArgs = ArgsOf<typeof schema>;

/**
 * Whether a host can carry containerd: everything that is wrong with it, said
 * before anything is done to it.
 */
export const containerd_preflight: Module<PreflightArgs, State> = {
  name: "containerd_preflight",
  readOnly: true,
  schema,
  observe(args) {
    refuseRelative(args, ["root", "state", "opt_path", "containerd", "runc", "unit", "config"]);
    return {
      host: askPreflight(question(args)),
      disk: askFilesystem(args.root),
      dropIns: askDropIns(unitName(args.unit.slice(args.unit.lastIndexOf("/") + 1))),
      installed: askInstalled({ files: replaced(args), directories: [CACHE], state: args.state }),
    };
  },
  plan(args, before) {
    const found = findingsOf(before, args).filter(({ name }) => !args.allow.includes(name));
    if (found.length > 0) throw refusal(found);
    const needsProof =
      args.snapshotter === "overlayfs" &&
      before.disk.dtype !== "proved" &&
      !args.allow.includes("d_type");
    return needsProof ? prove(args, before) : null;
  },
  result(args, found) {
    const { host, disk } = found;
    const accepted = findingsOf(found, args).filter(({ name }) => args.allow.includes(name));
    return {
      architecture: ARCHITECTURES[host.machine] ?? host.machine,
      filesystem: {
        path: disk.parent,
        type: disk.type,
        d_type: disk.dtype === "proved" ? "yes" : disk.dtype,
        free_mb: disk.free instanceof Unknown ? disk.free : Math.floor(disk.free / 1024 / 1024),
      },
      cgroup: host.cgroup.version,
      accepted,
      taken_links: host.foreign
        .filter(
          ({ path, link, program }) =>
            program === "runc" &&
            ((!link && args.links.includes(path)) || isBeforePath(args, path)),
        )
        .map(({ path }) => path),
      taken_files: takenFiles(args, found),
      taken_units: host.units.filter(({ masked }) => !masked).map(({ path }) => path),
    };
  },
};

// Files that ours take the place of.
function replaced({ containerd, config, unit }: PreflightArgs): string[] {
  const bin = containerd.slice(0, containerd.lastIndexOf("/"));
  return [
    ...["containerd", "ctr", "containerd-shim-runc-v2"].map((name) => `${bin}/${name}`),
    config,
    CRICTL,
    unit,
  ];
}

// Those of them that others have put there: while neither the unit nor a tarball is ours, nothing
// is. A run that was broken off before it wrote the unit has left a tarball; what it had kept aside
// by then is not kept again.
function takenFiles({ unit }: PreflightArgs, { installed }: State): string[] {
  const { files, directories } = installed;
  const hasTarball = (directories[CACHE] ?? []).length > 0;
  if (files[unit]?.type === "ours" || hasTarball) return [];
  return Object.keys(files).filter((path) => files[path]!.type === "other" && !files[path]!.kept);
}

// Where containerd looks for runc before it looks at PATH.
function isBeforePath({ opt_path }: PreflightArgs, path: string): boolean {
  return path === `${opt_path}/bin/runc`;
}

// What the host is asked besides the filesystem.
function question(args: PreflightArgs): Parameters<typeof askPreflight>[0] {
  const files = [args.containerd, args.runc, args.unit, ...args.links];
  const folders = [
    ...files.map((path) => path.slice(0, path.lastIndexOf("/"))),
    args.opt_path,
    args.state,
    "/etc",
  ];
  return {
    containerd: args.containerd,
    runc: args.runc,
    opt_path: args.opt_path,
    unit: args.unit,
    config: args.config,
    root: args.root,
    folders: [...new Set(folders)],
  };
}

// All findings in one failure, each with its hint.
function refusal(found: readonly PreflightFinding[]): TaskFailure {
  const list = found.map(({ name, reason, hint }) => `  ${name}: ${reason}\n    hint: ${hint}`);
  return new TaskFailure(
    `containerd would not work here:\n${list.join("\n")}`,
    "to accept a finding, add its name to containerd_allow (the parameter `allow` of containerd_preflight)",
  );
}

// The one test that writes (and cleans up): done once for a filesystem, then noted on the host.
function prove(args: PreflightArgs, before: State): Change<State> {
  const { reason, hint } = noTypes(before.disk, args);
  const run = sh`${proveOverlay(before.disk.parent)} || hw_fail ${`d_type: ${reason}`} ${`hint: ${hint}`} || exit 1
${writeRecord(verdictName(before.disk.id), { path: before.disk.parent, type: before.disk.type })}`;
  return {
    after: { ...before, disk: { ...before.disk, dtype: "proved" } },
    steps: [{ run }],
    diff: [],
    silent: true,
  };
}
