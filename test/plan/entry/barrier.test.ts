import { expect, test } from "vitest";
import { testFleet } from "../fleet.ts";

/** A task, and whether hosts wait for each other there. */
const cases: [name: string, task: string, barrier: boolean][] = [
  ["a plain task", "{ debug: { msg: x } }", false],
  ["a task that reads variables of another host", "{ debug: { msg: '{{ hostvars.b.x }}' } }", true],
  ["a task with run_once", "{ debug: { msg: x }, run_once: true }", true],
  ["a task that is delegated", "{ debug: { msg: x }, delegate_to: b }", true],
  ["a task with throttle", "{ debug: { msg: x }, throttle: 1 }", true],
  ["a task with any_errors_fatal", "{ debug: { msg: x }, any_errors_fatal: true }", true],
];

test.each(cases)("at %s hosts wait for each other: %s %s", async (_name, task, barrier) => {
  const fleet = testFleet(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: set, set_fact: { x: "{{ inventory_hostname }}" } }
    - ${task}`,
    { all: ["a", "b"] },
  );
  await fleet.run.plan(() => {});
  const [run] = fleet.run.hosts;
  expect(run!.walk!.entries.map((entry) => entry.barrier)).toEqual([false, barrier]);
  await fleet.close();
});

test("a failure that a rescue takes care of stops no other host", async () => {
  const fleet = testFleet(
    `
- hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - block:
        - { name: stop, fail: , when: inventory_hostname == "a" }
      rescue:
        - { name: help, debug: { msg: x } }
    - { name: go on, debug: { msg: x } }`,
    { all: ["a", "b"] },
  );
  await fleet.run.plan(() => {});
  expect(fleet.lines().filter((line) => line.endsWith("go on: x"))).toHaveLength(2);
  expect(fleet.run.hosts.map((run) => run.cut)).toEqual([undefined, undefined]);
  await fleet.close();
});
