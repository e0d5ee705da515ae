import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { call } from "../../cli/call.ts";

const home = mkdtempSync(join(tmpdir(), "hullwright-rollback-"));
const place = join(home, "place");
vi.stubEnv("HOME", home);
vi.stubEnv("XDG_STATE_HOME", join(home, "state"));
writeFileSync(join(home, "hosts"), "h1 ansible_connection=local ansible_user=someone\n");
beforeEach(() => {
  rmSync(place, { recursive: true, force: true });
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

// Applies a block that makes a directory and a file in it, does one thing more, and fails; its rescue undoes what it did.
async function undone(more: string): Promise<{ code: number; said: string }> {
  writeFileSync(
    join(home, "play.yml"),
    `- hosts: all
  gather_facts: false
  tasks:
    - block:
        - file: { path: ${place}, state: directory, mode: "0755" }
        - copy: { content: a, dest: ${place}/a }
        - ${more}
        - { name: Try, command: "false" }
      rescue:
        - rollback:
`,
  );
  return call("apply", join(home, "play.yml"), "-i", join(home, "hosts"), "--yes");
}

test("what a block has done is undone, the newest first, and the host fails for the block's reason", async () => {
  const { code, said } = await undone(`copy: { content: b, dest: ${place}/b }`);
  expect([code, existsSync(place)]).toEqual([2, false]);
  expect(said).toMatch(/x Try: [^]*3 changes were undone\n/);
});

test("a directory that others have filled stays, and is named; all else is undone", async () => {
  const { code, said } = await undone(`command: touch ${place}/others`);
  expect(code).toBe(2);
  expect(["a", "others"].map((name) => existsSync(join(place, name)))).toEqual([false, true]);
  expect(said).toMatch(/x Try: [^]*1 change was undone\n/);
  expect(said).toContain(`stays, as others have put something in it: ${place}\n`);
});
