import { expect, test } from "vitest";
import { givenWith } from "../case.ts";
import { setFact } from "../../../src/modules/play/set_fact.ts";

const VALUES: [given: unknown, fact: unknown][] = [
  ["true", true],
  ["True", true],
  ["YES", true],
  ["yes", true],
  ["false", false],
  ["FALSE", false],
  ["No", false],
  ["no", false],
  ["on", "on"],
  ["off", "off"],
  ["y", "y"],
  ["1", "1"],
  ["", ""],
  [" yes", " yes"],
  ["yes\n", "yes\n"],
  [0, 0],
  [null, null],
  [true, true],
  [["yes"], ["yes"]],
  [{ a: "no" }, { a: "no" }],
];

test.each(VALUES)("%j as a fact is %j", (given, fact) => {
  expect(setFact.result({ x: given, cacheable: true }, {}, undefined, givenWith())).toEqual({
    ansible_facts: { x: fact },
  });
});
