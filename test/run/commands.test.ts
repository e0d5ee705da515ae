import { shownLines } from "../../src/plan/model/entry.ts";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Session } from "../../src/transport/transport.ts";
import { lines, testHost, type TestRun } from "../plan/host.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// Applies tasks on this machine as on another one; answers what came of them, and how many changes each program had.
async function applied(
  tasks: object[],
  isLocal = false,
): Promise<{ run: TestRun; lines: string[]; programs: number[]; keeping: string[] }> {
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify(tasks)}\n`,
    { folder },
    {},
    {},
    undefined,
    { isLocal },
  );
  const programs: number[] = [];
  const keeping: string[] = [];
  const open = run.asking.session;
  run.asking.session = async (...words): Promise<Session> => {
    const login = await open(...words);
    return {
      ...login,
      run: (program, options) => {
        const changes = program.match(/hw_log begun \d+/g) ?? [];
        if (changes.length > 0) programs.push(changes.length);
        keeping.push(...(program.match(/\b\d{5}(?=\/kept)/g) ?? []));
        return login.run(program, options);
      },
    };
  };
  try {
    await run.plan();
    await run.apply(0, () => undefined);
    return { run, lines: lines(run), programs, keeping };
  } finally {
    await (await session).close();
  }
}

const adds = (word: string, more: object = {}): object => ({
  name: word,
  shell: `echo ${word} >> {{ folder }}/log; echo ${word}; echo e-${word} >&2`,
  ...more,
});
const log = (): string[] => readFileSync(join(folder, "log"), "utf8").trim().split("\n");

test("commands that no answer of the host decides on run in one program, in their order", async () => {
  const items = ["c", "d"];
  const { run, lines, programs } = await applied([
    adds("a"),
    adds("b", { register: "b" }),
    { ...adds("{{ item }}"), name: "each", loop: items },
    adds("e"),
    { name: "tell", debug: { msg: "{{ b.stdout }} {{ b.stderr }} {{ b.delta is defined }}" } },
    adds("f"),
  ]);
  expect(lines.slice(-2)).toEqual(["ok tell", "changed f"]);
  expect(log()).toEqual(["a", "b", "c", "d", "e", "f"]);
  expect(shownLines(run.walk!.entries.find(({ task }) => task === "tell")!)).toBe("b e-b True");
  expect(programs).toEqual([5, 1]);
});

test("the journal has directories only for changes that keep something, and commands do not", async () => {
  const directory = { name: "made", file: { path: "{{ folder }}/made", state: "directory" } };
  const { keeping } = await applied([adds("a"), directory, adds("b"), adds("c")]);
  expect(keeping).toEqual(["00001"]);
});

test("and so do those behind a task that waited for the first ones", async () => {
  const { programs } = await applied([
    adds("a", { register: "a" }),
    { name: "tell", debug: { msg: "{{ a.stdout }}" } },
    ...["b", "c", "d"].map((word) => adds(word)),
    { name: "end", debug: { msg: "x" } },
    adds("e"),
  ]);
  expect(log()).toEqual(["a", "b", "c", "d", "e"]);
  expect(programs).toEqual([1, 3, 1]);
});

test.each<[what: string, first: object, second: object, programs: number[]]>([
  ["the first is judged by failed_when", { failed_when: false }, {}, [1, 1]],
  ["the first is judged by changed_when", { changed_when: "1 == 1" }, {}, [1, 1]],
  ["the first is tried again", { register: "a", until: "a.rc == 0" }, {}, [1, 1]],
  [
    "the second depends on a path of the host",
    {},
    { args: { creates: "{{ folder }}/none" } },
    [1, 1],
  ],
  ["the second runs in a home", {}, { args: { chdir: "~root" } }, [1, 1]],
  [
    "the second is another user's look at the first",
    { register: "a" },
    { when: "a.rc == 0" },
    [1, 1],
  ],
  ["nothing of that holds", { ignore_errors: true }, { environment: { X: "y" } }, [2]],
])("one program or two, where %s", async (_what, first, second, programs) => {
  expect((await applied([adds("a", first), adds("b", second)])).programs).toEqual(programs);
  expect(log()).toEqual(["a", "b"]);
});

test("on this machine each has a program of its own, as the next may read files here", async () => {
  expect((await applied([adds("a"), adds("b")], true)).programs).toEqual([1, 1]);
});

test("nothing is done after a command that fails", async () => {
  const { lines } = await applied([adds("a"), { name: "no", command: "false" }, adds("b")]);
  expect(lines).toEqual(["changed a", "failed no"]);
  expect(log()).toEqual(["a"]);
});

test("what comes after a failure that is ignored, or rescued, is done", async () => {
  const { lines, run } = await applied([
    { name: "no", command: "false", ignore_errors: true },
    adds("a"),
    {
      block: [adds("b"), { name: "fails", command: "ls /nowhere/at/all" }, adds("never")],
      rescue: [
        { name: "tell", debug: { msg: "{{ ansible_failed_result.delta is defined }}" } },
        adds("c"),
      ],
    },
  ]);
  expect(lines.filter((line) => !line.includes("never")).at(-1)).toBe("changed c");
  expect(log()).toEqual(["a", "b", "c"]);
  expect(shownLines(run.walk!.entries.find(({ task }) => task === "tell")!)).toBe("true");
});

test("once they have printed much, the next one is for another program", async () => {
  const much = { name: "much", shell: "head -c 9000000 /dev/zero | tr '\\0' x", register: "much" };
  const { programs, run } = await applied([
    much,
    adds("a"),
    { name: "tell", debug: { msg: "{{ much.stdout | length }}" } },
  ]);
  expect(programs).toEqual([2, 1]);
  expect(shownLines(run.walk!.entries[2]!)).toBe("9000000");
  expect(log()).toEqual(["a"]);
});

test("after a change that failed, its file is looked at again", async () => {
  const { run } = await applied([
    {
      name: "no",
      copy: { content: "x", dest: "{{ folder }}/file", validate: "false %s" },
      ignore_errors: true,
    },
    { name: "look", stat: { path: "{{ folder }}/file" }, register: "file" },
    { name: "tell", debug: { msg: "{{ file.stat.exists }}" } },
  ]);
  expect(shownLines(run.walk!.entries[2]!)).toBe("false");
});

test("what was done before the connection was lost is told as done", async () => {
  // the parent of the program's own subshell is the shell that stays
  const lose = "kill -9 $(cut -d' ' -f4 /proc/$PPID/stat)";
  const { run } = await applied([
    adds("a"),
    adds("b"),
    { name: "lose", shell: lose },
    // it is the last that holds the lock of the run
    { name: "lost", shell: "echo $$ > {{ folder }}/pid; exec sleep 100" },
  ]);
  await vi.waitFor(() => {
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    expect(pid).toBeGreaterThan(1);
    process.kill(pid);
  });
  expect(run.known.unreachable?.kind).toBe("lost");
  expect(
    [...run.known.completed.values()].map(({ entry, outcome }) => [entry.task, outcome?.status]),
  ).toEqual([
    ["a", "done"],
    ["b", "done"],
    ["lose", "done"],
  ]);
});

test("a run that comes after one whose connection was lost is not kept out", async () => {
  expect((await applied([adds("a")])).lines).toEqual(["changed a"]);
});
