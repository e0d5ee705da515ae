import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { homePath, sshHome } from "../../../src/transport/ssh/home-path.ts";

const before = process.env["HOME"];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-home-"));
  mkdirSync(join(folder, "with", ".ssh"), { recursive: true });
});
afterEach(() => {
  process.env["HOME"] = before;
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["HOME has a .ssh", "with", () => join(folder, "with")],
  ["HOME has none, and ssh's own home counts", "without", () => userInfo().homedir],
])("%s", (_what, name, home) => {
  process.env["HOME"] = join(folder, name);
  expect(sshHome()).toBe(home());
  expect(homePath("~/.ssh/key")).toBe(join(home(), ".ssh/key"));
  expect(homePath("/etc/key")).toBe("/etc/key");
});
