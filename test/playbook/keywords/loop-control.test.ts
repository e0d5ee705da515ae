import { expect, test } from "vitest";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";

// Reads a playbook with a looped task.
function load(control: string): void {
  loadPlaybook(
    `- hosts: all\n  tasks:\n    - debug:\n      loop: [1]\n      loop_control: ${control}\n`,
    "site.yml",
    { read: () => "", find: () => undefined },
  );
}

test.each([
  "{loop_var: x, index_var: i, label: [a], pause: 0.5, extended: yes, extended_allitems: no}",
  '{loop_var: "{{ x }}", pause: "{{ y }}"}',
])("takes %s", (control) => {
  expect(() => load(control)).not.toThrow();
});

test.each([
  ["{lop_var: x}", /no key "lop_var"/],
  ["{pause: long}", /pause takes seconds/],
  ["{extended: perhaps}", /extended takes true or false/],
  ["{loop_var: a b}", /loop_var takes the name of a variable/],
  ["{index_var: [x]}", /index_var takes the name/],
])("refuses %s", (control, says) => {
  expect(() => load(control)).toThrow(says);
});
