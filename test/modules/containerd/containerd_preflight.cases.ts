import { containerd_preflight } from "../../../src/modules/containerd/containerd_preflight.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { Filesystem } from "../../../src/probes/files/filesystem.ts";
import type { DropIn } from "../../../src/probes/system/drop_ins.ts";
import type { Preflight } from "../../../src/probes/containerd/preflight.ts";
import type { Case } from "../case.ts";

const module = containerd_preflight as unknown as AnyModule;
const GB = 1024 ** 3;
const v1 = ["cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids"];
export const goodHost: Preflight = {
  machine: "x86_64",
  systemd: true,
  overlay: true,
  cgroup: { version: 1, controllers: v1 },
  readOnly: [],
  units: [],
  foreign: [],
  installed: false,
  configured: { root: "/var/lib/containerd", state: "/run/containerd" },
  containers: 0,
};
const nothing = { files: {}, directories: {}, tasks: [] };
export const goodDisk: Filesystem = {
  parent: "/var/lib",
  writable: true,
  type: "ext2/ext3",
  free: 20 * GB,
  id: "65024-5a",
  dtype: "proved",
};
const runc = (
  path: string,
  owner: string | null = null,
  link = false,
): Preflight["foreign"][number] => ({ program: "runc", path, link, owner });

// A host with one fault, and what is said of it.
const finding = (
  name: string,
  host: Partial<Preflight>,
  disk: Partial<Filesystem>,
  failure: RegExp,
  args: object = {},
): Case => ({
  name,
  module,
  args,
  before: {
    host: { ...goodHost, ...host },
    disk: { ...goodDisk, ...disk },
    dropIns: [],
    installed: nothing,
  },
  expect: { failure },
});
const fine = (
  name: string,
  host: Partial<Preflight>,
  disk: Partial<Filesystem>,
  args: object = {},
): Case => ({
  name,
  module,
  args,
  before: {
    host: { ...goodHost, ...host },
    disk: { ...goodDisk, ...disk },
    dropIns: [],
    installed: nothing,
  },
  expect: { unchanged: true },
});

const PROXY = "/etc/systemd/system/containerd.service.d/proxy.conf";
// A host whose containerd has a drop-in of others, and what is said of it; nothing: it does no harm.
const dropIn = (name: string, text: string, failure?: RegExp, args: object = {}): Case => {
  const dropIns: DropIn[] = [
    {
      path: PROXY,
      sha256: "0",
      content: Buffer.from(`[Service]\n${text}\n`).toString("base64"),
      modified: 1,
    },
  ];
  return {
    name: `a drop-in: ${name}`,
    module,
    args,
    before: { host: goodHost, disk: goodDisk, dropIns, installed: nothing },
    expect: failure ? { failure } : { unchanged: true },
  };
};
const moved = (args: object): Case =>
  finding(
    `containers stay behind: ${JSON.stringify(args)}`,
    { containers: 2 },
    {},
    /root_moved: 2 containers are there, and this would move containerd_/,
    args,
  );

export const cases: Case[] = [
  dropIn(
    "control-group kills all containers",
    "KillMode=control-group",
    /kill_mode: .*proxy\.conf sets KillMode=control-group: the next restart of containerd would kill every container[^]*hint: .*KillMode=process/,
  ),
  dropIn("mixed kills them as well", "KillMode=mixed\nDelegate=yes", /kill_mode: .*KillMode=mixed/),
  dropIn("none spares them", "KillMode=none"),
  dropIn("process spares them", "KillMode=process\nEnvironment=HTTPS_PROXY=http://10.0.0.1:3128"),
  dropIn("meant to be so", "KillMode=mixed", undefined, { allow: ["kill_mode"] }),
  dropIn(
    "a stop too short",
    "TimeoutStopSec=1",
    /stop_timeout: .*lets a stop take 1: containerd would be killed before/,
  ),
  dropIn("a stop without end", "TimeoutSec=infinity", /stop_timeout: .*hang/),
  dropIn("a stop of its own length", "TimeoutStopSec=2min 30s"),
  dropIn(
    "the state goes at each stop",
    "RuntimeDirectory=other containerd",
    /runtime_directory: .*RuntimeDirectory=other containerd/,
  ),
  dropIn("the state is preserved", "RuntimeDirectory=containerd\nRuntimeDirectoryPreserve=yes"),
  dropIn("another runtime directory", "RuntimeDirectory=other"),
  dropIn(
    "another program",
    "ExecStart=\nExecStart=-/opt/ctd --config /etc/other.toml",
    /exec_start: .*proxy\.conf replaces ExecStart: \/opt\/ctd would run instead of \/usr\/local\/bin\/containerd/,
  ),
  dropIn(
    "another config",
    "ExecStart=\nExecStart=/usr/local/bin/containerd --config=/etc/other.toml",
    /exec_start: .*it would read \/etc\/other\.toml/,
  ),
  dropIn(
    "our program with more to say",
    "ExecStart=\nExecStart=/usr/local/bin/containerd --log-level debug -c /etc/containerd/config.toml",
  ),
  dropIn(
    "a PATH without runc",
    "Environment=PATH=/usr/games",
    /daemon_path: .*proxy\.conf sets the daemon's PATH to \/usr\/games, which does not contain our runc/,
  ),
  dropIn("a PATH with it", "Environment=PATH=/usr/games:/usr/bin/"),
  moved({ root: "/data" }),
  moved({ state: "/run/ctd" }),
  fine("the root moves before there are containers", {}, {}, { root: "/data" }),
  fine(
    "the root stays where the host's config has it",
    { containers: 2, configured: { root: "/data", state: "/run/containerd" } },
    {},
    { root: "/data" },
  ),
  fine("a host that works has images on its disk", { installed: true }, { free: 0 }),
  finding("a relative root", {}, {}, /root must be an absolute path, not "data"/, { root: "data" }),
  finding("a relative state", {}, {}, /state must be an absolute path/, { state: "./run" }),
  finding("a relative opt_path", {}, {}, /opt_path must be an absolute path/, { opt_path: "opt" }),
  fine("a good host", {}, {}),
  fine(
    "cgroup v2",
    { cgroup: { version: 2, controllers: ["cpuset", "cpu", "io", "memory", "pids"] } },
    {},
  ),
  fine(
    "the native snapshotter needs no types, and no overlayfs",
    { overlay: false },
    { dtype: "no", type: "overlayfs" },
    { snapshotter: "native" },
  ),
  fine(
    "the btrfs snapshotter on btrfs",
    {},
    { type: "btrfs", dtype: "yes" },
    { snapshotter: "btrfs" },
  ),
  fine(
    "a link where ours will stand is turned",
    { foreign: [runc("/usr/local/bin/runc", null, true)] },
    {},
  ),
  fine(
    "accepted findings",
    {
      units: [{ path: "/etc/systemd/system/containerd.service", masked: true }],
      foreign: [runc("/usr/sbin/runc", "runc")],
    },
    {},
    { allow: ["masked_unit", "foreign_runc"] },
  ),
  {
    name: "a filesystem that looks good is tried once",
    module,
    args: {},
    before: {
      host: goodHost,
      disk: { ...goodDisk, dtype: "yes" },
      dropIns: [],
      installed: nothing,
    },
    expect: { after: { host: goodHost, disk: goodDisk, dropIns: [], installed: nothing } },
  },
  {
    name: "what cannot be told is tried, not passed",
    module,
    args: {},
    before: {
      host: goodHost,
      disk: { ...goodDisk, dtype: "unknown" },
      dropIns: [],
      installed: nothing,
    },
    expect: { after: { host: goodHost, disk: goodDisk, dropIns: [], installed: nothing } },
  },
  finding(
    "no types of entries",
    {},
    { dtype: "no" },
    /d_type: \/var\/lib\/containerd is on \/var\/lib \(ext2\/ext3\)[^]*hint: create it again with mkfs\.ext4/,
  ),
  finding("no types of entries on xfs", {}, { type: "xfs", dtype: "no" }, /mkfs\.xfs -n ftype=1/),
  finding(
    "overlayfs on overlayfs",
    {},
    { type: "overlayfs" },
    /filesystem: .*overlayfs\) cannot carry the overlayfs snapshotter/,
  ),
  finding("overlayfs on NFS", {}, { type: "nfs" }, /filesystem: .*nfs\) cannot carry/),
  finding("the btrfs snapshotter elsewhere", {}, {}, /is not btrfs/, { snapshotter: "btrfs" }),
  finding(
    "a filesystem that cannot be told",
    {},
    { type: "unknown", free: 0 },
    /cannot be determined/,
  ),
  finding(
    "no room",
    {},
    { free: 100 * 1024 * 1024 },
    /disk_space: .* has 100 MiB free, but needs 512/,
  ),
  finding(
    "a processor without releases",
    { machine: "armv7l" },
    {},
    /architecture: containerd is not released for armv7l/,
  ),
  finding("no systemd", { systemd: false }, {}, /systemd: systemd is not running/),
  finding("no overlayfs", { overlay: false }, {}, /overlay: the kernel has no overlayfs/),
  finding(
    "no memory controller",
    { cgroup: { version: 2, controllers: ["cpu", "pids"] } },
    {},
    /cgroups: cgroup v2 lacks memory[^]*cgroup_enable=memory/,
  ),
  finding(
    "a read-only file system",
    { readOnly: ["/usr/local/bin"] },
    { writable: false },
    /read_only: \/usr\/local\/bin, \/var\/lib cannot be written/,
  ),
  finding(
    "a masked unit",
    { units: [{ path: "/etc/systemd/system/containerd.service", masked: true }] },
    {},
    /masked_unit: .*[^]*systemctl unmask containerd\.service/,
  ),
  finding(
    "a unit that hides ours",
    { units: [{ path: "/etc/systemd/system/containerd.service", masked: false }] },
    {},
    /shadowed_unit: \/etc\/systemd\/system\/containerd\.service would be used instead/,
  ),
  finding(
    "a runc of a package",
    { foreign: [runc("/usr/sbin/runc", "runc")] },
    {},
    /foreign_runc: \/usr\/sbin\/runc belongs to the package runc/,
  ),
  finding(
    "a package's link in the place of ours",
    { foreign: [runc("/usr/bin/runc", "runc", true)] },
    {},
    /foreign_runc: \/usr\/bin\/runc/,
  ),
  finding(
    "a stray runc where containerd looks first",
    { foreign: [runc("/opt/containerd/bin/runc")] },
    {},
    /stray_runc: .*and containerd looks there first/,
  ),
  finding(
    "a containerd of a package",
    {
      foreign: [
        { program: "containerd", path: "/usr/bin/containerd", link: false, owner: "containerd.io" },
      ],
    },
    {},
    /foreign_containerd: .*containerd\.io/,
  ),
  finding(
    "Docker",
    {
      foreign: [{ program: "dockerd", path: "/usr/bin/dockerd", link: false, owner: "docker-ce" }],
    },
    {},
    /docker: .*Docker uses the same containerd/,
  ),
  finding(
    "all findings at once",
    { systemd: false, overlay: false },
    { free: 0 },
    /disk_space[^]*overlay|disk_space[^]*systemd[^]*overlay/,
  ),
  finding(
    "an accepted finding leaves the others",
    { systemd: false, overlay: false },
    {},
    /^containerd would not work here:\n  overlay: [^\n]*\n    hint: [^\n]*$/,
    { allow: ["systemd"] },
  ),
  finding("a finding that nobody knows", {}, {}, /cannot be "d_typ"/, { allow: ["d_typ"] }),
];
