import { createHash } from "node:crypto";
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
import { copy } from "../../../src/modules/files/copy.ts";
import { template } from "../../../src/modules/files/template.ts";
import { localFile } from "../case.ts";
import { execute, sha256, ThisHost, type Executed } from "../execute.ts";
import { here } from "../../requires.ts";

const SHELLS = here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]);

describe.each(SHELLS)("copy, for real under %s", (...shell) => {
  let host: ThisHost;
  const at = (name: string): string => join(host.root, name);
  const run = (name: string, args: object, given = {}): Executed =>
    execute(host, copy, { dest: at(name), ...args }, { given });
  const text = (name: string): string => readFileSync(at(name), "utf8");
  const mode = (name: string): number => statSync(at(name)).mode & 0o7777;
  beforeEach(() => {
    host = new ThisHost(shell);
  });
  afterEach(() => host.remove());

  test("a text is written, shown, and taken back", () => {
    const { change, result } = run("it's new", { content: "a\n'b'\n" });
    expect([text("it's new"), mode("it's new")]).toEqual(["a\n'b'\n", 0o644]);
    expect(change!.diff).toEqual([
      { kind: "text", title: at("it's new"), before: "", after: "a\n'b'\n" },
    ]);
    expect(result).toMatchObject({
      dest: at("it's new"),
      state: "file",
      size: 6,
      mode: "0644",
      checksum: createHash("sha1").update("a\n'b'\n").digest("hex"),
    });
    host.undo(change!);
    expect(readdirSync(host.root)).toEqual([]);
  });

  test("a text takes the place of another, keeps its mode, and gives it back", () => {
    writeFileSync(at("f"), "old\n");
    chmodSync(at("f"), 0o4750);
    const inode = statSync(at("f")).ino;
    const { change } = run("f", { content: "new\n" });
    expect([text("f"), mode("f")]).toEqual(["new\n", 0o4750]);
    expect(statSync(at("f")).ino, "the old file is not written into").not.toBe(inode);
    expect(change!.diff).toEqual([
      { kind: "text", title: at("f"), before: "old\n", after: "new\n" },
    ]);
    host.undo(change!);
    expect([text("f"), mode("f")]).toEqual(["old\n", 0o4750]);
  });

  test("only the mode", () => {
    writeFileSync(at("f"), "new");
    const inode = statSync(at("f")).ino;
    run("f", { content: "new", mode: "u=rw,go=" });
    expect([mode("f"), statSync(at("f")).ino]).toEqual([0o600, inode]);
  });

  test("a failed validation keeps the old file, and leaves nothing behind", () => {
    writeFileSync(at("f"), "old");
    const { outputs } = run("f", { content: "new", validate: "grep -q never %s" });
    expect(outputs.at(-1)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("failed to validate") as string,
    });
    expect([text("f"), readdirSync(host.root)]).toEqual(["old", ["f"]]);
    run("f", { content: "new", validate: "grep -q new %s" });
    expect(text("f")).toBe("new");
  });

  test("a backup stands beside it", () => {
    writeFileSync(at("f"), "old");
    const { result } = run("f", { content: "new", backup: true });
    expect([readFileSync(result["backup_file"] as string, "utf8"), text("f")]).toEqual([
      "old",
      "new",
    ]);
  });

  test("a link is replaced, or followed", () => {
    writeFileSync(at("real"), "old");
    symlinkSync("real", at("link"));
    const { change } = run("link", { content: "followed", follow: true });
    expect([text("real"), lstatSync(at("link")).isSymbolicLink()]).toEqual(["followed", true]);
    host.undo(change!);
    expect(text("real")).toBe("old");
    run("link", { content: "replaced" });
    expect([text("real"), text("link"), lstatSync(at("link")).isSymbolicLink()]).toEqual([
      "old",
      "replaced",
      false,
    ]);
  });

  test("a file into a directory, through a link to it", () => {
    mkdirSync(at("d"));
    symlinkSync("d", at("l"));
    run("l", { src: "x.conf" }, { file: () => localFile("x") });
    expect(text("d/x.conf")).toBe("x");
  });

  test("directories are made for a slash", () => {
    const { change } = run(
      "a/b/",
      { src: "x.conf", directory_mode: "0700" },
      { file: () => localFile("x") },
    );
    expect([text("a/b/x.conf"), mode("a"), mode("a/b")]).toEqual(["x", 0o700, 0o700]);
    host.undo(change!);
    expect(existsSync(at("a"))).toBe(false);
  });

  test("bytes and big files", () => {
    const big = Buffer.alloc(3 * 1024 * 1024, "häß\0\xff", "latin1");
    run("big", { src: "big", mode: "0755" }, { file: () => localFile(big) });
    expect(sha256(readFileSync(at("big")))).toBe(sha256(big));
    expect(readFileSync(join(host.hw, "index"), "utf8")).toContain(`${sha256(big)} ${big.length} `);
  });

  test("a tree", () => {
    const entries = [
      { path: "a", type: "file" as const, mode: 0o600, file: localFile("A", { mode: 0o600 }) },
      { path: "d/", type: "directory" as const, mode: 0o755 },
      { path: "d/b c", type: "file" as const, mode: 0o755, file: localFile("B", { mode: 0o755 }) },
      { path: "l", type: "link" as const, mode: 0o777, target: "a" },
    ];
    const { change } = run(
      "t",
      { src: "tree/", local_follow: false, mode: "preserve" },
      { tree: () => ({ entries }) },
    );
    expect([
      text("t/a"),
      mode("t/a"),
      text("t/d/b c"),
      mode("t/d/b c"),
      readlinkSync(at("t/l")),
    ]).toEqual(["A", 0o600, "B", 0o755, "a"]);
    host.undo(change!);
    expect(existsSync(at("t"))).toBe(false);
  });

  test("a file of the host", () => {
    writeFileSync(at("src"), "here", { mode: 0o711 });
    run("dst", { src: at("src"), remote_src: true, mode: "preserve" });
    expect([text("dst"), mode("dst")]).toEqual(["here", 0o711]);
  });

  test("a template", () => {
    const given = { file: () => localFile("{{ x }}"), render: () => "rendered\n" };
    execute(host, template, { src: "t.j2", dest: at("t"), mode: "0640" }, { given });
    expect([text("t"), mode("t")]).toEqual(["rendered\n", 0o640]);
  });

  test.runIf(process.getuid?.() === 0)("owners stay, or come with the text", () => {
    writeFileSync(at("f"), "old");
    host.run({ sh: `chown 5:12345 ${at("f")}` });
    run("f", { content: "new" });
    expect([statSync(at("f")).uid, statSync(at("f")).gid]).toEqual([5, 12345]);
    run("g", { content: "new", owner: "games", group: "man" });
    expect([statSync(at("g")).uid, statSync(at("g")).gid]).toEqual([5, 12]);
  });
});
