import { describe, expect, test } from "vitest";
import { ProbeError } from "../../../src/probes/probe.ts";
import { filesystem, verdictName } from "../../../src/probes/files/filesystem.ts";

// The first 1280 bytes of a device, as od prints them.
function bytes(patches: readonly [at: number, hex: string][]): string {
  const block = Buffer.alloc(1280);
  for (const [at, hex] of patches) block.write(hex, at, "hex");
  return `bytes ${block.toString("hex").replace(/../g, " $&")}`;
}

const XFSB = Buffer.from("XFSB").toString("hex");
const head = (type: string): string =>
  `parent /var/lib\nwritable\nfs 65024 ${type} 5abbb35ea8143ef2 100 4096\n`;

const answers: [name: string, answer: string, dtype: string][] = [
  [
    "ext4 with types",
    head("ext2/ext3") +
      bytes([
        [1080, "53ef"],
        [1120, "02000000"],
      ]),
    "yes",
  ],
  [
    "ext4 without types",
    head("ext2/ext3") +
      bytes([
        [1080, "53ef"],
        [1120, "c0020000"],
      ]),
    "no",
  ],
  ["ext4 whose device is something else", head("ext2/ext3") + bytes([]), "unknown"],
  ["ext4 whose device cannot be read", `${head("ext2/ext3")}bytes`, "unknown"],
  [
    "xfs version 5",
    head("xfs") +
      bytes([
        [0, XFSB],
        [100, "b4a5"],
      ]),
    "yes",
  ],
  [
    "xfs version 4 with types",
    head("xfs") +
      bytes([
        [0, XFSB],
        [100, "b4a4"],
        [200, "0000028a"],
      ]),
    "yes",
  ],
  [
    "xfs version 4 without types",
    head("xfs") +
      bytes([
        [0, XFSB],
        [100, "b4a4"],
        [200, "0000008a"],
      ]),
    "no",
  ],
  ["xfs as xfs_info tells it", `${head("xfs")}ftype 0`, "no"],
  ["btrfs", head("btrfs"), "yes"],
  ["a filesystem that was tried", `${head("ext2/ext3")}proved`, "proved"],
  ["a filesystem that nobody knows", head("UNKNOWN (0x1234)"), "unknown"],
];

describe("the filesystem below a path", () => {
  test.each(answers)("%s", (_name, answer, dtype) => {
    expect(filesystem.parse(`${answer}\n`, [{ path: "/var/lib/containerd" }])[0]).toMatchObject({
      parent: "/var/lib",
      writable: true,
      free: 409600,
      id: "65024-5abbb35ea8143ef2",
      dtype,
    });
  });

  test("a mount that does not answer is unknown", () => {
    expect(filesystem.parse("parent /mnt\n", [{ path: "/mnt/x" }])).toEqual([
      { parent: "/mnt", writable: false, type: "unknown", free: 0, id: "-", dtype: "unknown" },
    ]);
  });

  test("an answer that was cut off is not an answer", () => {
    expect(() => filesystem.parse(head("xfs"), [{ path: "/a" }, { path: "/b" }])).toThrow(
      ProbeError,
    );
  });

  test("the verdict is kept under a name that records may have", () => {
    expect(verdictName("65024-5abbb35ea8143ef2")).toMatch(/^[A-Za-z0-9._-]+$/);
  });
});
