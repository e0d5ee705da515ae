import { expect, test } from "vitest";
import { perObject, remembering } from "../src/remember.ts";

test("an answer is made once, as long as it is among the last", () => {
  const made: string[] = [];
  const once = remembering<string>(2);
  const ask = (text: string): string =>
    once(text, () => {
      made.push(text);
      return text.toUpperCase();
    });
  expect(["a", "a", "b", "a", "c", "b", "a"].map(ask)).toEqual(["A", "A", "B", "A", "C", "B", "A"]);
  expect(made).toEqual(["a", "b", "c", "a"]);
});

test("what fails is not remembered", () => {
  const once = remembering<number>(2);
  expect(() =>
    once("a", () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(once("a", () => 1)).toBe(1);
});

test("an object is asked about once, whatever the answer is", () => {
  const asked: object[] = [];
  const ask = perObject((of: { answer?: number }) => {
    asked.push(of);
    return of.answer;
  });
  const [one, none] = [{ answer: 1 }, {}];
  expect([one, none, one, none].map(ask)).toEqual([1, undefined, 1, undefined]);
  expect(asked).toEqual([one, none]);
});
