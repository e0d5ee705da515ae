import { expect, test } from "vitest";
import { loadYaml } from "../../src/yaml/load.ts";

test.each([
  ["a tab", "-\ta\n", true],
  ["a tab between spaces", "- \t a\n", true],
  ["a tab before a quote", "-\t'a'\n", true],
  ["a tab in a list of a list", "- -\ta\n", true],
  ["a tab in an indented list", "a:\n  -\tb\n", true],
  ["a space", "- a\n", false],
  ["a tab after a colon", "a:\tb\n", false],
  ["a tab in the value", "- a\tb\n", false],
  ["no tab, but a dash before", "- -a\n", false],
])("%s after the dash of an item", (_, text, isRefused) => {
  const read = (): unknown => loadYaml(text, "t.yml");
  if (isRefused) expect(read).toThrow("there is a tab after the dash of this item");
  else expect(read).not.toThrow();
});

// Each value was looked for from the beginning of its line on: such a file took minutes.
test("a long file on one line is read value by value", () => {
  const text = JSON.stringify(Array.from({ length: 150_000 }, (_, at) => at));
  expect(loadYaml(text, "t.yml")).toMatchObject({ kind: "seq" });
});
