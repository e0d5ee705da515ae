import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PATH_FUNCTIONS, statPath, type PathState } from "../../src/probes/files/path.ts";
import { RECORD_FUNCTIONS } from "../../src/probes/record.ts";
import { sh, type Script } from "../../src/script/sh.ts";
import { placeFile, remember, staged, WRITE_FUNCTIONS } from "../../src/script/write.ts";
import type { StepOutput } from "../../src/modules/contract/module.ts";
import { localFile } from "../modules/case.ts";
import { sha256, ThisHost } from "../modules/execute.ts";
import { has, here, shellcheck, skipReason } from "../requires.ts";

const SHELLS = here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]);

test.skipIf(!has("shellcheck"))(
  `shellcheck has nothing to say of the functions${skipReason("shellcheck")}`,
  () => {
    // Left out: words that are split on purpose; && and || in a row, where the middle cannot fail; functions that only steps call;
    // -ef, which dash, bash and busybox know; scripts for find's -execdir, which get names as parameters.
    const input = `${PATH_FUNCTIONS}\n${WRITE_FUNCTIONS}\n${RECORD_FUNCTIONS}`;
    expect(shellcheck(input, ["SC2086", "SC2015", "SC2329", "SC3013", "SC2156", "SC2016"])).toBe(
      "",
    );
  },
);

describe.each(SHELLS)("under %s", (...shell) => {
  let host: ThisHost;
  const at = (name: string): string => join(host.root, name);
  const run = (...scripts: Script[]): StepOutput => host.run(host.program(scripts));
  const fine = (...scripts: Script[]): void =>
    expect(run(sh`set -e`, ...scripts)).toEqual({ code: 0, stdout: "", stderr: "" });
  beforeEach(() => {
    host = new ThisHost(shell);
  });
  afterEach(() => host.remove());

  test("a file, a directory, a link and nothing are kept, and come back over whatever stands there", () => {
    const names = ["file", "dir", "link", "nothing", "it's $HOME"];
    for (const replacement of [
      () => undefined,
      (path: string) => writeFileSync(path, "new"),
      (path: string) => mkdirSync(join(path, "in"), { recursive: true }),
      (path: string) => symlinkSync("/elsewhere", path),
    ]) {
      host.remove();
      host = new ThisHost(shell);
      writeFileSync(at("file"), "old", { mode: 0o751 });
      writeFileSync(at("it's $HOME"), "odd");
      mkdirSync(at("dir/sub"), { recursive: true });
      writeFileSync(at("dir/sub/f"), "deep");
      symlinkSync("/nowhere", at("link"));
      fine(...names.map((name) => sh`hw_keep ${at(name)}`));
      for (const name of names) {
        host.run(sh`rm -rf -- ${at(name)}`);
        replacement(at(name));
      }
      fine(...names.map((name) => sh`hw_restore ${at(name)}`));
      expect([
        readFileSync(at("file"), "utf8"),
        statSync(at("file")).mode & 0o777,
        readFileSync(at("dir/sub/f"), "utf8"),
        readlinkSync(at("link")),
        readFileSync(at("it's $HOME"), "utf8"),
      ]).toEqual(["old", 0o751, "deep", "/nowhere", "odd"]);
      expect(readdirSync(host.root).sort()).toEqual(["dir", "file", "it's $HOME", "link"]);
    }
  });

  test("a socket and a FIFO are kept on another file system, and come back", () => {
    fine(sh`mkfifo ${at("fifo")}`);
    const socket = spawnSync(
      process.execPath,
      // killed, so that it leaves the socket behind
      [
        "-e",
        `require("net").createServer().listen("./socket", () => process.kill(process.pid, 9))`,
      ],
      { cwd: host.root },
    );
    expect(socket.signal).toBe("SIGKILL");
    for (const name of ["fifo", "socket"])
      fine(sh`ln() { return 1; }; hw_keep ${at(name)}; rm -- ${at(name)}; hw_restore ${at(name)}`);
    expect(statSync(at("fifo")).isFIFO() && statSync(at("socket")).isSocket()).toBe(true);
  });

  test("what a run keeps first is what comes back, however often it is replaced", () => {
    writeFileSync(at("f"), "first");
    fine(sh`hw_keep ${at("f")}`);
    writeFileSync(at("f.new"), "second");
    renameSync(at("f.new"), at("f"));
    fine(sh`hw_keep ${at("f")}`, sh`hw_restore ${at("f")}`);
    expect(readFileSync(at("f"), "utf8")).toBe("first");
  });

  test("what was kept and is not what it was any more is not put back: nothing changes", () => {
    writeFileSync(at("f"), "first");
    fine(sh`hw_keep ${at("f")}`);
    const [kept] = readdirSync(join(host.hw, "journal/test/kept")).filter(
      (name) => name !== "sums",
    );
    writeFileSync(join(host.hw, "journal/test/kept", kept!), "fir");
    writeFileSync(at("f.new"), "second");
    renameSync(at("f.new"), at("f"));
    expect(run(sh`hw_restore ${at("f")}`)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not what it was/) as string,
    });
    expect([readFileSync(at("f"), "utf8"), readdirSync(host.root)]).toEqual(["second", ["f"]]);
  });

  test("a kept file costs no space where it can be a hard link, and where it cannot, it stands whole or not at all", () => {
    writeFileSync(at("f"), "old", { mode: 0o640 });
    fine(sh`hw_keep ${at("f")}`);
    const folder = join(host.hw, "journal/test/kept");
    const [kept] = readdirSync(folder).filter((name) => name !== "sums");
    expect(statSync(join(folder, kept!)).ino).toBe(statSync(at("f")).ino);
    host.remove();
    host = new ThisHost(shell);
    writeFileSync(at("f"), "old", { mode: 0o640 });
    // A copy that is cut off, as by a power cut: another file system, and cp that dies half way.
    expect(
      run(sh`ln() { return 1; }; cp() { printf o > "$4"; return 1; }; hw_keep ${at("f")}`).code,
    ).toBe(1);
    expect(readdirSync(join(host.hw, "journal/test/kept"))).toEqual([
      `${kept!.length > 0 ? sha256(`${at("f")}\n`) : ""}.new`,
    ]);
    fine(sh`ln() { return 1; }; hw_keep ${at("f")}`);
    const copy = join(host.hw, "journal/test/kept", sha256(`${at("f")}\n`));
    expect([
      readFileSync(copy, "utf8"),
      statSync(copy).mode & 0o777,
      statSync(copy).ino === statSync(at("f")).ino,
    ]).toEqual(["old", 0o640, false]);
  });

  test("what was not kept is left alone", () => {
    writeFileSync(at("f"), "mine");
    fine(sh`hw_restore ${at("f")}`);
    expect(readFileSync(at("f"), "utf8")).toBe("mine");
  });

  test("a file is swapped with one rename: who has the old one open reads on", () => {
    const file = localFile("new");
    host.stage([file]);
    writeFileSync(at("f"), "old");
    const inode = statSync(at("f")).ino;
    const { run: place, undo } = placeFile(staged(file), at("f"), "0640", {});
    fine(place);
    expect([
      readFileSync(at("f"), "utf8"),
      statSync(at("f")).mode & 0o777,
      statSync(at("f")).ino === inode,
    ]).toEqual(["new", 0o640, false]);
    fine(undo);
    expect([readFileSync(at("f"), "utf8"), readdirSync(host.root)]).toEqual(["old", ["f"]]);
  });

  test.each<[what: string, mode: string, owner: string, to: string]>([
    ["an owner that is not there", "0644", "no-such-user-here", "f"],
    ["a mode that is none", "rw", "", "f"],
    ["a folder that is not there", "0644", "", "no/f"],
  ])("%s fails the step, changes nothing and leaves nothing", (_what, mode, owner, to) => {
    const file = localFile("new");
    host.stage([file]);
    writeFileSync(at("f"), "old");
    const { code, stderr } = run(placeFile(staged(file), at(to), mode, { owner }).run);
    expect([code, stderr === "", readFileSync(at("f"), "utf8"), readdirSync(host.root)]).toEqual([
      1,
      false,
      "old",
      ["f"],
    ]);
  });

  test("a file that was not staged fails the step", () => {
    writeFileSync(at("f"), "old");
    expect(
      run(placeFile(staged({ sha256: "0".repeat(64), size: 1 }), at("f"), "0644", {}).run).code,
    ).toBe(1);
    expect([readFileSync(at("f"), "utf8"), readdirSync(host.root)]).toEqual(["old", ["f"]]);
  });

  test("a link is swapped with one rename, also one to a directory", () => {
    mkdirSync(at("a"));
    mkdirSync(at("b"));
    symlinkSync("a", at("l"));
    fine(sh`hw_link b ${at("l")}`);
    expect([readlinkSync(at("l")), readdirSync(at("a"))]).toEqual(["b", []]);
    fine(sh`hw_restore ${at("l")}`);
    expect(readlinkSync(at("l"))).toBe("a");
  });

  test("a link replaces an empty directory, which comes back, but no other directory", () => {
    mkdirSync(at("d"), { mode: 0o711 });
    fine(sh`hw_link b ${at("d")}`);
    expect(readlinkSync(at("d"))).toBe("b");
    fine(sh`hw_restore ${at("d")}`);
    expect(statSync(at("d")).mode & 0o777).toBe(0o711);
    writeFileSync(at("d/f"), "x");
    expect(run(sh`hw_link b ${at("d")}`).code).toBe(1);
    expect([readdirSync(at("d")), readdirSync(host.root)]).toEqual([["f"], ["d"]]);
  });

  test("what somebody else writes while something is put back is left as they made it, and named", () => {
    writeFileSync(at("f"), "old");
    fine(sh`hw_keep ${at("f")}`);
    writeFileSync(at("g"), "new");
    renameSync(at("g"), at("f"));
    // cp runs in the middle of it
    const meddle = sh`cp() { command cp "$@" || return; printf theirs > ${at("f")}; }`;
    const { code, stderr } = run(meddle, sh`hw_restore ${at("f")}`);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/\/f was changed by somebody else/)]);
    expect([readFileSync(at("f"), "utf8"), readdirSync(host.root)]).toEqual(["theirs", ["f"]]);
  });

  test("a tree is removed by a rename, and comes back", () => {
    mkdirSync(at("t/u"), { recursive: true });
    writeFileSync(at("t/u/f"), "x");
    const inode = statSync(at("t/u/f")).ino;
    fine(sh`hw_remove ${at("t")}`);
    const [kept] = readdirSync(join(host.hw, "journal/test/kept"));
    expect([
      existsSync(at("t")),
      statSync(join(host.hw, "journal/test/kept", kept!, "u/f")).ino,
    ]).toEqual([false, inode]);
    mkdirSync(at("t"));
    fine(sh`hw_remove ${at("t")}`, sh`hw_restore ${at("t")}`);
    expect(readFileSync(at("t/u/f"), "utf8")).toBe("x");
  });

  test("a link is removed, not what it leads to", () => {
    mkdirSync(at("d"));
    symlinkSync("d", at("l"));
    fine(sh`hw_remove ${at("l")}`);
    expect(readdirSync(host.root)).toEqual(["d"]);
  });

  test("what holds a mount is not removed", () => {
    // /proc is always one.
    const { code, stderr } = run(sh`hw_remove /proc`);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/\/proc is mounted; hint: unmount it/),
    ]);
  });

  test("a note stands whole", () => {
    fine(sh`hw_record my.note ${'{"a":"it\'s"}'}`);
    expect([
      readFileSync(join(host.hw, "records/my.note"), "utf8"),
      readdirSync(join(host.hw, "records")),
    ]).toEqual(['{"a":"it\'s"}\n', ["my.note"]]);
  });

  describe("the index of verified files", () => {
    const index = (): string => readFileSync(join(host.hw, "index"), "utf8");
    const ask = (name: string): PathState =>
      host.ask({ f: statPath(at(name), { indexed: true }) })["f"] as PathState;
    const learn = (...names: string[]): void =>
      fine(
        ...names.map((name) => remember(sha256(readFileSync(at(name))), at(name))),
        sh`hw_index`,
      );
    // An entry with another digest shows which answers are from the index.
    const mark = (name: string): string => {
      const line = index()
        .split("\n")
        .find((entry) => entry.endsWith(` ${at(name)}`))!;
      writeFileSync(join(host.hw, "index"), index().replace(line, "f".repeat(64) + line.slice(64)));
      return "f".repeat(64);
    };

    test("what it holds is not hashed again", () => {
      writeFileSync(at("a b"), "text");
      writeFileSync(at("a"), "text");
      learn("a b", "a");
      expect([ask("a b"), ask("a")]).toMatchObject([
        { sha256: sha256("text") },
        { sha256: sha256("text") },
      ]);
      const marked = mark("a b");
      expect([ask("a b"), ask("a")]).toMatchObject([
        { sha256: marked },
        { sha256: sha256("text") },
      ]);
    });

    test.each<[what: string, edit: (path: string) => void]>([
      ["grew", (path) => appendFileSync(path, "!")],
      [
        "has other bytes, and the old time",
        (path) => {
          const { atime, mtime } = statSync(path);
          writeFileSync(path, "TEXT");
          utimesSync(path, atime, mtime);
        },
      ],
      [
        "was swapped for another",
        (path) => {
          const { atime, mtime } = statSync(path);
          writeFileSync(`${path}.new`, "TEXT");
          utimesSync(`${path}.new`, atime, mtime);
          renameSync(`${path}.new`, path);
        },
      ],
    ])("a file that %s is hashed again", (_what, edit) => {
      writeFileSync(at("f"), "text");
      learn("f");
      mark("f");
      edit(at("f"));
      expect(ask("f")).toMatchObject({ sha256: sha256(readFileSync(at("f"))) });
    });

    test("a file that a later step of the same run changes is not noted", () => {
      writeFileSync(at("f"), "text");
      fine(
        remember(sha256("text"), at("f")),
        sh`sleep 0.02; printf TEXT > ${at("f")}`,
        sh`hw_index`,
      );
      expect([index(), ask("f")]).toMatchObject(["", { sha256: sha256("TEXT") }]);
    });

    test("a file that is gone is not noted, and what is noted anew is noted once", () => {
      for (const name of ["a", "ab", "gone"]) writeFileSync(at(name), name);
      learn("a", "ab", "gone");
      writeFileSync(at("a"), "new");
      fine(
        remember(sha256("new"), at("a")),
        remember(sha256("gone"), at("gone")),
        sh`rm ${at("gone")}; hw_index`,
      );
      expect(
        index()
          .split("\n")
          .map((line) => line.slice(line.indexOf("/"))),
      ).toEqual([at("a"), at("ab"), ""]);
      expect([ask("a"), ask("ab")]).toMatchObject([
        { sha256: sha256("new") },
        { sha256: sha256("ab") },
      ]);
    });

    test("nothing to note writes nothing", () => {
      fine(sh`hw_index`);
      expect(existsSync(join(host.hw, "index"))).toBe(false);
    });
  });
});
