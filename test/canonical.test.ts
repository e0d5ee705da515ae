import { expect, test } from "vitest";
import { canonical } from "../src/canonical.ts";

/** Two values that are the same to whoever compares them by their texts. */
const SAME: readonly [what: string, one: unknown, other: unknown][] = [
  ["keys in another order", { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
  ["a member without a value", { a: 1, b: undefined }, { a: 1 }],
  ["maps", { of: new Map([["a", [1]]]) }, { of: new Map([["a", [1]]]) }],
];

const DIFFERENT: readonly [what: string, one: unknown, other: unknown][] = [
  ["another order in a list", [1, 2], [2, 1]],
  ["null, and no value", { a: null }, {}],
  ["a number and its text", { a: 1 }, { a: "1" }],
  ["maps with other values", new Map([["a", 1]]), new Map([["a", 2]])],
  ["a map and nothing", { of: new Map([["a", 1]]) }, { of: {} }],
];

test.each(SAME)("%s: the same text", (_what, one, other) => {
  expect(canonical(one)).toBe(canonical(other));
});

test.each(DIFFERENT)("%s: different texts", (_what, one, other) => {
  expect(canonical(one)).not.toBe(canonical(other));
});
