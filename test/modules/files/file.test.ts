import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { file } from "../../../src/modules/files/file.ts";
import { execute, ThisHost, type Executed } from "../execute.ts";
import { here } from "../../requires.ts";

const SHELLS = here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]);

describe.each(SHELLS)("file, for real under %s", (...shell) => {
  let host: ThisHost;
  const at = (name: string): string => join(host.root, name);
  const run = (name: string, args: object, always = false): Executed =>
    execute(host, file, { path: at(name), ...args }, { always });
  const mode = (name: string): number => statSync(at(name)).mode & 0o7777;
  beforeEach(() => {
    host = new ThisHost(shell);
  });
  afterEach(() => host.remove());

  test("a mode is corrected and given back", () => {
    writeFileSync(at("it's $(x)"), "a");
    chmodSync(at("it's $(x)"), 0o640);
    const { change, result } = run("it's $(x)", { mode: "u=rwx,g=s,o=" });
    expect(mode("it's $(x)")).toBe(0o2700);
    expect(result).toMatchObject({ mode: "02700", state: "file", size: 1, path: at("it's $(x)") });
    host.undo(change!);
    expect(mode("it's $(x)")).toBe(0o640);
    expect(readdirSync(host.root)).toEqual(["it's $(x)"]);
  });

  test("directories are made, and go again unless something is in them", () => {
    const { change } = run("a/b/c", { state: "directory", mode: "0750" });
    expect([mode("a"), mode("a/b"), mode("a/b/c")]).toEqual([0o750, 0o750, 0o750]);
    writeFileSync(at("a/data"), "");
    host.undo(change!);
    expect(readdirSync(at("a"))).toEqual(["data"]);
  });

  test("directories are made by a path with needless slashes and dots", () => {
    const { change } = execute(host, file, {
      path: `${host.root}//new/.//./deep/./er/`,
      state: "directory",
    });
    expect(statSync(join(host.root, "new/deep/er")).isDirectory()).toBe(true);
    host.undo(change!);
    expect(readdirSync(host.root)).toEqual([]);
  });

  test("directories below a setgid directory", () => {
    mkdirSync(at("s"));
    chmodSync(at("s"), 0o2775);
    run("s/x", { state: "directory" });
    expect(mode("s/x")).toBe(0o2755);
    run("s/x", { state: "directory", mode: "0755" });
    expect(mode("s/x")).toBe(0o755);
  });

  test("a tree goes and comes back", () => {
    mkdirSync(at("t/sub"), { recursive: true });
    writeFileSync(at("t/sub/f"), "kept");
    symlinkSync("nowhere", at("t/l"));
    const { change } = run("t", { state: "absent" });
    expect(existsSync(at("t"))).toBe(false);
    host.undo(change!);
    expect([readFileSync(at("t/sub/f"), "utf8"), readlinkSync(at("t/l"))]).toEqual([
      "kept",
      "nowhere",
    ]);
  });

  test("a link is made, retargeted, and given back", () => {
    mkdirSync(at("one"));
    mkdirSync(at("two"));
    run("link", { src: "one", state: "link" });
    const { change, result } = run("link", { src: "./two", state: "link" });
    expect([readlinkSync(at("link")), result["src"]]).toEqual(["./two", "./two"]);
    host.undo(change!);
    // What is kept is what was there when the run began.
    expect(existsSync(at("link"))).toBe(false);
  });

  test("with force, a link replaces a file or an empty directory, and both come back", () => {
    writeFileSync(at("f"), "old");
    mkdirSync(at("d"));
    for (const name of ["f", "d"]) {
      const { change } = run(name, { src: "/nowhere", state: "link", force: true });
      expect(readlinkSync(at(name))).toBe("/nowhere");
      host.undo(change!);
    }
    expect([readFileSync(at("f"), "utf8"), statSync(at("d")).isDirectory()]).toEqual(["old", true]);
  });

  test("a mode goes through a link", () => {
    writeFileSync(at("f"), "");
    symlinkSync("f", at("l"));
    run("l", { mode: "0600" });
    expect([mode("f"), lstatSync(at("l")).isSymbolicLink()]).toEqual([0o600, true]);
  });

  test("a hard link", () => {
    writeFileSync(at("f"), "x");
    run("h", { src: at("f"), state: "hard" });
    expect(statSync(at("h")).ino).toBe(statSync(at("f")).ino);
  });

  test("a second name of a link", () => {
    writeFileSync(at("f"), "x");
    symlinkSync(at("f"), at("l"));
    run("h", { src: at("l"), state: "hard" });
    expect(lstatSync(at("h")).ino).toBe(lstatSync(at("l")).ino);
  });

  test("all below a directory, and back", () => {
    mkdirSync(at("r/s"), { recursive: true });
    writeFileSync(at("r/s/f"), "");
    writeFileSync(at("r/x y"), "", { mode: 0o755 });
    chmodSync(at("r/s"), 0o2755);
    const { change } = run("r", { state: "directory", recurse: true, mode: "u=rwX,go=" });
    expect([mode("r"), mode("r/s"), mode("r/s/f"), mode("r/x y")]).toEqual([
      0o700, 0o2700, 0o600, 0o700,
    ]);
    host.undo(change!);
    expect([mode("r"), mode("r/s"), mode("r/s/f"), mode("r/x y")]).toEqual([
      0o755, 0o2755, 0o644, 0o755,
    ]);
    run("r", { recurse: true, mode: "0711" });
    expect([mode("r"), mode("r/s"), mode("r/s/f"), mode("r/x y")]).toEqual([
      0o711, 0o711, 0o711, 0o711,
    ]);
  });

  test("touch makes a file, and sets times", () => {
    run("f", { state: "touch", mode: "0600" }, true);
    expect(mode("f")).toBe(0o600);
    host.run({ sh: `touch -d @1000 ${at("f")}` });
    run("f", { state: "touch", access_time: "preserve" }, true);
    expect(statSync(at("f")).mtimeMs).toBeGreaterThan(1e9);
    expect(statSync(at("f")).atimeMs).toBe(1e6);
  });

  test.runIf(process.getuid?.() === 0)("owners by name and by number, and back", () => {
    writeFileSync(at("f"), "");
    const { change } = run("f", { owner: "games", group: "12" });
    expect([statSync(at("f")).uid, statSync(at("f")).gid]).toEqual([5, 12]);
    host.undo(change!);
    expect([statSync(at("f")).uid, statSync(at("f")).gid]).toEqual([0, 0]);
    symlinkSync("f", at("l"));
    run("l", { owner: "games", follow: false });
    expect([statSync(at("f")).uid, lstatSync(at("l")).uid]).toEqual([0, 5]);
    mkdirSync(at("d/e"), { recursive: true });
    run("d", { owner: "games", recurse: true });
    expect(statSync(at("d/e")).uid).toBe(5);
  });
});
