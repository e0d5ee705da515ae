import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stat } from "../../../src/modules/files/stat.ts";
import type { StatState } from "../../../src/probes/files/stat.ts";
import { Unknown } from "../../../src/value.ts";
import { argumentsFor, givenWith } from "../case.ts";
import { execute, ThisHost } from "../execute.ts";
import { lines, testHost } from "../../plan/host.ts";
import { has, here, skipReason } from "../../requires.ts";

describe.each(here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]))(
  "stat, for real under %s",
  (...shell) => {
    let host: ThisHost;
    const at = (name: string): string => join(host.root, name);
    const look = (path: string, args: object = {}): { [key: string]: unknown } =>
      execute(host, stat, { path, ...args }).result["stat"] as { [key: string]: unknown };
    beforeEach(() => {
      host = new ThisHost(shell);
    });
    afterEach(() => host.remove());

    test("a file", () => {
      const path = at("it's a\\file");
      writeFileSync(path, "abc");
      chmodSync(path, 0o4751);
      const { ino, dev, nlink, mtimeMs } = statSync(path);
      expect(look(path)).toMatchObject({
        exists: true,
        path,
        mode: "4751",
        isreg: true,
        isdir: false,
        islnk: false,
        isuid: true,
        isgid: false,
        size: 3,
        inode: ino,
        dev,
        nlink,
        rusr: true,
        wusr: true,
        xusr: true,
        rgrp: true,
        wgrp: false,
        xgrp: true,
        roth: false,
        woth: false,
        xoth: true,
        checksum: "a9993e364706816aba3e25717850c26c9cd0d89d",
        readable: true,
        executable: true,
      });
      expect(look(path)["mtime"]).toBeCloseTo(mtimeMs / 1000, 3);
    });

    test("what it takes, what is in it, and its attributes", () => {
      writeFileSync(at("f"), "{}\n");
      const { blocks, blksize } = statSync(at("f"));
      expect(look(at("f"))).toMatchObject({ block_size: blksize, blocks, device_type: 0 });
      expect(look("/dev/null")).toMatchObject({ device_type: 259 });
      const bare = look(at("f"), { get_mime: false, get_attributes: false });
      const kept = ["mimetype", "charset", "version", "attributes", "attr_flags"];
      expect(Object.keys(bare).filter((key) => kept.includes(key))).toEqual([]);
    });

    test.skipIf(!has("file"))(`what \`file\` says of the content${skipReason("file")}`, () => {
      writeFileSync(at("it's a\\file"), "{}\n");
      expect(look(at("it's a\\file"))).toMatchObject({
        mimetype: "application/json",
        charset: "us-ascii",
      });
      expect(look("/dev/null")["mimetype"]).toBe("inode/chardevice");
    });

    test("programs that are not there tell nothing, others what they say", () => {
      writeFileSync(at("f"), "{}\n");
      const unknown = { mimetype: "unknown", charset: "unknown" };
      const none = { version: null, attributes: [], attr_flags: "" };
      const state = { bits: 0o100644, may: "" } as NonNullable<StatState>;
      const shown = (host: StatState): object =>
        stat.result(
          argumentsFor(stat, { path: "/f" }) as never,
          { path: null, host },
          undefined,
          givenWith(),
        )["stat"] as object;
      expect(shown(state)).toMatchObject({ ...unknown, ...none });
      expect(
        shown({
          ...state,
          mime: "application/json; charset=us-ascii",
          attributes: "3027381236 ----i---------e------- /f",
        }),
      ).toMatchObject({
        mimetype: "application/json",
        charset: "us-ascii",
        version: "3027381236",
        attr_flags: "ie",
        attributes: ["immutable", "extents"],
      });
    });

    test("a link that grows as it is followed is a link that leads nowhere", () => {
      symlinkSync("d/x", at("d"));
      expect(look(at("d"))).toMatchObject({ exists: true, islnk: true, lnk_target: "d/x" });
    });

    test.each(["md5", "sha1", "sha224", "sha256", "sha384", "sha512"])(
      "the digest %s",
      (algorithm) => {
        writeFileSync(at("f"), "abc");
        expect(look(at("f"), { checksum_algorithm: algorithm })["checksum"]).toBe(
          execFileSync(`${algorithm}sum`, [at("f")], { encoding: "utf8" }).split(" ")[0],
        );
      },
    );

    test("directories, links, and nothing", () => {
      mkdirSync(at("d"));
      symlinkSync("d", at("l"));
      symlinkSync("nowhere", at("dangling"));
      expect(look(at("d"))).toMatchObject({ isdir: true, isreg: false });
      expect(look(at("d"))).not.toHaveProperty("checksum");
      expect(look(at("l"))).toMatchObject({
        islnk: true,
        isdir: false,
        lnk_target: "d",
        lnk_source: at("d"),
      });
      expect(look(at("l"), { follow: true })).toMatchObject({ islnk: false, isdir: true });
      expect(look(at("dangling"))).toMatchObject({ exists: true, islnk: true });
      expect([look(at("dangling"), { follow: true }), look(at("no"))]).toEqual([
        { exists: false },
        { exists: false },
      ]);
    });

    test("many at once cost as many processes as one", () => {
      for (let i = 0; i < 50; i++) writeFileSync(at(`f${i}`), String(i));
      const probes = Object.fromEntries(
        Array.from({ length: 100 }, (_, i) => [
          `f${i}`,
          stat.observe(argumentsFor(stat, { path: at(`f${i}`) }) as never, givenWith()).host,
        ]),
      );
      const states = host.ask(probes) as {
        [name: string]: { size: number; checksum: string } | null;
      };
      expect([states["f7"]?.size, states["f49"]?.size, states["f50"]]).toEqual([1, 2, null]);
    });
  },
);

describe("what an earlier task makes", () => {
  const args = argumentsFor(stat, { path: "/srv/x" }) as never;
  const host = {
    bits: 0x81a4,
    uid: 0,
    gid: 0,
    owner: "root",
    group: "root",
    size: 3,
    inode: 7,
    dev: 1,
    nlink: 1,
    atime: 1,
    mtime: 1,
    ctime: 1,
    may: "rw",
    checksum: "aa",
  };
  const root = { owner: "root", group: "root", uid: 0, gid: 0 };
  const result = (path: object | null, now: object | null): { [key: string]: unknown } =>
    stat.result(args, { path, host: now } as never, undefined, givenWith())["stat"] as {
      [key: string]: unknown;
    };

  test("nothing was changed", () => {
    expect(result({ type: "file", mode: 0o644, size: 3, ...root }, host)).toMatchObject({
      inode: 7,
      checksum: "aa",
    });
  });
  test("what somebody else has changed since is told as the host reports it", () => {
    const grown = { ...host, size: 9, mtime: 2 };
    expect(result({ type: "file", mode: 0o644, size: 3, ...root }, grown)).toMatchObject({
      size: 9,
      mtime: 2,
    });
    expect(result(null, grown)).toMatchObject({ exists: true, size: 9 });
  });
  test("a new text is known by its digest, not by its times", () => {
    const content = Buffer.from("abc").toString("base64");
    const state = result(
      { type: "file", mode: 0o644, size: 3, sha256: "bb", content, ...root },
      null,
    );
    expect(state).toMatchObject({
      exists: true,
      isreg: true,
      checksum: "a9993e364706816aba3e25717850c26c9cd0d89d",
    });
    expect(state["mtime"]).toBeInstanceOf(Unknown);
  });
  test("a download's digest is not known", () => {
    expect(result({ type: "file", sha256: null }, null)["checksum"]).toBeInstanceOf(Unknown);
  });
  test("a new directory", () => {
    expect(result({ type: "directory", mode: 0o755, ...root }, null)).toMatchObject({
      exists: true,
      isdir: true,
      mode: "0755",
    });
  });
  test("what was removed", () => {
    expect(result(null, null)).toEqual({ exists: false });
  });
});

/** What an earlier task changes: its name, the task, and what is known by then. */
const CHANGES: readonly [what: string, task: string, told: string][] = [
  ["the mode of the file", "{ path: DIR/f, mode: '0600' }", "s.mode == '0600' and s.size == 3"],
  [
    "the modes of all below its directory",
    "{ path: DIR, state: directory, recurse: true, mode: 'u=rwX,go=' }",
    "s.mode == '0600' and s.size == 3",
  ],
  ["the directory, which goes", "{ path: DIR, state: absent }", "not s.exists"],
  ["the file, which goes", "{ path: DIR/f, state: absent }", "not s.exists"],
  ["another file", "{ path: DIR/g, mode: '0600' }", "s.mode == '0644' and s.mtime > 5"],
];

test.each(CHANGES)("an earlier task changes %s", async (_what, task, told) => {
  const host = new ThisHost(["sh"]);
  const folder = join(host.root, "d");
  mkdirSync(folder);
  for (const name of ["f", "g"]) {
    writeFileSync(join(folder, name), "abc");
    chmodSync(join(folder, name), 0o644);
  }
  const { run, session } = testHost(`- hosts: all
  gather_facts: false
  tasks:
    - { name: before, stat: { path: "${folder}/f" } }
    - { name: change, file: ${task.replace("DIR", folder)} }
    - { name: look, stat: { path: "${folder}/f" }, register: r }
    - { name: see, assert: { that: "${told}" }, vars: { s: "{{ r.stat }}" } }
`);
  try {
    await run.plan();
    expect(lines(run)).toEqual(["ok before", "changed change", "ok look", "ok see"]);
  } finally {
    await (await session).close();
    host.remove();
  }
});
