import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { failureIn } from "../../../src/plan/model/entry.ts";
import { lines, testHost } from "../host.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-accounts-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const NOBODY = "hw-nobody-here";
const USER = `chown failed: failed to look up user ${NOBODY}`;
const GROUP = `chgrp failed: failed to look up group ${NOBODY}`;

// Plans tasks on this machine; answers what became of the last, or why it failed, and how often the host was asked.
async function plan(tasks: readonly string[]): Promise<{ last: string; asked: number }> {
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((each) => `    - ${each}`).join("\n")}`,
    { d: root, nobody: NOBODY, me: userInfo().username },
    {},
    {},
    undefined,
    { login: userInfo().username },
  );
  await run.plan();
  await (await session).close();
  const last = run.walk!.entries.at(-1)!;
  return {
    last: failureIn(last)?.message ?? lines(run).at(-1)!.split(" ")[0]!,
    asked: run.known.questions.length,
  };
}

describe("an owner who does not exist is a failure of the plan, in the same question", () => {
  test.each([
    ["file", 'file: { path: "{{ d }}/a", state: directory, owner: "{{ nobody }}" }', USER],
    ["a present path", 'file: { path: "{{ d }}", owner: "{{ nobody }}" }', USER],
    ["a group", 'file: { path: "{{ d }}", group: "{{ nobody }}" }', GROUP],
    [
      "recurse",
      'file: { path: "{{ d }}", state: directory, recurse: true, group: "{{ nobody }}" }',
      GROUP,
    ],
    ["touch", 'file: { path: "{{ d }}/t", state: touch, owner: "{{ nobody }}" }', USER],
    [
      "a link",
      'file: { path: "{{ d }}/l", src: /x, force: true, state: link, follow: false, owner: "{{ nobody }}" }',
      USER,
    ],
    ["copy", 'copy: { content: x, dest: "{{ d }}/b", owner: "{{ nobody }}" }', USER],
    [
      "a line",
      'lineinfile: { path: "{{ d }}/c", line: x, create: true, group: "{{ nobody }}" }',
      GROUP,
    ],
    [
      "a block",
      'blockinfile: { path: "{{ d }}/c", block: x, create: true, owner: "{{ nobody }}" }',
      USER,
    ],
    [
      "an option",
      'ini_file: { path: "{{ d }}/c", section: s, option: o, value: v, owner: "{{ nobody }}" }',
      USER,
    ],
    [
      "what is packed",
      'archive: { path: "{{ d }}", dest: "{{ d }}.gz", format: tar, owner: "{{ nobody }}" }',
      USER,
    ],
    [
      "a download",
      'get_url: { url: "http://127.0.0.1:9/x", dest: "{{ d }}/u", force: false, owner: "{{ nobody }}" }',
      USER,
    ],
    [
      "repositories",
      'yum_repository: { name: r, description: r, baseurl: "http://x/", reposdir: "{{ d }}", owner: "{{ nobody }}" }',
      USER,
    ],
  ])("%s", async (_what, task, message) => {
    expect(await plan([task])).toEqual({ last: message, asked: 1 });
  });
});

test("ignore_errors, failed_when and rescue hold for it", async () => {
  const file = 'file: { path: "{{ d }}/a", state: directory, owner: "{{ nobody }}" }';
  const then = 'file: { path: "{{ d }}/then", state: directory }';
  for (const tasks of [
    [`{ ${file}, ignore_errors: true }`, then],
    [`{ ${file}, register: r, failed_when: "'look up' not in r.msg" }`, then],
    [`{ block: [{ ${file} }], rescue: [{ ${then} }] }`],
  ])
    expect((await plan(tasks)).last).toBe("changed");
});

describe("nothing is said", () => {
  const owned =
    'copy: { content: x, dest: "{{ d }}/new", owner: "{{ nobody }}", group: "{{ nobody }}" }';
  test.each<[what: string, tasks: string[], status: string]>([
    [
      "of numbers",
      ['copy: { content: x, dest: "{{ d }}/n", owner: "4242", group: 4242 }'],
      "changed",
    ],
    [
      "of who is there",
      ['copy: { content: x, dest: "{{ d }}/n", owner: daemon, group: daemon }'],
      "changed",
    ],
    [
      "where something goes",
      ['file: { path: "{{ d }}", state: absent, owner: "{{ nobody }}" }'],
      "changed",
    ],
    ["of whom an earlier task makes", ['user: { name: "{{ nobody }}" }', owned], "changed"],
    ["behind a command", ["command: make users", owned], "changed"],
    [
      "behind a task that is not known yet",
      [
        "{ command: make users, register: r }",
        '{ user: { name: "{{ nobody }}" }, when: r.stdout == "x" }',
        owned,
      ],
      "changed",
    ],
    [
      "behind a change of the files of users",
      ['lineinfile: { path: /etc/passwd, line: "{{ nobody }}:x" }', owned],
      "changed",
    ],
  ])("%s", async (_what, tasks, status) => {
    expect((await plan(tasks)).last).toBe(status);
  });

  test("unless an earlier task removes the user", async () => {
    const task = 'copy: { content: x, dest: "{{ d }}/n", owner: daemon }';
    const removing = await plan(["user: { name: daemon, state: absent }", task]);
    expect(removing.last).toBe("chown failed: failed to look up user daemon");
  });
});

describe("other tasks that name a user", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0000000000000000000000000000000000000000000";
  const asNobody = 'become: true, become_user: "{{ nobody }}"';
  const other = 'file: { path: "{{ d }}/a", state: directory }';
  const NO_USER = `there is no user ${NOBODY} on the host to become`;
  test.each<[what: string, tasks: string[], last: string]>([
    [
      "authorized_key",
      [`authorized_key: { user: "{{ nobody }}", path: "{{ d }}/keys", key: "${key}" }`],
      `Failed to lookup user ${NOBODY}: "getpwnam(): name not found: '${NOBODY}'"`,
    ],
    ["a command", [other, `{ command: whoami, ${asNobody} }`], NO_USER],
    [
      "a command as whom a task makes",
      ['user: { name: "{{ nobody }}" }', `{ command: whoami, ${asNobody} }`],
      "changed",
    ],
    [
      "a command behind a command",
      [other, "command: make users", `{ command: whoami, ${asNobody} }`],
      "changed",
    ],
  ])("%s", async (_what, tasks, last) => {
    expect(await plan(tasks)).toEqual({ last, asked: 1 });
  });

  test("a command alone asks nothing", async () => {
    expect(await plan([`{ command: whoami, ${asNobody} }`])).toEqual({ last: "changed", asked: 0 });
  });
});
