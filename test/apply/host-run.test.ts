import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lines, testHost } from "../plan/host.ts";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "hullwright-")); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a command is planned as a change, runs once, and its output feeds the tasks after it", async () => {
  const { run, session } = testHost(`
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
`, { folder });
  await run.plan();
  expect(lines(run)).toEqual(["changed make", "deferred tell", "changed only once"]);
  await run.apply(0, () => {});
  expect(run.broken).toBeUndefined();
  expect(lines(run)).toEqual(["changed make", "ok tell", "ok only once"]);
  expect(run.walk?.entries[1]?.shows).toBe("it said hello");
  expect(readFileSync(join(folder, "made"), "utf8")).toBe("made\n");
  await (await session).close();
});
