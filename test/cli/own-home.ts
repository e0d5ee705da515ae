/** A home of its own for a test file whose calls change this machine. Import it before `call.ts`. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, vi } from "vitest";

// A user who is not root keeps our folder in the home of this test.
vi.mock("node:os", async (original) => {
  const os: typeof import("node:os") = await original();
  return { ...os, userInfo: () => ({ ...os.userInfo(), username: "tester" }) };
});

const os = await vi.importActual<typeof import("node:os")>("node:os");

/** Who runs the test. */
export const me = os.userInfo().username;

// Makes a directory that has a home, our states and our caches, and is empty else: `beforeEach`
// test, or once, `beforeAll`. It goes when the tests of the file have ended.
export function ownHome(before: (empty: () => void) => void): string {
  const root = mkdtempSync(join(tmpdir(), "hullwright-home-"));
  before(() => {
    rmSync(root, { recursive: true, force: true });
    mkdirSync(join(root, "home"), { recursive: true });
    vi.stubEnv("HOME", join(root, "home"));
    vi.stubEnv("XDG_STATE_HOME", join(root, "state"));
    vi.stubEnv("XDG_CACHE_HOME", join(root, "cache"));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true, force: true });
  });
  return root;
}
