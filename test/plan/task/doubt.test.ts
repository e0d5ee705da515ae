import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lines, noFiles, testHost } from "../host.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-doubt-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Tasks behind one that may change anything, or that is not known yet: `made` is what it makes. */
interface Case {
  name: string;
  tasks: string;
  planned: string[];
  applied: string[];
}

const COMMAND = `    - { name: make, shell: "echo hi > {{ made }}" }`;
const STAT = `    - { name: look, stat: { path: "{{ made }}" }, register: st }`;
const made = ["changed make", "ok look"];

const CASES: Case[] = [
  {
    name: "an attribute of what a command makes",
    tasks: `${COMMAND}\n${STAT}
    - { name: use, debug: { msg: "{{ st.stat.size }}" } }`,
    planned: [...made, "deferred use"],
    applied: [...made, "ok use"],
  },
  {
    name: "assert and fail",
    tasks: `${COMMAND}\n${STAT}
    - { name: use, assert: { that: st.stat.exists } }
    - { name: none, fail: { msg: none }, when: not st.stat.exists }`,
    planned: [...made, "deferred use", "deferred none"],
    applied: [...made, "ok use", "skipped none"],
  },
  {
    name: "variables and facts made of it, in conditions and loops",
    tasks: `${COMMAND}\n${STAT}
    - { name: fact, set_fact: { there: "{{ st.stat.exists }}" } }
    - { name: use, assert: { that: there } }
    - { name: behind, debug: { msg: "{{ size }}" }, vars: { size: "{{ st.stat.size }}" } }
    - { name: condition, debug: { msg: a }, when: st.stat.size > 1 }
    - { name: loop, debug: { msg: "{{ item }}" }, loop: ["{{ st.stat.size }}"] }
    - { name: other, assert: { that: "hostvars['here'].there" } }`,
    planned: [
      ...made,
      "ok fact",
      "deferred use",
      "deferred behind",
      "deferred condition",
      "deferred loop",
      "deferred other",
    ],
    applied: [...made, "ok fact", "ok use", "ok behind", "ok condition", "ok loop [3]", "ok other"],
  },
  {
    name: "what find finds, and a condition of the look itself",
    tasks: `${COMMAND}
    - { name: find, find: { paths: "{{ folder }}", patterns: made }, register: fi }
    - { name: use, debug: { msg: "{{ fi.files[0].path }}" } }
    - { name: fact, set_fact: { first: "{{ (fi.files | first).path }}" } }
    - { name: look, stat: { path: "{{ made }}" }, register: st, failed_when: st.stat.size == 0 }`,
    planned: ["changed make", "deferred find", "deferred use", "ok fact", "deferred look"],
    applied: ["changed make", "ok find", "ok use", "ok fact", "ok look"],
  },
  {
    name: "behind a task that is not known yet",
    tasks: `    - { name: a, file: { path: "{{ folder }}/a", state: directory } }
    - { name: tell, command: echo hi, register: told, changed_when: false }
    - { name: make, lineinfile: { path: "{{ made }}", line: "{{ told.stdout }}", create: true } }
    - { name: read, slurp: { path: "{{ made }}" }, register: sl }
    - { name: use, debug: { msg: "{{ sl.content | b64decode }}" } }
${STAT}
    - { name: size, debug: { msg: "{{ st.stat.size }}" } }`,
    planned: [
      "changed a",
      "deferred tell",
      "deferred make",
      "deferred read",
      "deferred use",
      "ok look",
      "deferred size",
    ],
    applied: ["changed a", "ok tell", "changed make", "ok read", "ok use", "ok look", "ok size"],
  },
];

// Plans tasks, and applies them.
async function come(tasks: string): Promise<{ planned: string[]; applied: string[] }> {
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
${tasks}`,
    { folder, made: join(folder, "made") },
    {},
    {},
    noFiles,
    { login: userInfo().username },
  );
  await run.plan();
  const planned = lines(run);
  await run.apply(0, () => {});
  await (await session).close();
  return { planned, applied: lines(run) };
}

test.each(CASES)("no mistake is told from what may change: $name", async (one) => {
  const { planned, applied } = await come(one.tasks);
  expect({ planned, applied }).toEqual({ planned: one.planned, applied: one.applied });
});

/** What is wrong whatever the command does. */
test.each([
  ["a name that nothing sets", "debug: { msg: '{{ nothing }} {{ st.stat.exists }}' }"],
  ["an attribute of another variable", "debug: { msg: '{{ other.nothing }}' }"],
  ["a condition of another variable", "assert: { that: other.a == 2 }"],
])("%s is a mistake all the same", async (_what, task) => {
  const tasks = `${COMMAND}\n${STAT}
    - { name: use, ${task}, vars: { other: { a: 1 } } }`;
  expect((await come(tasks)).planned).toEqual([...made, "failed use"]);
});
