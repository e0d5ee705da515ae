/** A host on which another run was at work since it was planned is planned again. */
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  journal as journalsOf,
  journals,
  type RunJournal,
} from "../../src/probes/journal/journal.ts";
import { ask, type Probe } from "../../src/probes/probe.ts";
import { askLastRun, lastRun } from "../../src/probes/journal/last-run.ts";
import { changeProgram, readProgram } from "../../src/run/program/build.ts";
import { defined } from "../../src/defined.ts";
import { answers, question } from "../../src/script/question.ts";
import { ended } from "../redis.ts";
import { lines, testHost, TestRun } from "../plan/host.ts";
import { options, SHELLS } from "./program/options.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("of two runs that were planned at once, the later one is planned again", async () => {
  const one = (content: string, name: string): { run: TestRun; end: () => Promise<void> } => {
    const { run, session } = testHost(
      `
- hosts: all
  gather_facts: false
  tasks:
    - name: write
      copy: { content: "${content}", dest: "{{ home }}/f", owner: "{{ me }}", group: "{{ me }}" }
`,
      { home, me: userInfo().username },
    );
    let count = 0;
    const own = new TestRun(run.host, run.variables, () => session, {
      nonce: () => `${name}${count++}`,
      run: name,
      owner: "a test",
      lockTimeout: 5,
      replans: true,
      say: () => undefined,
      machines: new Map(),
      addresses: new Map(),
    });
    return { run: own, end: async () => (await session).close() };
  };
  const [first, second] = [one("first", "run-1"), one("second", "run-2")];
  for (const { run } of [first, second]) await run.plan();
  for (const { run, end } of [first, second]) {
    await run.apply(0, () => undefined);
    await end();
    expect([run.walk?.failed, run.broken, ...lines(run)]).toEqual([
      undefined,
      undefined,
      "changed write",
    ]);
  }
  expect(readFileSync(join(home, "f"), "utf8")).toBe("second");
});

const state = (): string => join(home, ".local/state/hullwright");

// A journal of an earlier run.
function journal(name: string, isBroken = false): string {
  const directory = join(state(), "journal", name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "log"), "begun 0\n");
  for (const file of isBroken ? ["out", "err"] : []) writeFileSync(join(directory, file), "");
  return directory;
}

/** What a host says of its last run. */
const SAID: readonly (readonly [what: string, before: () => unknown, said: string])[] = [
  ["no run was there", () => undefined, "free "],
  ["a run has ended", () => journal("00000009-b") && journal("00000010-a"), "free 00000010-a"],
  ["a run broke off", () => journal("00000002-b", true), "broken 00000002-b"],
  ...["lost+found", "999999999-x", "9-x", "old"].map((name): (typeof SAID)[number] => [
    `there is also ${name}, which is not ours`,
    () => journal("00000010-a") && journal(name, true),
    "free 00000010-a",
  ]),
];

describe.each(SHELLS)("a host (%s)", (...shell) => {
  const call = (program: string, under: readonly string[] = []): string => {
    const [command = "", ...words] = [...under, ...shell, "-s"];
    return spawnSync(command, words, {
      input: program,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: home },
    }).stdout;
  };
  const asked = (under?: readonly string[], probes = [askLastRun() as Probe<unknown>]): unknown => {
    const { sh } = question(probes, { nonce: "n0nce", isRoot: false });
    return answers(call(sh, under), probes, "n0nce").get(probes[0]!.key);
  };

  test.each(SAID)("says of its last run what it was: %s", (_what, before, said) => {
    before();
    expect(asked()).toBe(said);
  });

  /** Runs a program while a shell has the lock, as that of a run has it. */
  const HELD = [
    "sh",
    "-c",
    'exec 9>> "$1/lock"; flock 9; printf "a here\\n%s\\na test\\n" "$$" > "$1/owner"; shift; ("$@") 9>&-; exit',
    "sh",
  ];

  test("says that a run holds its lock, and does not take it", () => {
    journal("00000001-a");
    expect(asked([...HELD, state()])).toBe("held 00000001-a");
    expect(asked()).toBe("free 00000001-a");
    expect(asked(["flock", "-s", join(state(), "lock")])).toBe("free 00000001-a");
  });

  const change = (seen: string): ReturnType<typeof readProgram> => {
    const { sh } = changeProgram([], new Map(), { ...options, timeout: 20, seen });
    return readProgram(call(`${sh}\nprintf done > ${home}/ran`), "", [], options.nonce);
  };

  /** What another name of a machine saw, on which this very run holds the lock; it says so once. */
  test.each([
    ["free 00000001-a", 0],
    ["held 00000001-a", 1],
    ["free ", 1],
    ["", 0],
  ])("is planned again by another name, too, where it was %j", (seen, times) => {
    journal("00000001-a");
    journal(`00000002-${options.run}`);
    writeFileSync(join(state(), "owner"), `${options.run} other\n1\na test\n`);
    const given = { ...options, seen, shared: true };
    const { sh } = changeProgram([], new Map(), given);
    const said = call(`${sh}\n${sh}`, ["flock", join(state(), "lock")]);
    expect(said.split(`@${options.nonce} waited`).length - 1).toBe(times);
  });

  /** What was seen when it was planned, and whether that still holds. */
  test.each([
    ["free 00000001-a", undefined],
    ["free 00000001-b", true],
    ["free ", true],
    ["held 00000001-a", true],
    ["broken 00000001-a", true],
    ["", undefined],
  ])("is planned again where it was %j and is not so any more", (seen, waited) => {
    journal("00000001-a");
    expect(change(seen).locking).toEqual({
      cleared: [],
      ...defined({ waited }),
    });
  });

  test("leaves what else is beside its journals, and counts on from the last of them", () => {
    const kept = ["lost+found", "999999999-x", "old"];
    for (const name of kept) mkdirSync(join(state(), "journal", name), { recursive: true });
    journal("00000007-a");
    expect(change("free 00000007-a").locking).toEqual({ cleared: [] });
    const names = readdirSync(join(state(), "journal")).toSorted();
    expect(names).toEqual(["00000007-a", `00000008-${options.run}`, ...kept].toSorted());
  });

  test("removes half a copy that a run that broke off was about to keep", () => {
    const kept = join(journal("00000001-dead", true), "00001/kept");
    mkdirSync(kept, { recursive: true });
    for (const name of ["ab12", "cd34.new"]) writeFileSync(join(kept, name), "text");
    change("broken 00000001-dead");
    expect(readdirSync(kept)).toEqual(["ab12"]);
  });

  test("lists and finds the journals of runs alone", () => {
    for (const name of ["00000007-a", "00000008-b-a", "lost+found", "x-a"]) journal(name);
    const names = (of: unknown): string[] => (of as RunJournal[]).map(({ name }) => name);
    const all = asked([], [ask(journals, null)]) as { kept: RunJournal[] };
    expect(names(all.kept)).toEqual(["00000007-a", "00000008-b-a"]);
    expect(names(asked([], [ask(journalsOf, { run: "a" })]))).toEqual(names(all.kept));
  });

  test("names the journal that has the last number, and makes none", () => {
    const last = journal("99999999-x");
    const { locking } = change("free 99999999-x");
    expect(locking.failure?.message).toContain(`${last} has the last number`);
    expect(readdirSync(join(state(), "journal"))).toEqual(["99999999-x"]);
  });

  test("waits for what a run that broke off has left at work", async () => {
    const directory = journal("00000001-dead", true);
    const left = spawn("sh", ["-c", `sleep 1.5; echo late > ${home}/late`], {
      stdio: ["ignore", openSync(join(directory, "out"), "a"), "ignore"],
    });
    try {
      expect(change("broken 00000001-dead").locking).toEqual({ cleared: [], waited: true });
      expect(existsSync(join(home, "late"))).toBe(true);
      expect(asked()).toMatch(/^free 00000002-/);
    } finally {
      await ended(left, "SIGKILL");
    }
  });
});

test("an answer that is cut off is not taken", () => {
  expect(() => lastRun.parse("free 0000", [null])).toThrow(/truncated or garbled/);
});
