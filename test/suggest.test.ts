import { expect, test } from "vitest";
import { didYouMean } from "../src/suggest.ts";

test.each([
  ["taks", ["tags", "tasks"], "tasks"],
  ["fro", ["from", "for"], "for"],
  ["xyz", ["copy", "file"], undefined],
  ["mod", ["mode", "src"], "mode"],
])("for %s among %j, %s is meant", (word, known, wanted) => {
  expect(didYouMean(word, known)).toBe(
    wanted === undefined ? undefined : `did you mean "${wanted}"?`,
  );
});
