import { controllerFiles } from "../../../src/controller/files.ts";
import { failureIn } from "../../../src/plan/model/entry.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { testHost } from "../host.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

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
    {},
    {},
    controllerFiles(join(folder, "cache")),
  );
  await run.plan();
  await (await session).close();
  const last = run.walk!.entries.at(-1)!;
  const failure = failureIn(last);
  return failure === undefined
    ? last.verdict.status
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
  ["in until", '{ command: "true", until: hnn.rc == 0, retries: 2 }'],
  ["in failed_when", '{ command: "true", failed_when: [hn.rc == 0, hnn.rc == 1] }'],
  [
    "in changed_when, behind a condition",
    '{ command: "true", changed_when: hnn, when: hn.rc == 0 }',
  ],
  ["in a block", '{ block: [{ debug: { msg: "{{ hnn }}" } }], when: hn.rc == 0 }'],
  ["in the name of a file of tasks", '{ include_tasks: "{{ hnn }}.yml", when: hn.rc == 0 }'],
  [
    "in the name of a file of tasks behind a loop that is not known",
    '{ include_tasks: "{{ hnn }}.yml", loop: "{{ hn.stdout_lines }}" }',
  ],
  [
    "in the name of a file of tasks, with an item",
    '{ include_tasks: "{{ item }}{{ hnn }}.yml", loop: [a], when: hn.rc == 0 }',
  ],
  [
    "in the loop of an include",
    '{ include_tasks: "{{ item }}.yml", loop: "{{ hnn }}", when: hn.rc == 0 }',
  ],
  ["in the name of a role", '{ include_role: { name: "{{ hnn }}" }, when: hn.rc == 0 }'],
  [
    "in the name of a role's file",
    '{ include_role: { name: "{{ hn.stdout }}", tasks_from: "{{ hnn }}" } }',
  ],
  ["in the name of a file of variables", '{ include_vars: "{{ hnn }}.yml", when: hn.rc == 0 }'],
  [
    "in the name of a template",
    '{ template: { src: "{{ hnn }}.j2", dest: /x }, when: hn.rc == 0 }',
  ],
  [
    "in the name of a file",
    "{ debug: { msg: \"{{ lookup('file', hnn ~ '.txt') }}\" }, when: hn.rc == 0 }",
  ],
  [
    "before an include of which nobody knows what it brings",
    '{ block: [{ debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 }, { include_tasks: "{{ hn.stdout }}.yml" }] }',
  ],
])("a name that nothing sets is found %s, before anything is done", async (_where, task) => {
  expect(await plan(task)).toMatch(/^'hnn' is undefined; did you mean "hn"\? \(\d+:\d+\)$/);
});

/** Names that nothing sets, where no other one is like them. */
test.each([
  ["in an argument", '{ debug: { msg: "{{ join_token }}" }, when: hn.rc == 0 }'],
  [
    "behind what is not known",
    '{ copy: { content: "{{ hn.stdout }}", dest: "/{{ join_token }}" } }',
  ],
  [
    "in a loop over what is not known",
    '{ debug: { msg: "{{ item }} {{ join_token }}" }, loop: "{{ hn.stdout_lines }}" }',
  ],
  ["in a condition", "{ debug: { msg: a }, when: hn.rc == 0 and join_token.rc == 0 }"],
  ["in a list of conditions", "{ debug: { msg: a }, when: [hn.rc == 0, join_token] }"],
  [
    "in the environment",
    '{ command: "true", environment: { A: "{{ join_token }}" }, when: hn.rc == 0 }',
  ],
  ["in a loop", '{ debug: { msg: a }, loop: "{{ join_token }}", when: hn.rc == 0 }'],
  [
    "in a variable",
    '{ debug: { msg: "{{ x }}" }, vars: { x: ["{{ join_token }}"] }, when: hn.rc == 0 }',
  ],
  ["with a filter", '{ debug: { msg: "{{ join_token | trim }}" }, when: hn.rc == 0 }'],
])("a name like no other is found %s, before anything is done", async (_where, task) => {
  expect(await plan(task)).toMatch(
    /^'join_token' is undefined; nothing sets it: give it a value in vars, .* with -e join_token=.* \(\d+:\d+\)$/,
  );
});

/** A handler that a task notifies about which nobody knows yet whether it is done, or changes something. */
test.each<[when: string, task: string, found: boolean]>([
  ["behind a condition", '{ command: "true", when: hn.rc == 0, notify: later }', true],
  ["by changed_when", "{ debug: { msg: a }, changed_when: hn.rc == 0, notify: later }", true],
  ["of a block", '{ block: [{ command: "true", when: hn.rc == 0 }], notify: [later] }', true],
  ["by a topic", '{ command: "true", when: hn.rc == 0, notify: topic }', true],
  ["that nothing notifies", '{ command: "true", when: hn.rc == 0 }', false],
  ["that does not run", '{ command: "true", when: hn.rc == 0, notify: never }', false],
])("a name that nothing sets is found in a handler %s", async (_when, task, found) => {
  const handlers = `  handlers:
    - { name: later, listen: topic, debug: { msg: "{{ hnn }}" } }
    - { name: never, debug: { msg: "{{ hnn }}" }, when: 1 == 2 }`;
  const told = await plan(task, "", handlers);
  if (found) expect(told).toMatch(/^'hnn' is undefined; did you mean "hn"\? \(4:\d+\)$/);
  else expect(told).not.toMatch(/undefined/);
});

const PROMPT = "  vars_prompt: [{ name: asked, prompt: Say, default: x, private: false }]";

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
    "an attribute behind a condition that is not known",
    "{ debug: { msg: a }, vars: { d: {} }, when: [hn.rc == 0, d.none == 1] }",
  ],
  ["the right side of an or", "{ debug: { msg: a }, when: hn.rc == 0 or hnn }"],
  [
    "a condition that gives it a default",
    "{ debug: { msg: '{{ hnn }}' }, when: [hn.rc == 0, hnn | default(false)] }",
  ],
  ["a test of its kind", '{ debug: { msg: "{{ hnn is none }}" }, when: hn.rc == 0 }'],
  ["a default behind a path", '{ debug: { msg: "{{ hnn.a.b | default(1) }}" }, when: hn.rc == 0 }'],
  ["what debug shows", "{ debug: { var: hnn }, when: hn.rc == 0 }"],
  ["a variable of the inventory", '{ debug: { msg: "{{ of_inventory }}" }, when: hn.rc == 0 }'],
  [
    "a variable of another host",
    "{ debug: { msg: \"{{ hostvars['here'].hnn | default(1) }}\" }, when: hn.rc == 0 }",
  ],
  [
    "a condition that facts decide",
    "{ debug: { msg: '{{ hnn }}' }, when: [hn.rc == 0, ansible_system == 'Nowhere'] }",
    "    - setup:",
  ],
  [
    "a condition that a look decides",
    "{ debug: { msg: '{{ hnn }}' }, when: [hn.rc == 0, looked.stat.exists] }",
    "    - { stat: { path: /not/there }, register: looked }",
  ],
  ["custom facts", '{ debug: { msg: "{{ ansible_local.hnn }}" }, when: hn.rc == 0 }'],
  ["an answer to a prompt", '{ debug: { msg: "{{ asked }}" }, when: hn.rc == 0 }', "", PROMPT],
  [
    "what getent finds",
    '{ debug: { msg: "{{ getent_passwd }}" }, when: hn.rc == 0 }',
    "    - { getent: { database: passwd }, when: hn.rc == 0 }",
  ],
  [
    "the packages",
    '{ debug: { msg: "{{ packages }}" }, when: hn.rc == 0 }',
    "    - { package_facts: {}, when: hn.rc == 0 }",
  ],
  [
    "the item of a loop that is not known",
    '{ debug: { msg: "{{ item.a }}{{ here }}" }, loop: "{{ hn.stdout_lines }}", loop_control: { index_var: here } }',
  ],
  [
    "a branch of a condition on what is known",
    '{ debug: { msg: "{{ 1 if 1 == 1 else hnn }}{{ hn.stdout }}" } }',
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
    "behind an include of which nobody knows what it brings",
    '{ block: [{ include_tasks: "{{ hn.stdout }}.yml" }, { debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 }] }',
  ],
  [
    "behind handlers of which nobody knows what they bring",
    '{ debug: { msg: "{{ hnn }}" }, when: hn.rc == 0 }',
    "",
    '  handlers: [{ name: h, include_tasks: "{{ hn.stdout }}.yml" }]',
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

/** Templates of which it is not known where they go, or whether. */
test.each<[what: string, text: string, how: string, found: boolean]>([
  ["whose dest is not known", "a\n{{ hnn }}\n", 'dest: "/{{ hn.stdout }}"', true],
  [
    "whose mode is not known",
    "a\n{{ hnn.x | upper }}\n",
    'dest: /x, mode: "{{ hn.stdout }}"',
    true,
  ],
  [
    "in a condition of its own",
    "a\n{% if hnn.x %}b{% endif %}\n",
    'dest: "/{{ hn.stdout }}"',
    true,
  ],
  ["in a branch", "{% if hn.rc %}{{ hnn }}{% endif %}", 'dest: "/{{ hn.stdout }}"', false],
  [
    "that asks for it",
    "{% if hnn is defined %}{{ hnn }}{% endif %}",
    'dest: "/{{ hn.stdout }}"',
    false,
  ],
  ["that sets it", "{% set hnn = 1 %}{{ hnn }}", 'dest: "/{{ hn.stdout }}"', false],
  [
    "that sets it in a branch",
    "{% if hn.rc %}{% set hnn = 1 %}{% else %}{% set hnn = 2 %}{% endif %}{{ hnn }}",
    'dest: "/{{ hn.stdout }}"',
    false,
  ],
  ["that imports it", '{% import "x.j2" as hnn %}{{ hnn }}', 'dest: "/{{ hn.stdout }}"', false],
  [
    "that has what only templates have",
    "{{ ansible_managed }} {{ template_destpath }}",
    'dest: "/{{ hn.stdout }}"',
    false,
  ],
  [
    "with other tags",
    "{{ hnn }}",
    'dest: "/{{ hn.stdout }}", variable_start_string: "<<", variable_end_string: ">>"',
    false,
  ],
])("a name that nothing sets is found in a template %s", async (_what, text, how, found) => {
  writeFileSync(join(folder, "t.j2"), text);
  const told = await plan(`{ template: { src: ${folder}/t.j2, ${how} } }`);
  if (found) expect(told).toMatch(/^'hnn' is undefined; did you mean "hn"\? \(2:\d+\)$/);
  else expect(told).toBe("deferred");
});
