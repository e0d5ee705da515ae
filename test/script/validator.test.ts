import { expect, test } from "vitest";
import { command } from "../../src/probes/command.ts";
import { askLinks } from "../../src/probes/files/links.ts";
import { statPath } from "../../src/probes/files/path.ts";
import { ask, type Probe } from "../../src/probes/probe.ts";
import { askUnit } from "../../src/probes/system/unit.ts";
import { question, questionValidator } from "../../src/script/question.ts";
import { withoutValidated, withParents, withValidator } from "../../src/script/validator.ts";

const FILES = [statPath("/etc/a"), askLinks("/etc/a")];

// The names of the parts of a program, in their order.
const parts = (program: string): string[] =>
  [
    ...program.matchAll(/^@%s (?:%s\n' "\$hw_nonce" )?(\w+)/gm),
    ...program.matchAll(/\\n@%s (\w+)\\n/g),
  ]
    .sort((a, b) => a.index - b.index)
    .map(([, name]) => name!);

test("kinds that rest on files alone come last, behind the validator's place", () => {
  const program = question([...FILES, askUnit("a.service")], { nonce: "n", isRoot: true }).sh;
  const validator = questionValidator([...FILES, askUnit("a.service")], true)!;
  expect(parts(program).slice(-5)).toEqual(["unit", "validator", "path", "links", "end"]);
  expect(parts(withValidator(program, validator)).slice(-5)).toEqual(parts(program).slice(-5));
  expect(parts(withoutValidated(program, validator)).slice(-3)).toEqual([
    "unit",
    "validator",
    "end",
  ]);
  for (const one of [withValidator(program, validator), withoutValidated(program, validator)])
    expect(one).toContain(validator);
});

/** What is asked -> whether there is a validator. */
const VALIDATED: readonly [
  what: string,
  probes: readonly Probe<unknown>[],
  isRoot: boolean,
  has: boolean,
][] = [
  ["files", FILES, true, true],
  ["files, by a user who may not look everywhere", FILES, false, false],
  ["a unit", [askUnit("a.service")], true, false],
  [
    "files and a command that only looks",
    [...FILES, ask(command, { script: "cat a", isTimed: false })],
    true,
    true,
  ],
  [
    "files and a command that may write",
    [...FILES, ask(command, { script: "sh -c x", isTimed: false, mayWrite: true })],
    true,
    false,
  ],
];

test.each(VALIDATED)("validator: %s", (_what, probes, isRoot, has) => {
  expect(questionValidator(probes, isRoot) !== undefined).toBe(has);
  expect(question(probes, { nonce: "n", isRoot }).sh.includes("validator")).toBe(has);
});

test("a path is looked at with all directories on its way", () => {
  expect(withParents("/etc/a b/c")).toEqual(["/etc", "/etc/a b", "/etc/a b/c"]);
  expect(withParents("/etc/")).toEqual(["/etc"]);
});
