import { expect, test } from "vitest";
import { fromKeys, mapValues } from "../src/records.ts";

test("a record of keys has a value made of each, in their order", () => {
  expect(Object.entries(fromKeys(["b", "a"], (key) => `${key}!`))).toEqual([
    ["b", "b!"],
    ["a", "a!"],
  ]);
});

test("a record of another has its keys, whatever they are called", () => {
  const record = JSON.parse('{"b": 1, "__proto__": 2}') as { [key: string]: number };
  const made = mapValues(record, (value, key) => `${key}${String(value)}`);
  expect(Object.entries(made)).toEqual([
    ["b", "b1"],
    ["__proto__", "__proto__2"],
  ]);
});
