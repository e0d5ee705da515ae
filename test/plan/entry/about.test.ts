import { expect, test } from "vitest";
import { nameOf } from "../../../src/report/summary.ts";
import { testHost } from "../host.ts";

const cases: [what: string, task: string, ...called: string[]][] = [
  ["a path", "file: { path: /etc/motd, state: touch }", "file /etc/motd"],
  ["an alias of it", "file: { dest: /etc/motd, state: touch }", "file /etc/motd"],
  ["a command", 'command: "true"', "command true"],
  ["a command as a list", 'command: { argv: [echo, "a b"] }', "command echo, a b"],
  ["the first line of a script", 'shell: "echo one\\necho two"', "shell echo one"],
  ["variables", "stat: { path: '{{ where }}' }", "stat /somewhere"],
  [
    "a task that is skipped, as it is written",
    "{ stat: { path: '{{ where }}' }, when: false }",
    "stat {{ where }}",
  ],
  ["a module with its collection", "ansible.builtin.stat: { path: / }", "stat /"],
  ["nothing that says more", "debug: { msg: x }", "debug"],
  ["its name", "{ name: look, stat: { path: / } }", "look"],
  ["what no_log hides", "{ stat: { path: / }, no_log: true }", "stat"],
  [
    "the items of a loop, all alike",
    "{ stat: { path: '/{{ item }}' }, loop: [a, b] }",
    "stat /{{ item }} [a]",
    "stat /{{ item }} [b]",
  ],
  ["a login in an address", "stat: { path: 'http://u:secret@h/x' }", "stat http://u:(hidden)@h/x"],
  ["a long command, cut", `command: echo ${"x".repeat(200)}`, `command echo ${"x".repeat(95)}...`],
];

test.each(cases)("a task is called by %s", async (_what, task, ...called) => {
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${task}`,
    { where: "/somewhere" },
  );
  await run.plan();
  expect(run.walk!.entries.map(nameOf)).toEqual(called);
  await (await session).close();
});
