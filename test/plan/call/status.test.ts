import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandFailure } from "../../../src/plan/call/status.ts";
import { testHost } from "../host.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-status-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [1, "no such thing", "no such thing"],
  [3, "no such thing", "no such thing\n(code 3)"],
  [4, "", "ended with code 4"],
])("a command that ends with %i and says %j", (code, stderr, message) => {
  expect(commandFailure({ code, stdout: "", stderr }).message).toBe(message);
});

test("what changed_when: false says is no change is planned as a silent one, and notifies nobody", async () => {
  const made = join(folder, "made");
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: make, file: { path: "{{ made }}", state: directory }, changed_when: false, notify: h }
  handlers:
    - { name: h, command: "true" }`,
    { made },
  );
  await run.plan();
  const [entry] = run.walk!.entries;
  expect(entry).toMatchObject({
    verdict: { status: "ok" },
    notifies: [],
    change: { silent: true },
  });
  expect(existsSync(made)).toBe(false);
  await (await session).close();
});

test("what is waited for is registered as finished, and nothing else is", async () => {
  const { run, session } = testHost(`
- hosts: all
  gather_facts: false
  tasks:
    - { stat: { path: / }, async: 5, poll: 1 }
    - { stat: { path: / }, async: "{{ 5 }}" }
    - { stat: { path: / }, async: 0 }
    - { stat: { path: / } }`);
  await run.plan();
  const told = run.walk!.entries.map(({ result }) => [result["started"], result["finished"]]);
  expect(told).toEqual([
    [1, 1],
    [1, 1],
    [undefined, undefined],
    [undefined, undefined],
  ]);
  await (await session).close();
});
