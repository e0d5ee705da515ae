/** What tasks behind a wait see is what is there when it is over. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shownLines } from "../../src/plan/model/entry.ts";
import { pause } from "../../src/modules/play/pause.ts";
import type { Controller } from "../../src/modules/contract/module.ts";
import { ended } from "../redis.ts";
import { lines, testHost } from "../plan/host.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LOOK = (register: string): string => `
    - stat: { path: "{{ folder }}/made" }
      register: ${register}`;

test("what somebody else makes while a task waits is seen by the tasks after it", async () => {
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:${LOOK("before")}
    - name: wait
      wait_for: { path: "{{ folder }}/ready", timeout: 60 }${LOOK("after")}
    - debug: { msg: "{{ before.stat.exists }} {{ after.stat.exists }}" }
    - name: make
      copy: { content: "{{ after.stat.exists }}", dest: "{{ folder }}/copied", owner: "{{ me }}", group: "{{ me }}" }
`,
    { folder, me: userInfo().username },
  );
  await run.plan();
  const other = spawn("sh", ["-c", `sleep 1; touch ${folder}/made; touch ${folder}/ready`]);
  try {
    await run.apply(0, () => undefined);
  } finally {
    await ended(other, "SIGKILL");
    await (await session).close();
  }
  expect([run.broken, ...lines(run)]).toEqual([
    undefined,
    "ok stat",
    "ok wait",
    "ok stat",
    "ok debug",
    "changed make",
  ]);
  expect(shownLines(run.walk!.entries[3]!)).toBe("False True");
});

test("a pause is such a wait", () => {
  expect(pause.plan({ seconds: 1, echo: true }, {}, {} as Controller)).toMatchObject({
    opaque: "wait",
    silent: true,
  });
});
