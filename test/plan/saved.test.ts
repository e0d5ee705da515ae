import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokenPromise, promise } from "../../src/plan/saved.ts";
import { testHost } from "./host.ts";

const PLAY = `
- hosts: all
  gather_facts: false
  tasks:
    - {name: one, command: "true {{ a }}"}
    - {name: two, command: "true", when: b}
    - {name: each, command: "true {{ item }}", loop: "{{ c }}"}
`;

// The entries of a plan with these variables.
async function planned(vars: Record<string, unknown>) {
  const { run, session } = testHost(PLAY, vars);
  await run.plan();
  await (await session).close();
  return run.walk!.entries;
}

const before = { a: "x", b: false, c: ["p", "q"] };

const cases: { name: string; now: Record<string, unknown>; reasons: RegExp[] }[] = [
  { name: "nothing moved", now: before, reasons: [] },
  {
    name: "a change is new",
    now: { ...before, b: true },
    reasons: [/"two" is now a change, and was none/],
  },
  {
    name: "a change does something else",
    now: { ...before, a: "y" },
    reasons: [/"one" would do something different: run/],
  },
  {
    name: "a promised change is missing: it is already so",
    now: { ...before, c: ["p"] },
    reasons: [],
  },
  {
    name: "an item of a loop is new",
    now: { ...before, c: ["p", "q", "r"] },
    reasons: [/"each" \[r\] is now a change/],
  },
];

test.each(cases)("$name", async ({ now, reasons }) => {
  const found = brokenPromise(promise(await planned(before)), await planned(now))?.reasons ?? [];
  expect(found).toHaveLength(reasons.length);
  reasons.forEach((reason, i) => expect(found[i]).toMatch(reason));
});

test("a saved promise survives JSON and holds no step's text", async () => {
  const saved = promise(await planned({ ...before, a: "s3cret-in-a-step" }));
  const { diff: _diff, ...kept } = saved.changes[0]!;
  expect(JSON.stringify(kept)).not.toContain("s3cret");
  expect(JSON.parse(JSON.stringify(saved))).toEqual(saved);
});

test("a directory in which other files come and go is the same", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-saved-"));
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: [{ copy: { content: x, dest: ${folder}/new } }]\n`,
  );
  await run.plan();
  await (await session).close();
  rmSync(folder, { recursive: true });
  const { entries } = run.walk!;
  const grown = entries.map((entry) => ({
    ...entry,
    probes: entry.probes.map(([probe, ...states]) => [
      probe,
      ...states.map((state) => (isDirectory(state) ? { ...state, size: 999_999 } : state)),
    ]),
  })) as unknown as typeof entries;
  expect(JSON.stringify(grown)).toContain("999999");
  expect(brokenPromise(promise(entries), grown)).toBeUndefined();
});

function isDirectory(state: unknown): state is { type: "directory" } {
  return (
    typeof state === "object" &&
    state !== null &&
    (state as { type?: unknown }).type === "directory"
  );
}
