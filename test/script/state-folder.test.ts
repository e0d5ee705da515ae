import { spawnSync } from "node:child_process";
import { chownSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stateFolder } from "../../src/script/state-folder.ts";

/** Users that nobody has, so that what is in /var/tmp for them is ours. */
const UID = 64_321;
const OTHER = 64_322;
const FALLBACK = `/var/tmp/hullwright-${UID}`;
const isRoot = process.getuid?.() === 0;

// Which directory a user would use whose home this is.
function chosen(home: string): string {
  return spawnSync("sh", ["-c", `${stateFolder(false).sh}\nprintf %s "$HW_STATE_DIR"`], {
    uid: UID,
    gid: UID,
    env: { HOME: home, PATH: process.env["PATH"] },
    encoding: "utf8",
  }).stdout;
}

describe.skipIf(!isRoot)(`a service account${isRoot ? "" : " (skipped: needs root)"}`, () => {
  let folder: string;
  beforeEach(() => {
    rmSync(FALLBACK, { recursive: true, force: true });
    folder = mkdtempSync(join(tmpdir(), "hullwright-state-"));
  });
  afterEach(() => {
    rmSync(FALLBACK, { recursive: true, force: true });
    rmSync(folder, { recursive: true });
  });

  test("has its state in its home where it may write that", () => {
    chownSync(folder, UID, UID);
    expect(chosen(folder)).toBe(join(folder, ".local/state/hullwright"));
  });

  test.each(["/nonexistent", "/", "/usr/sbin", ""])(
    "has it in /var/tmp where its home is %j",
    (home) => {
      expect(chosen(home)).toBe(FALLBACK);
    },
  );

  test("nothing is made by asking", () => {
    chosen("/nonexistent");
    expect(lstatSync(FALLBACK, { throwIfNoEntry: false })).toBeUndefined();
  });

  test("a directory of somebody else is never used", () => {
    mkdirSync(FALLBACK, { mode: 0o777 });
    chownSync(FALLBACK, OTHER, OTHER);
    expect(chosen("/nonexistent")).toBe("/proc/self/not-ours");
    chownSync(FALLBACK, UID, UID);
    expect(chosen("/nonexistent")).toBe(FALLBACK);
  });
});
