import { mount } from "../../../src/modules/files/mount.ts";
import { localFile, type Case } from "../case.ts";

const ROOT = "UUID=1 / ext4 errors=remount-ro 0 1\n";
const LINE = "/dev/vdb /srv/data xfs noatime 0 0\n";
const args = { path: "/srv/data", src: "/dev/vdb", fstype: "xfs", opts: "noatime" };
const on = { source: "/dev/vdb", fstype: "xfs", options: "rw,noatime", root: "/" };
const folder = { type: "directory", mode: 0o755, owner: "root", group: "root" };
// fstab with this text, what is mounted, and whether the folder is there.
const found = (text: string, mounted: object | null, point: object | null = folder): object => {
  const file = {
    type: "file",
    mode: 0o644,
    uid: 0,
    gid: 0,
    owner: "root",
    group: "root",
    size: text.length,
    sha256: localFile(text).sha256,
    content: Buffer.from(text).toString("base64"),
  };
  return { file, real: file, above: { "/etc": folder }, mount: mounted, point };
};
const place = (text: string): string =>
  `hw_place "$HW_STATE_DIR/stage/"${localFile(text).sha256} /etc/fstab 0644 0 0`;
const MOUNT = "mount -t xfs -o noatime -- /dev/vdb /srv/data";

const table: Omit<Case, "module">[] = [
  {
    name: "mounted and in fstab",
    args: { ...args, state: "mounted" },
    before: found(ROOT + LINE, on),
    expect: { unchanged: true },
  },
  {
    name: "a line with other blanks and no zeros is the same",
    args: { ...args, state: "mounted" },
    before: found(`${ROOT}/dev/vdb\t/srv/data xfs   noatime\n`, on),
    expect: { unchanged: true },
  },
  {
    name: "mounts before it writes fstab",
    args: { ...args, state: "mounted" },
    before: found(ROOT, null),
    expect: { steps: [`${MOUNT} || { hw_rc=$?; exit "$hw_rc"; }`, place(ROOT + LINE)] },
  },
  {
    name: "makes the folder, and takes it away where the mount fails",
    args: { ...args, state: "mounted" },
    before: found(ROOT + LINE, null, null),
    expect: {
      steps: [
        `hw_mkdirs /srv/data || exit 1; ${MOUNT} || { hw_rc=$?; rmdir -- /srv/data; exit "$hw_rc"; }`,
      ],
    },
  },
  {
    name: "a changed line is a remount",
    args: { ...args, opts: "ro", state: "mounted" },
    before: found(ROOT + LINE, on),
    expect: {
      steps: [
        place(`${ROOT}/dev/vdb /srv/data xfs ro 0 0\n`),
        "mount -o 'remount,ro' -- /srv/data || { umount -- /srv/data && mount -t xfs -o ro -- /dev/vdb /srv/data; } || { U=$HW_ENTRY_DIR hw_restore /etc/fstab; exit 1; }",
      ],
    },
  },
  {
    name: "fstab alone",
    args: { ...args, state: "present", passno: 2 },
    before: found(ROOT.trim(), null),
    expect: { steps: [place(`${ROOT}/dev/vdb /srv/data xfs noatime 0 2\n`)] },
  },
  {
    name: "not at boot",
    args: { ...args, state: "present", boot: false },
    before: found("", null),
    expect: { steps: [place("/dev/vdb /srv/data xfs noatime,noauto 0 0\n")] },
  },
  {
    name: "blanks in a path are written as fstab has them",
    args: { ...args, path: "/srv/my data", state: "present" },
    before: found("", null),
    expect: { steps: [place("/dev/vdb /srv/my\\040data xfs noatime 0 0\n")] },
  },
  {
    name: "swap is known by its device",
    args: { path: "none", src: "/dev/vdc", fstype: "swap", opts: "sw", state: "present" },
    before: { file: null, real: null, ...pick(found("/dev/vdd none swap sw 0 0\n", null)) },
    expect: { steps: [place("/dev/vdd none swap sw 0 0\n/dev/vdc none swap sw 0 0\n")] },
  },
  {
    name: "swap goes from fstab by its device",
    args: { path: "none", src: "/dev/vdc", state: "absent" },
    before: {
      file: null,
      real: null,
      ...pick(found("/dev/vdc none swap sw 0 0\n/dev/vdd none swap sw 0 0\n", null)),
    },
    expect: { steps: [place("/dev/vdd none swap sw 0 0\n")] },
  },
  {
    name: "unmounted, fstab stays",
    args: { path: "/srv/data", state: "unmounted" },
    before: found(LINE, on),
    expect: { steps: ["umount -- /srv/data"] },
  },
  {
    name: "what is not mounted stays so",
    args: { path: "/srv/data", state: "unmounted" },
    before: found(LINE, null),
    expect: { unchanged: true },
  },
  {
    name: "absent takes mount, folder and line",
    args: { path: "/srv/data", state: "absent" },
    before: found(`# keep\n${LINE}`, on),
    expect: { steps: ["umount -- /srv/data", "rmdir -- /srv/data", place("# keep\n")] },
  },
  {
    name: "what is mounted over another goes with it",
    args: { path: "/srv/data", state: "unmounted" },
    before: found(LINE, { ...on, root: "/sub", covers: [on, { ...on, source: "none" }] }),
    expect: {
      steps: ["umount -- /srv/data", "umount -- /srv/data", "umount -- /srv/data"],
      undos: [
        "mount -t xfs -o 'rw,noatime' -- /dev/vdb /srv/data",
        "mount -t xfs -o 'rw,noatime' -- none /srv/data",
      ],
    },
  },
  {
    name: "absent takes all that is mounted there",
    args: { path: "/srv/data", state: "absent" },
    before: found(LINE, { ...on, covers: [on] }),
    expect: {
      steps: ["umount -- /srv/data", "umount -- /srv/data", "rmdir -- /srv/data", place("")],
    },
  },
  {
    name: "absent from fstab leaves the mount",
    args: { path: "/srv/data", state: "absent_from_fstab" },
    before: found(LINE, on),
    expect: { steps: [place("")] },
  },
  {
    name: "without a line nothing is absent",
    args: { path: "/srv/data", state: "absent" },
    before: found(ROOT, on),
    expect: { unchanged: true },
  },
  {
    name: "remounted, each time",
    args: { path: "/srv/data", state: "remounted" },
    before: found(LINE, on),
    expect: { steps: ["mount -o remount -- /srv/data"] },
    always: true,
  },
  {
    name: "what is not mounted cannot be remounted",
    args: { path: "/srv/data", state: "remounted" },
    before: found(LINE, null),
    expect: { failure: /is not mounted/ },
  },
  {
    name: "ephemeral mounts and leaves fstab",
    args: { ...args, state: "ephemeral" },
    before: { mount: null, point: folder },
    expect: { steps: [`${MOUNT} || { hw_rc=$?; exit "$hw_rc"; }`] },
    always: true,
  },
  {
    name: "ephemeral does not cover another mount",
    args: { ...args, state: "ephemeral" },
    before: { mount: { ...on, source: "/dev/vdz" }, point: folder },
    expect: { failure: /already has \/dev\/vdz mounted/ },
  },
  {
    name: "a file is no place to mount on",
    args: { ...args, state: "mounted" },
    before: found("", null, { type: "file" }),
    expect: { failure: /is a file, not a directory/ },
  },
  {
    name: "a path that is not absolute",
    args: { ...args, path: "data", state: "mounted" },
    before: {},
    expect: { failure: /not an absolute path/ },
  },
];

// Without the questions that swap does not ask.
function pick(states: object): object {
  const { mount: _mount, point: _point, ...rest } = states as { mount: unknown; point: unknown };
  return rest;
}

export const cases: Case[] = table.map((one) => ({
  module: mount,
  ...one,
}));
