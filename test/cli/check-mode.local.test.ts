import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { call } from "./call.ts";

const home = mkdtempSync(join(tmpdir(), "hullwright-check-"));
vi.stubEnv("HOME", home);
vi.stubEnv("XDG_CACHE_HOME", join(home, "cache"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const play = join(home, "play.yml");
const guarded = join(home, "guarded");
const local = ["-i", join(home, "hosts")];
writeFileSync(join(home, "hosts"), "h1 ansible_connection=local\n");
writeFileSync(
  play,
  `- hosts: all
  gather_facts: false
  tasks:
    - {name: guarded, copy: {content: x, dest: ${guarded}}, when: not ansible_check_mode}
`,
);

test("a plan, saved or not, is what apply does; ansible_check_mode is true with --check alone", async () => {
  const saved = join(home, "saved");
  expect(await call("plan", play, ...local, "-o", saved)).toMatchObject({
    code: 2,
    said: expect.stringContaining("guarded (copy)") as string,
  });
  expect(await call("plan", play, ...local, "--check")).toMatchObject({ code: 0 });
  expect(await call("apply", play, ...local, "--check")).toMatchObject({ code: 0 });
  expect(existsSync(guarded)).toBe(false);
  expect(await call("apply", saved)).toMatchObject({ code: 0 });
  expect(existsSync(guarded)).toBe(true);
  expect(await call("plan", play, ...local)).toMatchObject({ code: 0 });
});
