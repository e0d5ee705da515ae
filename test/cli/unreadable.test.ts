import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { call } from "./call.ts";

// Links that lead round in a circle cannot be read by anybody, not even by root.
const folder = mkdtempSync(join(tmpdir(), "hullwright-unreadable-"));
const from = process.cwd();
beforeAll(() => {
  process.chdir(folder);
  mkdirSync("roles/r/tasks", { recursive: true });
  symlinkSync("main.yml", "roles/r/tasks/main.yml");
  symlinkSync("round.yml", "round.yml");
  symlinkSync("round", "round");
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  process.chdir(from);
  rmSync(folder, { recursive: true });
});

const CIRCLE = "its links lead round in a circle";
const CASES: [string, string, ...string[]][] = [
  ["roles: [r]", `roles/r/tasks/main.yml cannot be read: ${CIRCLE}`],
  ["vars_files: [round.yml]", `round.yml cannot be read: ${CIRCLE}`],
  ["tasks: [{ include_tasks: round.yml }]", `round.yml cannot be read: ${CIRCLE}`],
  ["tasks: [{ copy: { src: round, dest: /tmp/x } }]", `round cannot be read: ${CIRCLE}`],
  ["tasks: [{ debug: { msg: \"{{ lookup('file', 'round') }}\" } }]", CIRCLE],
  ["tasks: [{ debug: { msg: \"{{ lookup('file', 'roles') }}\" } }]", "it is a directory"],
  ["tasks: []", `round cannot be read: ${CIRCLE}`, "-i", "round"],
  ["tasks: []", `round cannot be read: ${CIRCLE}`, "-e", "@round"],
];
test.each(CASES)("%s with a file that cannot be read: %s", async (play, said, ...flags) => {
  writeFileSync("site.yml", `- hosts: all\n  gather_facts: false\n  ${play}\n`);
  const answer = await call(
    ...["plan", "site.yml", "-i", "one,", "-e", "ansible_connection=local", ...flags],
  );
  expect(answer.said.replaceAll(`${folder}/`, "")).toContain(said);
  expect(answer.said).not.toMatch(/defect|E[A-Z]{3,}:/);
  expect(answer.code).toBe(1);
});

test("a directory of PATH that cannot be looked into is passed over", async () => {
  vi.stubEnv("PATH", `${join(folder, "round")}:${process.env["PATH"]}`);
  writeFileSync("site.yml", "- hosts: all\n  gather_facts: false\n  tasks: [{ ping: }]\n");
  const answer = await call("plan", "site.yml", "-i", "127.0.0.1:9,", "-T", "5");
  expect(answer.said).toContain("127.0.0.1");
  expect(answer.code).toBe(4);
});
