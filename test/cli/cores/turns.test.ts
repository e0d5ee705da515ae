import { expect, test } from "vitest";
import { MachineTurns } from "../../../src/cli/cores/turns.ts";

type Step = [who: string, what: "takes" | "leaves" | "is gone", machine?: string, ran?: number];

const CASES: [what: string, steps: Step[], answers: string[]][] = [
  ["a machine that is free is had at once", [["a", "takes", "x"]], ["a: x after 0"]],
  [
    "the next one waits, and hears what was done",
    [
      ["a", "takes", "x"],
      ["b", "takes", "x"],
      ["a", "leaves", "x", 3],
    ],
    ["a: x after 0", "b: x after 3"],
  ],
  [
    "machines do not wait for each other",
    [
      ["a", "takes", "x"],
      ["b", "takes", "y"],
    ],
    ["a: x after 0", "b: y after 0"],
  ],
  [
    "who is gone holds nothing any more",
    [
      ["a", "takes", "x"],
      ["b", "takes", "x"],
      ["c", "takes", "x"],
      ["b", "is gone"],
      ["a", "is gone"],
    ],
    ["a: x after 0", "c: x after 0"],
  ],
  [
    "who does not hold a machine cannot leave it",
    [
      ["a", "takes", "x"],
      ["b", "leaves", "x", 9],
      ["a", "leaves", "x", 1],
      ["b", "takes", "x"],
    ],
    ["a: x after 0", "b: x after 1"],
  ],
];

test.each(CASES)("%s", (_what, steps, answers) => {
  const names: string[] = [];
  const heard: string[] = [];
  const turns = new MachineTurns<string>((who, id, { ran }) =>
    heard.push(`${who}: ${names[id]} after ${ran}`),
  );
  for (const [who, what, machine = "", ran = 0] of steps) {
    if (what === "takes") turns.take(who, names.push(machine) - 1, machine);
    if (what === "leaves") turns.leave(who, machine, { ran, shared: false });
    if (what === "is gone") turns.lose(who);
  }
  expect(heard).toEqual(answers);
});
