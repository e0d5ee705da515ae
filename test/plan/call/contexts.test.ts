import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { file } from "../../../src/modules/files/file.ts";
import { refuseContexts } from "../../../src/plan/call/contexts.ts";
import { failureIn, type Entry } from "../../../src/plan/model/entry.ts";
import { NotAsked } from "../../../src/plan/model/signals.ts";
import type { Walk } from "../../../src/plan/model/state.ts";
import type { Task } from "../../../src/playbook/play.ts";
import { testHost } from "../host.ts";

const hasSelinux = existsSync("/sys/fs/selinux/enforce");

// Plans a task on this machine; answers why it failed, or its status.
async function plan(task: string): Promise<string> {
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: [${task}]`,
    { d: tmpdir() },
    {},
  );
  await run.plan();
  await (await session).close();
  const [entry] = run.walk!.entries;
  return failureIn(entry!)?.message ?? entry!.verdict.status;
}

describe.skipIf(hasSelinux)("without SELinux a context has no effect", () => {
  test.each([
    ["file", '{ file: { path: "{{ d }}", state: directory, setype: mysqld_db_t } }', "ok"],
    ["all parts", '{ file: { path: "{{ d }}", seuser: u, serole: r, selevel: s0 } }', "ok"],
    ["copy", '{ copy: { content: x, dest: "{{ d }}/hw-ctx", setype: etc_t } }', "changed"],
    [
      "lineinfile",
      '{ lineinfile: { path: "{{ d }}/hw-ctx", line: x, create: true, setype: etc_t } }',
      "changed",
    ],
  ])("%s", async (_what, task, status) => {
    expect(await plan(task)).toBe(status);
  });
});

describe("with SELinux a context is refused by name", () => {
  // A walk of a host that has this at SELinux's path.
  const walk = (state: unknown) => ({ view: { get: () => state } }) as unknown as Walk;
  const entry = { identity: { user: "root" } } as unknown as Entry;
  const place = { file: "p.yml", line: 3, column: 1 };
  const task = { module: file, args: { entries: [] }, place } as unknown as Task;
  const refuse = (state: unknown, args: object) => () =>
    refuseContexts(walk(state), entry, task, args);

  test("a type", () => {
    expect(refuse({ type: "file" }, { setype: "etc_t" })).toThrow(
      /^file\.setype is not supported on a host with SELinux$/,
    );
  });
  test("nothing is given", () => {
    expect(refuse({ type: "file" }, { path: "/x" })).not.toThrow();
  });
  test("the host was not asked yet", () => {
    expect(refuse(undefined, { setype: "etc_t" })).toThrow(NotAsked);
  });
});
