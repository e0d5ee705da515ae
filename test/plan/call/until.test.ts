import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { shownLines } from "../../../src/plan/model/entry.ts";
import { testHost } from "../host.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-until-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How often a command runs whose `until` never holds, or holds from the given run on. */
const cases: [name: string, keywords: string, holdsAt: number, runs: number, status: string][] = [
  ["a command: as often as retries says, and once more", "retries: 2", 9, 3, "failed"],
  ["a command: until it holds", "retries: 5", 2, 2, "changed"],
  ["a command that only looks: as often", "retries: 2, changed_when: false", 9, 3, "failed"],
  ["a command: failed_when has the last word", "retries: 2, failed_when: false", 9, 3, "changed"],
  ["a command: as attempts say", "retries: 2, failed_when: out.attempts > 3", 9, 3, "changed"],
  ["a command: no retries, no until", "retries: 0", 9, 1, "changed"],
  [
    "a command that only looks: failed_when has the last word",
    "retries: 2, failed_when: out.attempts is undefined, changed_when: false",
    9,
    3,
    "ok",
  ],
  ["a command that only looks: no retries", "retries: 0, changed_when: false", 9, 1, "ok"],
  ["a command that only looks: until it holds", "retries: 5, changed_when: false", 2, 2, "ok"],
];

test.each(cases)("%s", async (name, keywords, holdsAt, runs, status) => {
  const log = join(folder, name.replaceAll(/\W/g, "-"));
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: try, shell: "echo x >> {{ log }}; wc -l < {{ log }}", register: out, until: "out.stdout | int >= {{ at }}", delay: 0, ${keywords} }`.replace(
      "{{ at }}",
      String(holdsAt),
    ),
    { log },
  );
  await run.plan();
  await run.apply(0, () => {});
  expect(run.walk!.entries.map((entry) => entry.verdict.status)).toEqual([status]);
  expect(readFileSync(log, "utf8").trim().split("\n")).toHaveLength(runs);
  await (await session).close();
});

test("a failure of until is ignored where errors are, and the play goes on", async () => {
  const log = join(folder, "ignored");
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: try, shell: "echo x >> {{ log }}", register: out, until: out.rc == 7, delay: 0, retries: 1, ignore_errors: true }
    - { name: after, debug: { msg: "{{ out is failed }}" } }`,
    { log },
  );
  await run.apply(0, () => undefined);
  await (await session).close();
  const [tried, after] = run.walk!.entries;
  expect(tried!.verdict).toMatchObject({ status: "failed", scope: "ignored" });
  expect(shownLines(after!)).toBe("true");
  expect(run.failed).toBe(false);
});
