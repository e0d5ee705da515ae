import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { call } from "./call.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-home-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("on this machine ~ and $HOME are the home that the environment names", async () => {
  const file = join(folder, "play.yml");
  writeFileSync(
    file,
    `- hosts: localhost
  gather_facts: false
  tasks:
    - { name: a directory, file: { path: ~/made, state: directory } }
    - { name: a file, copy: { content: x, dest: $HOME/new } }
`,
  );
  const { said } = await call("plan", file);
  expect(said).toContain(join(homedir(), "made"));
  expect(said).toContain(join(homedir(), "new"));
});
