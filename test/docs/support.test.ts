import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { endOfLife } from "../../src/modules/shared/containerd/end_of_life.ts";
import { RELEASE_LINES } from "../../src/modules/shared/containerd/releases.ts";
import { BUILT_IN } from "../../src/modules/shared/containerd/snapshotters.ts";

const page = readFileSync("docs/support.md", "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| "));

test.each(RELEASE_LINES)("the page has containerd $line, with the end of its support", (one) => {
  const row = rows.find((line) => line.startsWith(`| ${one.line} |`));
  expect(row).toContain(`| ${one.until} |`);
});

test.each(BUILT_IN)("the page has the snapshotter %s", (name) => {
  expect(rows.some((line) => new RegExp(`\\b${name}\\b`).test(line.split("|")[2]!))).toBe(true);
});

test("every file that the page names is there", () => {
  const named = [...page.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path!);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test.each(["README.md", "docs/guides/getting-started.md"])("%s leads to the page", (file) => {
  expect(readFileSync(file, "utf8")).toContain("support.md)");
});

test.each([
  "README.md",
  "docs/inventory.md",
  "docs/guides/getting-started.md",
  "docs/guides/building-blocks.md",
  "docs/guides/undo.md",
])("%s shows no containerd that is past its end of life", (file) => {
  const shown = [
    ...readFileSync(file, "utf8").matchAll(/containerd_version(?:: |=)"?(\d[\w.-]*)/g),
  ].map(([, version]) => version!);
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.filter((version) => endOfLife(version) !== undefined)).toEqual([]);
});
