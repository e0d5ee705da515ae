import { describe, expect, test } from "vitest";
import { apt } from "../../../src/modules/packages/apt.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import { fits } from "../../../src/modules/shared/packages/choose.ts";
import { refused } from "./apt.cases.ts";
import { argumentsFor, givenWith } from "../case.ts";

describe("names of packages", () => {
  test.each(refused)("%s is refused before any host is asked", (name) => {
    expect(() =>
      apt.observe(
        argumentsFor(apt as unknown as AnyModule, { name: [name] }) as never,
        givenWith(),
      ),
    ).toThrow(/is not the name of a package/);
  });
});

test("upgrade: yes is the word, though YAML reads a boolean", () => {
  const upgrade = (value: boolean): unknown =>
    (argumentsFor(apt, { upgrade: value }) as { upgrade: string }).upgrade;
  expect([upgrade(true), upgrade(false)]).toEqual(["yes", "no"]);
});

test.each([
  ["1.2.3", "1.2*", true],
  ["1.2.3", "1.2.3", true],
  ["1.2.3", "1.2", false],
  ["1.2.3", "1.2.?", true],
  ["1x2", "1.2", false],
  ["2:1.0+b1", "2:1.0+b1", true],
])("version %s fits %s: %s", (version, pattern, wanted) => {
  expect(fits(version, pattern)).toBe(wanted);
});
