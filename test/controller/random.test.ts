import { expect, test } from "vitest";
import { Chance } from "../../src/controller/random.ts";

// Three numbers of one task.
function draw(chance: Chance, key: string): number[] {
  chance.begin(key);
  return [chance.random(), chance.random(), chance.random()];
}

test("a task draws the same numbers each time it is planned, others draw others", () => {
  const chance = new Chance();
  const first = draw(chance, "host a");
  expect(new Set(first).size).toBe(3);
  expect(draw(chance, "host b")).not.toEqual(first);
  expect(draw(chance, "host a")).toEqual(first);
  expect(draw(new Chance(), "host a")).not.toEqual(first);
  expect(first.every((number) => number >= 0 && number < 1)).toBe(true);
});

test("a task asks once, and another asks anew", () => {
  const chance = new Chance();
  let count = 0;
  const ask = (key: string, what: string): number => {
    chance.begin(key);
    return chance.once(what, () => ++count);
  };
  expect([ask("a", "x"), ask("b", "x"), ask("a", "y"), ask("a", "x")]).toEqual([1, 2, 3, 1]);
});

test("a task sees one time", () => {
  const chance = new Chance();
  chance.begin("a");
  const first = chance.now();
  chance.begin("b");
  while (chance.now() === first) chance.begin(`c${Math.random()}`);
  chance.begin("a");
  expect(chance.now()).toBe(first);
});
