import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { noFiles, testHost } from "../plan/host.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-made-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what a run has made is known for the tasks after it, and not asked for again", async () => {
  const made = join(folder, "made");
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: make, copy: { content: x, dest: "{{ made }}" } }`,
    { made },
    {},
    {},
    noFiles,
    { login: userInfo().username },
  );
  await run.plan();
  await run.apply(0, () => {});
  expect(run.walk!.entries.map(({ task, verdict }) => `${task}: ${verdict.status}`)).toEqual([
    "make: changed",
  ]);
  expect(run.known.changes.map(({ subject }) => subject)).toContain(made);
  await (await session).close();
});
