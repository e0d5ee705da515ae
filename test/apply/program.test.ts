import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changeProgram, readProgram, stopProgram } from "../../src/apply/program.ts";
import type { Entry } from "../../src/plan/entry.ts";
import { statPath, type PathState } from "../../src/probes/path.ts";
import { sh } from "../../src/script/sh.ts";

let home: string;
beforeEach(() => { home = mkdtempSync(join(tmpdir(), "hullwright-")); });
afterEach(() => rmSync(home, { recursive: true, force: true }));

const options = { nonce: "n0nce", isRoot: false, run: "20260101T000000Z-run", from: 0, owner: "a test" };

// An entry that makes a file with a text, planned on `before`.
function writes(name: string, text: string, before: PathState, after: PathState, more: Partial<Entry> = {}): Entry {
  const path = join(home, name);
  const probe = statPath(path, { digest: true });
  return {
    id: name, play: 0, at: [], barrier: false, task: `write ${name}`, module: "copy", place: { file: "", line: 1, column: 1 }, status: "changed", identity: { user: "me" },
    change: { after: { file: after }, steps: [{ run: sh`printf %s ${text} > ${path}; echo out; echo err >&2`, undo: sh`rm ${path}` }] },
    probes: [[probe, before, after]], diff: [], noLog: false, wouldNotify: [], notifies: [], readOnly: false, result: {}, ...more,
  };
}

// Runs a program as a host does.
function run(entries: Entry[], shell = "dash") {
  const { stdout, stderr, status } = spawnSync(shell, ["-s"], { input: changeProgram(entries, new Map(), options).sh, encoding: "utf8", env: { PATH: process.env["PATH"], HOME: home } });
  return { ...readProgram(stdout, stderr, entries, options.nonce), status, stdout, stderr };
}

const anyFile: PathState = { type: "file", sha256: null };

test.each(["dash", "bash"])("a change is done between two looks, its outputs are told apart, its undo is kept (%s)", (shell) => {
  const { outcomes, status } = run([writes("a", "1", null, anyFile), writes("b", "2", null, anyFile)], shell);
  expect(status).toBe(0);
  expect([...outcomes.values()]).toEqual([0, 1].map(() => ({ status: "done", outputs: [{ code: 0, stdout: "out\n", stderr: "err\n" }] })));
  expect(readFileSync(join(home, "b"), "utf8")).toBe("2");
  expect(readFileSync(join(home, ".local/state/hullwright/journal", options.run, "00001.undo"), "utf8")).toContain(`rm ${home}/b`);
});

test("what is already as wanted is left alone", () => {
  writeFileSync(join(home, "a"), "");
  const digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const { outcomes } = run([writes("a", "never", null, { type: "file", sha256: digest })]);
  expect(outcomes.get(0)).toMatchObject({ status: "already", outputs: [] });
  expect(readFileSync(join(home, "a"), "utf8")).toBe("");
});

test("a host that moved is refused before the steps, and nothing after it is done", () => {
  mkdirSync(join(home, "a"));
  const { outcomes } = run([writes("a", "never", null, anyFile), writes("b", "never", null, anyFile)]);
  expect(outcomes.get(0)).toMatchObject({ status: "failed", message: expect.stringMatching(/has moved since it was planned: 41ed/) as string });
  expect(outcomes.has(1)).toBe(false);
  expect(existsSync(join(home, "b"))).toBe(false);
});

test("where the new content is not known yet, no other content passes for it", () => {
  writeFileSync(join(home, "a"), "somebody else's");
  const { outcomes } = run([writes("a", "never", null, anyFile)]);
  expect(outcomes.get(0)).toMatchObject({ status: "failed", message: expect.stringMatching(/has moved/) as string });
  expect(readFileSync(join(home, "a"), "utf8")).toBe("somebody else's");
});

test("a change that the host does not show is not believed", () => {
  const { outcomes } = run([writes("a", "text", null, { type: "file", sha256: "0".repeat(64) })]);
  expect(outcomes.get(0)).toMatchObject({ status: "failed", message: expect.stringMatching(/the host does not show it/) as string });
});

test("a failed step ends the program, and a notification made before it stays on the host", () => {
  const failing = writes("a", "1", null, anyFile, { notifies: ["abc"] });
  failing.change!.steps = [{ run: sh`echo no >&2; exit 3` }];
  const { outcomes, status } = run([failing, writes("b", "2", null, anyFile)]);
  expect(status).not.toBe(0);
  expect(outcomes.get(0)).toEqual({ status: "failed", outputs: [{ code: 3, stdout: "", stderr: "no\n" }] });
  expect(existsSync(join(home, ".local/state/hullwright/pending/abc"))).toBe(true);
  run([writes("b", "2", null, anyFile, { answersNotice: "abc" })]);
  expect(existsSync(join(home, ".local/state/hullwright/pending/abc"))).toBe(false);
});

test("a host that another run holds is left alone, and says who holds it", () => {
  const folder = join(home, ".local/state/hullwright");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "lock"), "somebody since noon\n");
  const program = changeProgram([writes("a", "never", null, anyFile)], new Map(), options).sh;
  const { stdout, stderr } = spawnSync("flock", [join(folder, "lock"), "dash", "-s"], { input: program, encoding: "utf8", env: { PATH: process.env["PATH"], HOME: home } });
  expect(readProgram(stdout, stderr, [], options.nonce)).toEqual({ outcomes: new Map(), lockedBy: "somebody since noon" });
  expect(existsSync(join(home, "a"))).toBe(false);
});

test("only the journals of the last runs are kept", () => {
  const journal = join(home, ".local/state/hullwright/journal");
  for (let i = 10; i < 30; i++) mkdirSync(join(journal, `20250101T0000${i}Z-old`), { recursive: true });
  run([writes("a", "1", null, anyFile)]);
  expect(spawnSync("ls", [journal], { encoding: "utf8" }).stdout.trim().split("\n")).toHaveLength(10);
});

test("once it is told to stop, the change that runs is done, and no further one is begun", () => {
  const first = writes("a", "1", null, anyFile);
  first.change!.steps.push({ run: stopProgram(options.run, false) });
  const { outcomes, status, wasStopped } = run([first, writes("b", "2", null, anyFile)]);
  expect([...outcomes].map(([index, { status: done }]) => [index, done])).toEqual([[0, "done"]]);
  expect({ status, wasStopped }).toEqual({ status: 92, wasStopped: true });
  expect(existsSync(join(home, "b"))).toBe(false);
  expect(run([first]).outcomes.size).toBe(0);
});

test("another run does not hear of it", () => {
  spawnSync("dash", ["-s"], { input: stopProgram("another-run", false).sh, env: { PATH: process.env["PATH"], HOME: home } });
  expect(run([writes("a", "1", null, anyFile)]).outcomes.get(0)?.status).toBe("done");
});
