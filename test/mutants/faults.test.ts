import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FAULTS } from "./faults.ts";

test("there are at least forty faults to plant, each with a name of its own", () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(40);
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
});

test.each(FAULTS)("$file: $name: its text stands there once, and its tests exist", (fault) => {
  const { file, before, after, tests } = fault;
  expect(readFileSync(file, "utf8").split(before)).toHaveLength(2);
  expect(after).not.toBe(before);
  expect(tests.filter((one) => !existsSync(one))).toEqual([]);
  expect(tests.length).toBeGreaterThan(0);
});
