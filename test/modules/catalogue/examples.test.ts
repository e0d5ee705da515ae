import { expect, test } from "vitest";
import { lint } from "../../../src/lint/lint.ts";
import { findModule, moduleNames } from "../../../src/modules/index.ts";

const modules = [...new Set(moduleNames().map((name) => findModule(name)!))];

// A playbook of one example; whatever file it names is there.
const look = (task: string): string[] => {
  const text = `- name: example\n  hosts: all\n  tasks:\n    - ${task.replaceAll("\n", "\n      ")}\n`;
  const { findings } = lint(
    text,
    "site.yml",
    { find: (name) => name, read: () => "" },
    { warnings: true, skip: ["register-unused", "variable-unused"] },
  );
  return findings.map(({ message }) => message);
};

test.each(modules.map(({ name, schema }) => [name, schema.example]))(
  "the example of %s is read, is of that module, and lints clean",
  (name, task) => {
    expect(look(task)).toEqual([]);
    expect(task).toMatch(new RegExp(`^${name}:`, "m"));
    expect(task).toMatch(/^name: [A-Z"']?\S/);
  },
);
