import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { call } from "./call.ts";
import { WRONG_DESCRIPTIONS } from "./wrong-descriptions.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-wrong-descriptions-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A host that nobody can reach: it is never asked. */
const HOSTS = "all:\n  hosts: {a: {ansible_host: 127.0.0.1, ansible_port: 1}}\n  vars:\n";

test("there are at least a hundred of them", () => {
  expect(WRONG_DESCRIPTIONS.length).toBeGreaterThanOrEqual(100);
});

test.each(WRONG_DESCRIPTIONS)("containerd %s: %s", async (version, line, says) => {
  const inventory = join(root, "inventory.yml");
  writeFileSync(inventory, `${HOSTS}    containerd_version: ${version}\n    ${line}\n`);
  const { code, said } = await call("plan", "containerd.yml", "-i", inventory);
  expect(code).toBe(1);
  expect(said).toMatch(/^error: /);
  expect(said).toContain(says);
  expect(said).toContain("inventory.yml:5:");
  expect(said, "no stack trace").not.toMatch(/^\s+at \S+ \(/m);
});
