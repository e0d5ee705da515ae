import { expect, test } from "vitest";
import { testHost } from "../host.ts";

// Plans tasks after one whose result is known after apply, and answers how the last one stands, or what stopped it.
async function plan(task: string, before = "", play = ""): Promise<string> {
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
${play}
  tasks:
    - { name: change, command: echo a, register: hn }
${before}
    - ${task}`,
    { of_inventory: 1 },
  );
  await run.plan();
  await (await session).close();
  const { status, failure } = run.walk!.entries.at(-1)!;
  return failure === undefined
    ? status
    : `${failure.message}; ${failure.hint ?? ""} (${failure.place?.line}:${failure.place?.column})`;
}

/** Names that are slips though nobody knows whether the task is done. */
test.each([
  ["in an argument", '{ debug: { msg: "{{ hnn.stdout }}" }, when: hn.rc == 0 }'],
  ["in a list", '{ debug: { msg: ["{{ hnn.stdout }}"] }, when: hn.rc == 0 }'],
  ["in a loop", '{ debug: { msg: a }, loop: "{{ hnn.stdout_lines }}", when: hn.rc == 0 }'],
  [
    "in a variable of the task",
    '{ debug: { msg: "{{ x }}" }, vars: { x: "{{ hnn }}" }, when: hn.rc == 0 }',
  ],
  ["in a keyword", '{ debug: { msg: a }, become: "{{ hnn }}", when: hn.rc == 0 }'],
  ["in a block", '{ block: [{ debug: { msg: "{{ hnn }}" } }], when: hn.rc == 0 }'],
])("a name that nothing sets is found %s, before anything is done", async (_where, task) => {
  expect(await plan(task)).toMatch(/^'hnn' is undefined; did you mean "hn"\? \(\d+:\d+\)$/);
});

/** What may be well: the task, what stands before it, and what the play says besides. */
test.each<[name: string, task: string, before?: string, play?: string]>([
  ["a default", '{ debug: { msg: "{{ hnn | default(1) }}" }, when: hn.rc == 0 }'],
  [
    "a condition that asks for it",
    '{ debug: { msg: "{{ hnn }}" }, when: [hn.rc == 0, hnn is defined] }',
  ],
  [
    "a condition that asks for it, in one",
    '{ debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 and hnn is defined }',
  ],
  [
    "a branch of an expression",
    '{ debug: { msg: "{{ hnn if hn.rc == 5 else 1 }}" }, when: hn.rc == 0 }',
  ],
  ["a condition that is false", '{ debug: { msg: "{{ hnn }}" }, when: [hn.rc == 0, 1 == 2] }'],
  [
    "no name that is nearly the same: it may be left to -e",
    '{ debug: { msg: "{{ join_token }}" }, when: hn.rc == 0 }',
  ],
  [
    "a task after it that registers it",
    "{ debug: { msg: a }, register: hnn }",
    '    - { debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 }',
  ],
  [
    "a fact that is set under a condition",
    '{ debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 }',
    "    - { set_fact: { hnn: 1 }, when: hn.rc == 0 }",
  ],
  [
    "a fact whose name is a template",
    '{ debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 }',
    "    - { set_fact: { \"{{ 'h' }}nn\": 1 }, when: hn.rc == 0 }",
  ],
  [
    "files of variables that are not read yet",
    '{ debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 }',
    '    - { include_vars: "{{ hn.stdout }}.yml", when: hn.rc == 0 }',
  ],
  [
    "tasks that are not known yet",
    '{ debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 }',
    '    - { include_tasks: "{{ hn.stdout }}.yml", when: hn.rc == 0 }',
  ],
  [
    "the loop's own name",
    '{ debug: { msg: "{{ hnn }}" }, loop: [1], loop_control: { loop_var: hnn }, when: hn.rc == 0 }',
  ],
  [
    "a failure that is ignored",
    '{ debug: { msg: "{{ hnn }}" }, ignore_errors: true, when: hn.rc == 0 }',
  ],
  [
    "a rescue",
    '{ block: [{ debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 }], rescue: [{ debug: { msg: a } }] }',
  ],
  ["a lookup", "{ debug: { msg: \"{{ lookup('vars', 'hnn', default=1) }}\" }, when: hn.rc == 0 }"],
  [
    "a variable of another block",
    '{ debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 }',
    "    - { block: [{ debug: { msg: a } }], vars: { hnn: 1 } }",
  ],
  [
    "a name of the template's own",
    '{ debug: { msg: "{% set hnn = 1 %}{{ hnn }}" }, when: hn.rc == 0 }',
  ],
])("a name is no slip: %s", async (_name, task, before, play) => {
  expect(await plan(task, before, play)).not.toMatch(/undefined/);
});
