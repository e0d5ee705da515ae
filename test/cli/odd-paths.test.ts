import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./call.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-odd-paths-"));
const from = process.cwd();
beforeAll(() => {
  process.chdir(folder);
  mkdirSync("folder.yml");
  symlinkSync("round.yml", "round.yml");
  symlinkSync("gone.yml", "astray.yml");
  spawnSync("mkfifo", ["pipe.yml"]);
});
afterAll(() => {
  process.chdir(from);
  rmSync(folder, { recursive: true });
});

test.each([
  ["folder.yml", "is a directory, not a playbook"],
  ["round.yml", '"round.yml" is a link that leads nowhere'],
  ["astray.yml", '"astray.yml" is a link that leads nowhere'],
  ["pipe.yml", '"pipe.yml" is not a regular file'],
  ["/dev/null", '"/dev/null" is not a regular file'],
  ["none.yml", 'there is no playbook "none.yml"'],
])("a playbook %s is refused for what it is", async (name, said) => {
  const answer = await call("plan", name, "-i", "h,");
  expect(answer.said).toContain(said);
  expect(answer.code).toBe(1);
});

test.each([
  ["--lock-timeout", "x", "0 or more"],
  ["--lock-timeout", "-1", "0 or more"],
  ["--forks", "0", "1 or more"],
  ["--forks", "0x10", "1 or more"],
  ["--timeout", "1e3", "1 or more"],
  ["--timeout", "9007199254740993", "1 or more"],
])("%s %s is refused with the least number that it takes", async (flag, value, said) => {
  const answer = await call("apply", "none.yml", `${flag}=${value}`);
  expect(answer.said).toContain(`It must be a whole number, ${said}`);
  expect(answer.code).toBe(1);
});
