import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { call } from "./call.ts";

test("with -v a task whose loop has no items has a line, and is counted as skipped", async () => {
  const root = mkdtempSync(join(tmpdir(), "hullwright-loop-"));
  vi.stubEnv("XDG_CACHE_HOME", root);
  const site = join(root, "site.yml");
  writeFileSync(
    site,
    "- hosts: all\n  connection: local\n  gather_facts: false\n  tasks:\n    - { name: none, debug: { msg: a }, loop: [], register: it }\n    - { name: after, debug: { msg: '{{ it.results | length }}' } }\n",
  );
  const { said } = await call("plan", "-v", site, "-i", "a,");
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
  expect(said).toMatch(/- none \(debug\): skipped, No items in the list/);
  expect(said).toMatch(/= after \(debug\): ok\n +0/);
});
