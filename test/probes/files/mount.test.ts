import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { mountKind } from "../../../src/probes/files/mount.ts";

const TABLE = String.raw`23 28 0:21 / /proc rw,nosuid shared:14 - proc proc rw
28 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro
90 28 254:1 /srv/my\040files /srv/data rw,relatime - ext4 /dev/vda1 rw
91 28 0:50 / /srv/my\040data rw - tmpfs tmpfs rw,size=64k
92 28 254:17 / /proc/x rw master:3 - xfs /dev/vdb rw,attr2
93 92 254:33 / /proc/x ro - ext4 /dev/vdc ro
`;

test("the table is read by its mount points, the last of each on top", () => {
  expect(
    mountKind.parse(
      TABLE,
      ["/", "/srv/data", "/srv/my data", "/proc/x", "/srv"].map((path) => ({ path })),
    ),
  ).toEqual([
    { source: "/dev/vda1", fstype: "ext4", options: "rw,relatime,errors=remount-ro", root: "/" },
    { source: "/dev/vda1", fstype: "ext4", options: "rw,relatime", root: "/srv/my files" },
    { source: "tmpfs", fstype: "tmpfs", options: "rw,size=64k", root: "/" },
    {
      source: "/dev/vdc",
      fstype: "ext4",
      options: "ro",
      root: "/",
      covers: [{ source: "/dev/vdb", fstype: "xfs", options: "rw,attr2", root: "/" }],
    },
    null,
  ]);
});

test.each([
  ["/proc", "mounted"],
  ["/pro", "nothing"],
  ["/.roc", "nothing"],
  ["/nope [x]*", "nothing"],
])("%s has %s on it", (path, wanted) => {
  expect(
    execFileSync("dash", ["-c", mountKind.look!.script({ path }).sh])
      .toString()
      .trim(),
  ).toBe(wanted);
});
