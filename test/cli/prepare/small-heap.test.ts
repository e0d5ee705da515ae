import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keepHeapSmall } from "../../../src/cli/prepare/small-heap.ts";

const ROOT = join(import.meta.dirname, "../../..");

// By how many bytes the space for new objects grows in a program of its own.
function growth(...words: string[]): number {
  const child = [
    "--max-semi-space-size=64",
    "test/ts.mjs",
    "test/cli/prepare/small-heap.child.ts",
    ...words,
  ];
  const { stdout, stderr } = spawnSync(process.execPath, child, { cwd: ROOT, encoding: "utf8" });
  expect(stderr).toBe("");
  return Number(stdout);
}

test("the space for new objects does not grow any more once it is to stay small", () => {
  expect(growth()).toBeGreaterThan(0);
  expect(growth("small")).toBeLessThanOrEqual(0);
});

test.each(["9.4.146.26-node.30", "14.1.146.11-node.1", ""])(
  "V8 %s, of which it is not known whether it has the setting, is left alone",
  (version) => {
    expect(keepHeapSmall(version)).toBe(false);
  },
);
