import { expect, test } from "vitest";
import { InputError, TaskFailure, UnplacedError } from "../src/errors.ts";
import { attempt, insteadOf, succeeds } from "../src/instead-of.ts";

/** What is thrown, and whether the value stands in for it. */
const THROWN: readonly [what: string, error: Error, isReplaced: boolean][] = [
  ["an error of the first class", new InputError("x"), true],
  ["an error of a class below it", new UnplacedError("x"), true],
  ["an error of the second class", new RangeError("x"), true],
  ["any other error", new TaskFailure("x"), false],
];

test.each(THROWN)("%s", (_what, error, isReplaced) => {
  const run = (): string =>
    insteadOf([InputError, RangeError], "instead", () => {
      throw error;
    });
  if (isReplaced) expect(run()).toBe("instead");
  else expect(run).toThrow(error);
});

test("without an error, it is what was made", () => {
  expect(insteadOf([InputError], "instead", () => "made")).toBe("made");
});

test.each<[what: string, run: () => unknown, made: unknown, succeeded: boolean]>([
  ["a value", () => 1, 1, true],
  ["nothing", () => undefined, undefined, true],
  ["any error", () => JSON.parse("{"), undefined, false],
])("attempts: %s", (_what, run, made, succeeded) => {
  expect(attempt(run)).toBe(made);
  expect(succeeds(run)).toBe(succeeded);
});
