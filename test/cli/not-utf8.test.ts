import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { call } from "./call.ts";

let folder: string;
const from = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-not-utf8-"));
  vi.stubEnv("ANSIBLE_CONFIG", undefined);
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(from);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const site = (rest: string): string => `- hosts: all\n  gather_facts: false\n  ${rest}\n`;
const look = (lookup: string): string =>
  site(`tasks: [{ debug: { msg: "{{ lookup(${lookup}) }}" } }]`);

/** What is wrong, the playbook, the file that has E9 where a ? is, its place, and flags. */
const CASES: [string, string, Record<string, string>, string, ...string[]][] = [
  ["the playbook", site("tasks: []\n# ?"), {}, "site.yml:4:3"],
  ["variables", site("vars_files: [v.yml]"), { "v.yml": "a: 1\nx: né?\n" }, "v.yml:2:6"],
  ["included variables", site("tasks: [include_vars: v.yml]"), { "v.yml": "x: ?" }, "v.yml:1:4"],
  ["included tasks", site("tasks: [include_tasks: t.yml]"), { "t.yml": "# ?" }, "t.yml:1:3"],
  ["imported tasks", site("tasks: [import_tasks: t.yml]"), { "t.yml": "# ?" }, "t.yml:1:3"],
  ["a role", site("roles: [r]"), { "roles/r/defaults/main.yml": "a: ?" }, "main.yml:1:4"],
  ["a lookup", look("'file', 'f'"), { f: "?" }, "f:1:1"],
  ["a template", look("'template', 'f'"), { f: "\n?" }, "f:2:1"],
  ["a table", look("'csvfile', 'a file=f delimiter=,'"), { f: "a,?" }, "f:1:3"],
  ["what a command prints", look("'pipe', 'cat f'"), { f: "?" }, "printed what is not UTF-8"],
  ["the settings", site("tasks: []"), { "ansible.cfg": "[defaults]\n# ?" }, "ansible.cfg:2:3"],
  ["the inventory", site("tasks: []"), { h: "h1 x=?" }, "h:1:6", "-i", "h"],
  ["a password", site("tasks: []"), { p: "?" }, "password file", "--become-password-file", "p"],
  ["a vault's password", site("tasks: []"), { p: "?" }, "password file", "--vault-id", "p"],
];

test.each(CASES)("%s that is not UTF-8 is refused", async (_what, book, files, where, ...flags) => {
  for (const [name, text] of Object.entries({ "site.yml": book, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const bytes = Buffer.from(text.replaceAll("?", "\0")).map((byte) => (byte === 0 ? 0xe9 : byte));
    writeFileSync(join(folder, name), bytes);
  }
  const { code, said } = await call(
    ...["plan", "site.yml", "-i", "one,", "-e", "ansible_connection=local", ...flags],
  );
  expect(said).toContain("not UTF-8");
  expect(said).toContain(where);
  expect(code).toBe(1);
});
