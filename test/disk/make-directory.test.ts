import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDirectory } from "../../src/disk/make-directory.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hullwright-disk-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("all that are missing are made, with the mode; what is there stays", () => {
  makeDirectory(join(root, "a/b"), 0o700);
  expect(statSync(join(root, "a/b")).mode & 0o7777).toBe(0o700);
  makeDirectory(join(root, "a/b"), 0o755);
  expect(statSync(join(root, "a/b")).mode & 0o7777).toBe(0o700);
  symlinkSync("a", join(root, "link"));
  makeDirectory(join(root, "link/c"));
  expect(statSync(join(root, "a/c")).isDirectory()).toBe(true);
});

test.each([
  ["a file stands above it", "file/a/b", "EEXIST"],
  ["a file stands there", "file", "EEXIST"],
  ["a link leads nowhere", "broken/a", "EEXIST"],
])("what the system says against it is thrown: %s", (_what, path, code) => {
  writeFileSync(join(root, "file"), "");
  symlinkSync("nowhere", join(root, "broken"));
  expect(() => makeDirectory(join(root, path))).toThrow(code);
});

test.skipIf(!existsSync("/proc/self"))("it ends where a file system takes no names at all", () => {
  expect(() => makeDirectory("/proc/x/y/z")).toThrow("ENOENT");
});
