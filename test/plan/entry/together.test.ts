import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testFleet } from "../fleet.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A play over hosts that look at each other: the plan, and what the run made of it, host by host. */
interface Case {
  name: string;
  playbook: string;
  /** Variables of the inventory, for all hosts. */
  vars?: Record<string, unknown>;
  groups?: Record<string, string[]>;
  plan: string[];
  applied?: string[];
  /** What lies in the folder's file `log` afterwards. */
  log?: string;
  /** The lines of the log, sorted, where hosts write it at the same time. */
  sortedLog?: string[];
}

const cases: Case[] = [
  {
    name: "run_once is done on the first host, and all get its result",
    playbook: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: once, shell: "echo {{ inventory_hostname }}", run_once: true, register: out, changed_when: false }
    - { name: tell, debug: { msg: "{{ out.stdout }}" } }`,
    plan: ["a: ok once", "a: ok tell: a", "b: ok tell: a", "c: ok tell: a"],
  },
  {
    name: "what a command printed on one host is known to the others once it ran, and not before",
    playbook: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: make, shell: "echo of {{ inventory_hostname }}", register: out }
    - { name: tell, debug: { msg: "{{ groups.all | map('extract', hostvars, ['out', 'stdout']) | join(',') }}" } }`,
    groups: { all: ["a", "b"] },
    plan: ["a: changed make", "a: deferred tell", "b: changed make", "b: deferred tell"],
    applied: [
      "a: changed make",
      "a: ok tell: of a,of b",
      "b: changed make",
      "b: ok tell: of a,of b",
    ],
  },
  {
    name: "a task that is delegated is done on the other host, one host after another",
    playbook: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: log, lineinfile: { path: "{{ folder }}/log", line: "{{ inventory_hostname }}", create: true, owner: "{{ me }}", group: "{{ me }}" }, delegate_to: a }`,
    plan: ["a: changed log", "b: changed log -> a", "c: changed log -> a"],
    applied: ["a: changed log", "b: changed log -> a", "c: changed log -> a"],
    log: "a\nb\nc\n",
  },
  {
    name: "the items of a loop may each be done on another host",
    playbook: `
- hosts: a
  gather_facts: false
  tasks:
    - { name: everywhere, shell: "echo $HOME | grep -q . && echo {{ item }} >> {{ folder }}/log", loop: [a, b, c], delegate_to: "{{ item }}" }`,
    groups: { all: ["a", "b", "c"] },
    plan: [
      "a: changed everywhere [a]",
      "a: changed everywhere [b] -> b",
      "a: changed everywhere [c] -> c",
    ],
    applied: [
      "a: changed everywhere [a]",
      "a: changed everywhere [b] -> b",
      "a: changed everywhere [c] -> c",
    ],
    log: "a\nb\nc\n",
  },
  {
    name: "group_by makes the groups that later plays are for, and add_host their hosts",
    playbook: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: sort, group_by: { key: "{{ 'odd' if inventory_hostname in ['a', 'c'] else 'even' }}" } }
    - { name: add, add_host: { name: d, groups: odd, colour: red } }
- hosts: odd
  gather_facts: false
  tasks:
    - { name: tell, debug: { msg: "{{ ansible_play_hosts | join(',') }} {{ colour | default('none') }}" } }`,
    plan: [
      "a: changed sort",
      "a: changed add",
      "a: ok tell: a,c,d none",
      "b: changed sort",
      "c: changed sort",
      "c: ok tell: a,c,d none",
      "d: ok tell: a,c,d red",
    ],
  },
  {
    name: "any_errors_fatal stops all hosts after the task that failed on one",
    playbook: `
- hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - { name: check, fail: { msg: no }, when: inventory_hostname == 'b' }
    - { name: after, shell: "echo {{ inventory_hostname }} >> {{ folder }}/log" }
- hosts: all
  gather_facts: false
  tasks:
    - { name: later, shell: "echo later >> {{ folder }}/log" }`,
    plan: ["a: skipped check", "b: failed check", "c: skipped check"],
    applied: ["a: skipped check", "b: failed check", "c: skipped check"],
  },
  {
    name: "serial does one batch after another, and a batch that is lost ends the run",
    playbook: `
- hosts: all
  gather_facts: false
  serial: 1
  tasks:
    - { name: log, shell: "echo {{ inventory_hostname }} {{ ansible_play_batch | join(',') }} >> {{ folder }}/log" }
    - { name: check, command: "false", when: inventory_hostname == 'b' }`,
    plan: [
      "a: changed log",
      "a: skipped check",
      "b: changed log",
      "b: changed check",
      "c: changed log",
      "c: skipped check",
    ],
    applied: ["a: changed log", "a: skipped check", "b: changed log", "b: failed check"],
    log: "a a\nb b\n",
  },
  {
    name: "a failure in a play with max_fail_percentage stops the others once too many have failed",
    playbook: `
- hosts: all
  gather_facts: false
  max_fail_percentage: 40
  tasks:
    - { name: check, fail: { msg: no }, when: inventory_hostname != 'c' }
    - { name: after, debug: { msg: x } }`,
    plan: ["a: failed check", "b: failed check", "c: skipped check"],
  },
  {
    name: "serial and max_fail_percentage may be variables of the inventory: a host that fails stops its batch and those behind it",
    vars: { nodes_serial: [1, 2] },
    groups: { all: ["a", "b", "c", "d"] },
    playbook: `
- hosts: all
  gather_facts: false
  serial: "{{ nodes_serial | default([]) }}"
  max_fail_percentage: "{{ 0 if nodes_serial is defined else 100 }}"
  tasks:
    - { name: log, shell: "echo {{ inventory_hostname }} >> {{ folder }}/log" }
    - { name: check, command: "false", when: inventory_hostname == 'b' }
    - { name: after, shell: "echo after {{ inventory_hostname }} >> {{ folder }}/log" }`,
    plan: [
      "a: changed log",
      "a: skipped check",
      "a: changed after",
      "b: changed log",
      "b: changed check",
      "b: changed after",
      "c: changed log",
      "c: skipped check",
      "c: changed after",
      "d: changed log",
      "d: skipped check",
      "d: changed after",
    ],
    applied: [
      "a: changed log",
      "a: skipped check",
      "a: changed after",
      "b: changed log",
      "b: failed check",
      "c: changed log",
      "c: skipped check",
    ],
    // b and c are at work at the same time
    sortedLog: ["a", "after a", "b", "c"],
  },
  {
    name: "a play whose serial comes out empty has no batches, and each host is by itself where all may fail",
    groups: { all: ["a", "b"] },
    playbook: `
- hosts: all
  gather_facts: false
  serial: "{{ nodes_serial | default([]) }}"
  max_fail_percentage: "{{ 0 if nodes_serial is defined else 100 }}"
  tasks:
    - { name: log, shell: "echo {{ inventory_hostname }} >> {{ folder }}/log" }
    - { name: check, command: "false", when: inventory_hostname == 'b' }
    - { name: after, shell: "echo after {{ inventory_hostname }} >> {{ folder }}/log" }`,
    plan: [
      "a: changed log",
      "a: skipped check",
      "a: changed after",
      "b: changed log",
      "b: changed check",
      "b: changed after",
    ],
    applied: [
      "a: changed log",
      "a: skipped check",
      "a: changed after",
      "b: changed log",
      "b: failed check",
    ],
  },
  {
    name: "meta: end_play ends the play for all, end_host for one, and the next play is for all again",
    playbook: `
- hosts: all
  gather_facts: false
  tasks:
    - { meta: end_host, when: inventory_hostname == 'b' }
    - { name: one, debug: { msg: x } }
    - { meta: end_play }
    - { name: never, debug: { msg: x } }
- hosts: all
  gather_facts: false
  tasks:
    - { name: two, debug: { msg: "{{ ansible_play_hosts | length }}" } }`,
    plan: [
      "a: skipped meta",
      "a: ok one: x",
      "a: ok meta",
      "a: ok two: 3",
      "b: ok meta",
      "b: ok two: 3",
      "c: skipped meta",
      "c: ok one: x",
      "c: ok two: 3",
    ],
  },
  {
    name: "facts that are set for the host of a delegated task are that host's",
    playbook: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: set, set_fact: { seen: "{{ inventory_hostname }}" }, delegate_to: c, delegate_facts: true, when: inventory_hostname == 'a' }
    - { name: tell, debug: { msg: "{{ seen | default('nothing') }} {{ hostvars.c.seen }}" } }`,
    plan: [
      "a: ok set -> c",
      "a: ok tell: nothing a",
      "b: skipped set",
      "b: ok tell: nothing a",
      "c: skipped set",
      "c: ok tell: a a",
    ],
  },
  {
    name: "facts that one host sets for each of the others are nobody else's",
    playbook: `
- hosts: all
  gather_facts: false
  tasks:
    - { name: set, set_fact: { seen: "for {{ item }}" }, delegate_to: "{{ item }}", delegate_facts: true, loop: [a, b, c], run_once: true }
    - { name: tell, debug: { msg: "{{ seen }}" } }`,
    plan: [
      "a: ok set [a]",
      "a: ok set [b] -> b",
      "a: ok set [c] -> c",
      "a: ok tell: for a",
      "b: ok tell: for b",
      "c: ok tell: for c",
    ],
  },
];

test.each(cases)(
  "$name",
  async ({ playbook, vars, groups = { all: ["a", "b", "c"] }, plan, applied, log, sortedLog }) => {
    const fleet = testFleet(playbook, groups, { ...vars, folder, me: userInfo().username });
    await fleet.run.plan(() => {});
    expect(fleet.lines()).toEqual(plan);
    await fleet.run.apply(() => {});
    expect(fleet.lines()).toEqual(applied ?? plan);
    const written = (): string => readFileSync(join(folder, "log"), "utf8");
    if (sortedLog) expect(written().trim().split("\n").sort()).toEqual(sortedLog);
    if (log !== undefined) expect(written()).toBe(log);
    await fleet.close();
  },
);
