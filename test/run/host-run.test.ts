import { shownLines, type Outcome } from "../../src/plan/model/entry.ts";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UnreachableError } from "../../src/errors.ts";
import { testOutside } from "../jinja/outside.ts";
import { lines, testHost, TestRun } from "../plan/host.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a command is planned as a change, runs once, and its output feeds the tasks after it", async () => {
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
    - name: make
      shell: echo made > {{ folder }}/made; echo hello
      register: out
    - name: tell
      debug:
        msg: "it said {{ out.stdout }}"
    - name: only once
      command: touch {{ folder }}/once
      args:
        creates: "{{ folder }}/made"
`,
    { folder },
  );
  await run.plan();
  expect(lines(run)).toEqual(["changed make", "deferred tell", "changed only once"]);
  await run.apply(0, () => {});
  expect(run.broken).toBeUndefined();
  expect(lines(run)).toEqual(["changed make", "ok tell", "ok only once"]);
  expect(shownLines(run.walk!.entries[1]!)).toBe("it said hello");
  expect(readFileSync(join(folder, "made"), "utf8")).toBe("made\n");
  await (await session).close();
});

test("a host that does not answer is planned up to where the play waits for it, and as a whole once it does", async () => {
  const { run, session } = testHost(
    `
- hosts: all
  tasks:
    - name: before
      debug: { msg: x }
    - name: wait
      wait_for_connection: { delay: 0, sleep: 0 }
    - name: make
      copy: { content: x, dest: "{{ folder }}/made", owner: "{{ me }}", group: "{{ me }}" }
      notify: handle
  handlers:
    - name: handle
      debug: { msg: x }
`,
    { folder, me: userInfo().username },
  );
  const open = (): typeof session =>
    tries++ < 3 ? Promise.reject(new UnreachableError("refused", "it does not answer")) : session;
  let tries = 0;
  const late = new TestRun(run.host, run.variables, open, {
    nonce: () => `nonce${tries}`,
    run: "late-run",
    owner: "a test",
    lockTimeout: 0,
    replans: true,
    say: () => undefined,
    machines: new Map(),
    addresses: new Map(),
  });
  await late.plan();
  expect([late.failed, ...lines(late)]).toEqual([false, "ok before", "ok wait", "deferred make"]);
  await late.apply(0, () => {});
  expect([late.failed, ...lines(late)]).toEqual([
    false,
    "ok before",
    "ok wait",
    "changed make",
    "ok handle",
  ]);
  expect(tries).toBeGreaterThan(3);
  await (await session).close();
});

test("a host that does not answer, and that nothing waits for, is unreachable", async () => {
  const { run } = testHost(
    "- hosts: all\n  gather_facts: false\n  tasks:\n    - { name: look, stat: { path: / } }\n    - { name: wait, wait_for_connection: {} }\n",
  );
  const lost = new TestRun(
    run.host,
    run.variables,
    () => Promise.reject(new UnreachableError("refused", "it does not answer")),
    {
      nonce: () => "nonce",
      run: "lost-run",
      owner: "a test",
      lockTimeout: 0,
      replans: true,
      say: () => undefined,
      machines: new Map(),
      addresses: new Map(),
    },
  );
  await lost.plan();
  expect(lost.unreachable?.message).toBe("it does not answer");
});

test("a command of a lookup runs once a task, so that a plan comes to an end and apply does what it shows", async () => {
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  vars: { next: "{{ lookup('pipe', 'echo >>' ~ folder ~ '/runs; wc -l <' ~ folder ~ '/runs') | trim }}" }
  tasks:
    - copy: { content: "{{ next }}", dest: "{{ folder }}/a", owner: "{{ me }}", group: "{{ me }}" }
    - copy: { content: x, dest: "{{ folder }}/b{{ next }}", owner: "{{ me }}", group: "{{ me }}" }
    - stat: { path: "{{ folder }}/c{{ next }}" }
    - set_fact: { kept: "{{ next }}" }
    - copy: { content: "{{ kept }}", dest: "{{ folder }}/d", owner: "{{ me }}", group: "{{ me }}" }
`,
    { folder, me: userInfo().username },
  );
  run.host.env.outside = testOutside();
  await run.plan();
  await run.apply(0, () => {});
  expect([run.broken, run.walk?.failed]).toEqual([undefined, undefined]);
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  expect([read("a"), read("b2"), read("d"), read("runs")]).toEqual(["1", "x", "4", "\n".repeat(4)]);
  await (await session).close();
});

test("a host whose plan asks for something else each time fails, and says what", async () => {
  const { run, session } = testHost(`
- hosts: all
  gather_facts: false
  tasks:
    - name: draw
      stat: { path: "/nowhere/{{ 1000000 | random }}" }
`);
  let turn = 0;
  run.host.env.outside = { ...testOutside(), random: () => (turn += 1) / 100_000 };
  await run.plan();
  expect(run.broken).toMatchObject({
    task: "draw",
    message: expect.stringMatching(
      /^it asks for something different each time it is planned, now for path .*nowhere/,
    ),
  });
  await (await session).close();
}, 60_000);

test("a task of which nothing came is not done with, also where its result is known", async () => {
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, copy: { content: x, dest: "{{ folder }}/one" } }
    - { name: two, copy: { content: x, dest: "{{ folder }}/two" } }
    - { name: three, debug: { msg: x } }
`,
    { folder },
  );
  await run.plan();
  const { entries } = run.walk!;
  const done: Outcome = { status: "done", outputs: [], number: 0 };
  run.settle(entries, new Map([[entries[0]!.id, done]]), entries.slice(0, 2));
  const tasks = [...run.known.completed.values()].map(({ entry }) => entry.task);
  expect(tasks).toEqual(["one"]);
  await (await session).close();
});
