import { expect, test } from "vitest";
import { lint } from "../../../src/lint/lint.ts";
import { EXAMPLES } from "../../../src/modules/catalogue/examples.ts";
import { findModule, moduleNames } from "../../../src/modules/index.ts";
import { RETURNS } from "../../../src/modules/catalogue/returns.ts";

const names = [...new Set(moduleNames().map((name) => findModule(name)!.name))].sort();

// A playbook of one example; whatever file it names is there.
const look = (task: string): string[] => {
  const text = `- name: example\n  hosts: all\n  tasks:\n    - ${task.replaceAll("\n", "\n      ")}\n`;
  const { findings } = lint(
    text,
    "site.yml",
    { find: (name) => name, read: () => "" },
    { slips: true, skip: ["register-unused", "variable-unused"] },
  );
  return findings.map(({ message }) => message);
};

test("every module has an example and its result keys, and nothing else has", () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(names);
  expect(Object.keys(RETURNS).sort()).toEqual(names);
});

test.each(Object.entries(EXAMPLES))(
  "the example of %s is read, is of that module, and lints clean",
  (name, task) => {
    expect(look(task)).toEqual([]);
    expect(task).toMatch(new RegExp(`^${name}:`, "m"));
    expect(task).toMatch(/^name: [A-Z"']?\S/);
  },
);
