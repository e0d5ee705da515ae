import { expect, test } from "vitest";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";

test.each([
  ["{include: a.yml}", "block", {}],
  ["{include: a.yml b=1 c='2 3', vars: {b: 0, d: 4}}", "block", { d: 4, b: "1", c: "2 3" }],
  ["{ansible.builtin.include: a.yml, become: true}", "block", {}],
  ["{include: '{{ x }}.yml'}", "include", {}],
  ["{include: a.yml b=1, with_items: [1]}", "include", { b: "1" }],
])("%s", (task, kind, variables) => {
  const warned: string[] = [];
  const item = loadPlaybook(
    `- hosts: all\n  tasks:\n    - ${task}\n`,
    "site.yml",
    { read: () => "- ping:\n", find: (path) => path },
    (message) => warned.push(message),
  ).plays[0]!.sections[1]!.items[0]!;
  expect(item.kind).toBe(kind);
  const found = [...item.vars].map(([name, node]) => [
    name,
    node.kind === "scalar" ? node.value : undefined,
  ]);
  expect(Object.fromEntries(found)).toEqual(variables);
  expect(warned).toEqual([expect.stringMatching(/^include is gone since Ansible 2.16: /)]);
});
