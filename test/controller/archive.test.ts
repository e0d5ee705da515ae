import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listArchive } from "../../src/controller/archive.ts";

const folder = mkdtempSync(join(tmpdir(), "hw-archive-"));
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const long = "l".repeat(90);

// One tree with everything that releases hold.
mkdirSync(join(folder, "in/bin", long, long), { recursive: true });
writeFileSync(join(folder, "in/bin/ctr"), "ctr", { mode: 0o755 });
writeFileSync(join(folder, "in/empty"), "", { mode: 0o644 });
writeFileSync(join(folder, "in/bin", long, long, "naïve name"), "deep", { mode: 0o600 });
linkSync(join(folder, "in/bin/ctr"), join(folder, "in/twin"));
symlinkSync("bin/ctr", join(folder, "in/link"));

function tar(name: string, ...options: string[]): string {
  const path = join(folder, name);
  execFileSync("tar", [
    ...options,
    "--sort=name",
    "--owner=alice:1001",
    "--group=staff:50",
    "-cf",
    path,
    "-C",
    join(folder, "in"),
    ".",
  ]);
  return path;
}

describe("members of an archive", () => {
  test.each([
    ["a.tar"],
    ["a.tar.gz", "-z"],
    ["a.tar.xz", "-J"],
    ["a.tar.bz2", "-j"],
    ["a.tar.zst", "--zstd"],
    ["pax.tar", "--format=pax"],
    ["ustar.tgz", "--format=gnu", "-z"],
  ])("are listed from %s", async (name, ...options) => {
    const members = await listArchive(tar(name, ...options));
    const one = (path: string) => members.find((member) => member.path === path);
    expect(members.length).toBe(9);
    expect(one("./")).toMatchObject({ type: "directory" });
    expect(one("./bin/ctr")).toEqual({
      path: "./bin/ctr",
      type: "file",
      mode: 0o755,
      size: 3,
      sha256: sha256("ctr"),
      uid: 1001,
      gid: 50,
      uname: "alice",
      gname: "staff",
    });
    expect(one("./empty")).toMatchObject({ size: 0, sha256: sha256("") });
    expect(one(`./bin/${long}/${long}/naïve name`)).toMatchObject({
      sha256: sha256("deep"),
      mode: 0o600,
    });
    expect(one("./link")).toMatchObject({ type: "link", target: "bin/ctr" });
    expect(one("./twin")).toMatchObject({
      type: "hardlink",
      target: "./bin/ctr",
      sha256: sha256("ctr"),
      size: 3,
    });
  });
});

describe("what is no archive is refused", () => {
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const cut = (name: string, ...options: string[]): string => {
    const path = tar(name, ...options);
    truncateSync(path, Math.floor(readFileSync(path).length / 2));
    return path;
  };
  test.each([
    ["text", () => file("text", "hello\n".repeat(200)), /tar archive/],
    ["an empty file", () => file("none", ""), /is not a tar archive/],
    ["a zip", () => file("x.zip", Buffer.from("504b030400000000", "hex")), /zip archive/],
    ["gzip that is cut short", () => cut("cut.tgz", "-z"), /cannot be read.*/],
    ["xz that is cut short", () => cut("cut.txz", "-J"), /cannot be read.*xz/],
    [
      "tar that is cut short",
      () => file("cut.tar", readFileSync(tar("whole.tar")).subarray(0, 3 * 512 + 1)),
      /cannot be read/,
    ],
    [
      "gzip of text",
      () => {
        execFileSync("sh", ["-c", `echo hello | gzip > ${folder}/t.gz`]);
        return join(folder, "t.gz");
      },
      /tar archive/,
    ],
  ])("%s", async (_name, make, why) => expect(listArchive(make())).rejects.toThrow(why));
  test("one whose program the controller does not have", async () => {
    const path = process.env["PATH"];
    const packed = tar("nopath.tar.xz", "-J");
    process.env["PATH"] = "/nowhere";
    try {
      await expect(listArchive(packed)).rejects.toThrow(
        /compressed with xz, which the controller does not have/,
      );
    } finally {
      process.env["PATH"] = path;
    }
  });
});
