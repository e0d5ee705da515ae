import { failureIn } from "../../src/plan/model/entry.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OMIT } from "../../src/plan/model/omit.ts";
import { lines, noFiles, testHost } from "./host.ts";

const room = mkdtempSync(join(tmpdir(), "hullwright-accepted-"));
afterAll(() => rmSync(room, { recursive: true, force: true }));

/** A play's tasks: what the plan comes to, and what apply does; a failure is told by its message. */
interface Case {
  name: string;
  tasks: string;
  planned: string[];
  applied?: string[];
}

// Plans tasks, and applies them where that is wanted.
async function come(
  tasks: string,
  { isInteractive = false, applies = false } = {},
): Promise<{ planned: string[]; applied: string[] }> {
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
${tasks}`,
    { omit: OMIT, room },
    { isInteractive },
    {},
    noFiles,
    { login: userInfo().username },
  );
  const told = (): string[] =>
    lines(run).map((line, i) => {
      const failure = failureIn(run.walk!.entries[i]!);
      return failure ? `${line}: ${failure.message}` : line;
    });
  await run.plan();
  const planned = told();
  if (applies) await run.apply(0, () => {});
  await (await session).close();
  return { planned, applied: told() };
}

/** What Ansible accepts is read, whether a host comes to it or not. */
const SKIPPED = [
  "dnf: { update_cache: true }",
  "dnf: { autoremove: true }",
  "systemd: { name: cron }",
  "pause:",
  "pause: { prompt: go on? }",
  "systemd: { name: a, state: started, scope: user }",
  "command: { cmd: ls, executable: /bin/bash }",
  "hostname: { name: a, use: debian }",
  "apt: { name: a, state: build-dep }",
  "{ get_url: { url: http://127.0.0.1:1/x, dest: /tmp/x }, timeout: 30 }",
  "{ command: ls, timeout: 30 }",
].map((task) => (task.startsWith("{") ? task.slice(2, -2) : task));

test.each(SKIPPED)("%s is read, and skipped where its condition is false", async (task) => {
  expect(
    (await come(`    - { name: task, ${task.endsWith(":") ? `${task} ` : task}, when: 1 == 2 }`))
      .planned,
  ).toEqual(["skipped task"]);
});

const CASES: Case[] = [
  {
    name: "pause without a time goes on where there is no terminal",
    tasks: "    - { name: wait, pause: }\n    - { name: after, debug: { msg: a } }",
    planned: ["ok wait", "ok after"],
  },
  {
    name: "what is not supported counts where a host comes to it",
    tasks:
      "    - { name: user's, systemd: { name: a, state: started, scope: user }, when: folder is undefined }",
    planned: ['failed user\'s: systemd_service.scope: "user" is not supported'],
  },
  {
    name: "what a module does within its time is done",
    tasks: `    - { name: make, lineinfile: { path: "{{ room }}/a", line: a, create: true }, timeout: 30 }
    - { name: none, lineinfile: { path: "{{ room }}/b", line: b, create: true }, timeout: 0 }
    - { name: find, find: { paths: "{{ room }}", patterns: a }, timeout: 30, register: found }
    - { name: is, assert: { that: found.matched == 1 }, timeout: 30 }`,
    planned: ["changed make", "changed none", "deferred find", "deferred is"],
    applied: ["changed make", "changed none", "ok find", "ok is"],
  },
  {
    name: "what a module does for longer is ended, in a block too, and nothing is left of it",
    tasks: `    - block:
        - name: make
          lineinfile: { path: "{{ room }}/c", line: a, create: true, validate: "sh -c 'sleep 300; true' %s" }
          ignore_errors: true
      timeout: 1
    - { name: look, stat: { path: "{{ room }}/c" }, register: st }
    - { name: is, assert: { that: not st.stat.exists } }`,
    planned: ["changed make", "ok look", "failed is: Assertion failed"],
    applied: [
      "failed make: The lineinfile action failed to execute in the expected time frame (1) and was terminated",
      "ok look",
      "ok is",
    ],
  },
  {
    name: "timeout ends a command that changes, and one that looks",
    tasks: `    - { name: quick, shell: echo a, timeout: 20 }
    - { name: looks, shell: sleep 20, timeout: 1, changed_when: false, ignore_errors: true, register: r }
    - { name: registered, assert: { that: ["'time frame (1)' in r.msg", r.rc is undefined, r is not changed] } }
    - { name: changes too, shell: sleep 20, timeout: 1, failed_when: false, ignore_errors: true, register: s }
    - { name: the same, assert: { that: ["'time frame (1)' in s.msg", s.rc is undefined, s is not changed] } }
    - { name: changes, shell: sleep 20, timeout: 1 }`,
    planned: [
      "changed quick",
      "deferred looks",
      "deferred registered",
      "changed changes too",
      "deferred the same",
      "changed changes",
    ],
    applied: [
      "changed quick",
      "failed looks: The shell action failed to execute in the expected time frame (1) and was terminated",
      "ok registered",
      "failed changes too: The shell action failed to execute in the expected time frame (1) and was terminated",
      "ok the same",
      "failed changes: The shell action failed to execute in the expected time frame (1) and was terminated",
    ],
  },
];

test.each(CASES)("$name", async ({ tasks, planned, applied }) => {
  const came = await come(tasks, { applies: applied !== undefined });
  expect(came.planned).toEqual(planned);
  if (applied) expect(came.applied).toEqual(applied);
});

test("pause without a time is not supported where a person would have to be asked", async () => {
  expect((await come("    - { name: wait, pause: }", { isInteractive: true })).planned).toEqual([
    "failed wait: pause without a time waits for a person, which is not supported",
  ]);
});

/** Parameters that exclude each other, as templates: `a` and `b` are values, or omitted. */
const PAIRS: [pair: string, task: (a: string, b: string) => string, names: [string, string]][] = [
  [
    "copy",
    (a, b) => `copy: { src: ${a}, content: ${b}, dest: /tmp/hw-none/x, remote_src: true }`,
    ["src", "content"],
  ],
  [
    "blockinfile",
    (a, b) =>
      `blockinfile: { path: /tmp/hw-none, insertbefore: ${a}, insertafter: ${b}, block: a, create: true }`,
    ["insertbefore", "insertafter"],
  ],
  [
    "lineinfile",
    (a, b) =>
      `lineinfile: { path: /tmp/hw-none, insertbefore: ${a}, insertafter: ${b}, line: a, create: true }`,
    ["insertbefore", "insertafter"],
  ],
  ["command", (a, b) => `command: { cmd: ${a}, argv: ${b} }`, ["cmd", "argv"]],
  ["debug", (a, b) => `debug: { msg: ${a}, var: ${b} }`, ["msg", "var"]],
  ["pause", (a, b) => `pause: { seconds: ${a}, minutes: ${b} }`, ["seconds", "minutes"]],
];

describe.each(PAIRS)("parameters of %s that exclude each other", (_module, task, names) => {
  const value = '"{{ x }}"';
  const omitted = '"{{ omit }}"';
  test.each([
    [value, omitted],
    [omitted, value],
    [omitted, omitted],
  ])("%s and %s are not both given", async (a, b) => {
    const { planned } = await come(`    - { name: task, ${task(a, b)}, vars: { x: "1" } }`);
    expect(planned.join()).not.toContain("takes only one of");
  });
  test("both are a mistake, found when they are known", async () => {
    const { planned } = await come(`    - { name: task, ${task(value, value)}, vars: { x: "1" } }`);
    expect(planned[0]).toContain(`takes only one of "${names[0]}" and "${names[1]}"`);
  });
  test("both as plain text are a mistake when they are read", async () => {
    await expect(come(`    - { name: task, ${task('"1"', '"1"')} }`)).rejects.toThrow(
      /takes only one of/,
    );
  });
});

test.each([
  "copy: { src: '{{ omit }}', content: '{{ omit }}', dest: /tmp/hw-none/x }",
  "command: { cmd: '{{ omit }}' }",
])("what is omitted is missing where it is needed: %s", async (task) => {
  expect((await come(`    - { name: task, ${task} }`)).planned[0]).toMatch(/needs one of/);
});
