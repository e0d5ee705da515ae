import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { controllerFiles } from "../../../src/controller/files.ts";
import { failureIn } from "../../../src/plan/model/entry.ts";
import { testHost } from "../host.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-source-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "there"), "x");

// Plans a task behind a command whose result is known after apply; answers how it stands and what is said of its source.
async function plan(task: string, isLocal = false): Promise<string> {
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: change, command: echo a, register: r }
    - ${task}`,
    { d: folder, name: "missing" },
    {},
    {},
    controllerFiles(join(folder, "cache")),
    { isLocal },
  );
  await run.plan();
  await (await session).close();
  const last = run.walk!.entries.at(-1)!;
  const { verdict } = last;
  const said = verdict.status === "deferred" ? verdict.wouldFail : failureIn(last)?.message;
  return said === undefined ? verdict.status : `${verdict.status}: ${said}`;
}

const MISSING = 'could not find "missing" on the controller';

describe("a source that is missing, of a task that is known after apply", () => {
  test.each([
    ["a template", '{ template: { src: missing, dest: "/x{{ r.stdout }}" } }'],
    ["a file", '{ copy: { src: "{{ name }}", dest: "/x{{ r.stdout }}" } }'],
    ["an archive", '{ unarchive: { src: missing, dest: "/x{{ r.stdout }}" } }'],
    [
      "a condition that holds",
      '{ copy: { src: missing, dest: "/x{{ r.stdout }}" }, when: 1 == 1 }',
    ],
  ])("fails the plan if the task is certain: %s", async (_what, task) => {
    expect(await plan(task)).toBe(`failed: ${MISSING}`);
  });

  test.each([
    ["a condition", '{ template: { src: missing, dest: /x }, when: r.stdout == "a" }'],
    [
      "a condition and a destination",
      '{ copy: { src: missing, dest: "/x{{ r.stdout }}" }, when: r.rc == 0 }',
    ],
    ["a block's condition", "{ block: [{ copy: { src: missing, dest: /x } }], when: r.rc == 0 }"],
    ["a loop", '{ copy: { src: missing, dest: /x }, loop: "{{ r.stdout_lines }}" }'],
  ])("is foretold if it may not be done: %s", async (_what, task) => {
    expect(await plan(task)).toBe(`deferred: ${MISSING}`);
  });

  test.each<[what: string, task: string, isLocal?: boolean]>([
    ["it is there", '{ copy: { src: "{{ d }}/there", dest: "/x{{ r.stdout }}" } }'],
    ["it is not known", '{ copy: { src: "{{ r.stdout }}", dest: /x } }'],
    [
      "it is an item that is not known",
      '{ copy: { src: "{{ item }}", dest: /x }, loop: "{{ r.stdout_lines }}" }',
    ],
    [
      "it is on the host",
      '{ copy: { src: /missing, dest: "/x{{ r.stdout }}", remote_src: true } }',
    ],
    [
      "it is on the host unless the task says otherwise",
      '{ assemble: { src: /missing, dest: "/x{{ r.stdout }}" } }',
    ],
    ["there is none", '{ copy: { content: x, dest: "/x{{ r.stdout }}" } }'],
    [
      "a command on this machine may make it",
      '{ copy: { src: missing, dest: "/x{{ r.stdout }}" } }',
      true,
    ],
  ])("is not said if %s", async (_what, task, isLocal) => {
    expect(await plan(task, isLocal)).toBe("deferred");
  });
});
