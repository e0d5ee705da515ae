import { expect, test } from "vitest";
import { withoutPause } from "../../../src/plan/walk/pass.ts";
import { planFleet, readFleet } from "../../../src/run/ask.ts";
import type { Json } from "../../../src/value.ts";
import { testHost, type TestRun } from "../host.ts";

const PLAY = `
- hosts: all
  tasks:
    - { name: memory, assert: { that: ansible_architecture != "remembered" } }`;

// What the host says of itself, by question, with another architecture.
async function remembered(): Promise<Map<string, Json>> {
  const { run, session } = testHost(PLAY);
  await run.plan();
  await (await session).close();
  return new Map(
    [...run.known.answers].map(([key, answer]) => [
      key.slice(key.indexOf("\n") + 1),
      JSON.parse(
        JSON.stringify(answer).replaceAll(
          JSON.stringify(process.arch === "x64" ? "x86_64" : "aarch64"),
          '"remembered"',
        ),
      ) as Json,
    ]),
  );
}

// A host of which an earlier run has told something else.
async function withMemory(): Promise<ReturnType<typeof testHost>> {
  const host = testHost(PLAY);
  host.run.known.guesses = await remembered();
  return host;
}

const together = (run: TestRun) => ({
  fleet: run,
  playbook: run.host.playbook,
  hosts: [run.host.name],
  forks: 1,
});

test("facts of an earlier run are used to find out what to ask, and never believed", async () => {
  const { run, session } = await withMemory();
  expect([...run.known.guesses.values()].map((one) => JSON.stringify(one)).join()).toContain(
    "remembered",
  );
  const first = (await readFleet(together(run), async (begin) => withoutPause(begin())))!;
  expect(first.walks.get("here")!.failed).toBeUndefined();
  expect(run.known.guesses.size).toBe(0);
  expect(run.known.answers.size).toBe(0);
  const pass = await planFleet(together(run), first);
  expect(pass.walks.get("here")!.entries.map(({ verdict }) => verdict.status)).toEqual(["ok"]);
  await (await session).close();
});

test("a plan asks for facts that it only remembers", async () => {
  const { run, session } = await withMemory();
  await run.plan();
  expect(run.known.answers.size).toBeGreaterThan(0);
  expect(run.walk!.entries.map(({ verdict }) => verdict.status)).toEqual(["ok"]);
  await (await session).close();
});

test("what is set for the connection is no fact, and asks the host nothing", async () => {
  const { run, session } = testHost(`
- hosts: all
  tasks:
    - { name: tell, debug: { msg: "{{ ansible_become_user is defined }}" } }`);
  await run.plan();
  expect([...run.known.answers.keys()].filter((key) => /\n(facts|basics) /.test(key))).toEqual([]);
  await (await session).close();
});

test("a play gathers again what clear_facts has forgotten", async () => {
  const { run, session } = testHost(`
- hosts: all
  tasks:
    - { name: clear, meta: clear_facts }
    - { name: gone, assert: { that: ansible_architecture is not defined } }
- hosts: all
  tasks:
    - { name: again, assert: { that: ansible_architecture is defined } }`);
  await run.plan();
  expect(run.walk!.entries.map(({ verdict }) => verdict.status)).toEqual(["ok", "ok", "ok"]);
  await (await session).close();
});
