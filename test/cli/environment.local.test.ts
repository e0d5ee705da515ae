import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { call } from "./call.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Names that scripts like to use, and values that would lead them astray. */
const NAMES = [
  "E",
  "J",
  "U",
  "HW",
  "D",
  "F",
  "N",
  "P",
  "R",
  "S",
  "n",
  "i",
  "f",
  "p",
  "dir",
  "path",
  "file",
  "name",
  "run",
  "tmp",
];

/** Commands, which find their programs by PATH. */
const COMMANDS = [
  { command: { cmd: "touch F/touched", creates: "F/touched" } },
  { shell: 'echo "{{ said }}" > F/said' },
];

/** What modules do, without a command. */
const TASKS: readonly object[] = [
  { file: { path: "F/gone", state: "absent" } },
  { file: { path: "F/tree", mode: "u=rwX,go=rX", recurse: true, state: "directory" } },
  { file: { path: "F/made", state: "directory" } },
  { file: { src: "old", dest: "F/link", state: "link" } },
  { file: { src: "F/old", dest: "F/hard", state: "hard" } },
  { copy: { content: "new\n", dest: "F/old" } },
  { lineinfile: { path: "F/lines", line: "two" } },
  { blockinfile: { path: "F/lines", block: "three" } },
  { unarchive: { src: "F/a.tar.gz", dest: "F/made" } },
];

// Writes a play with one environment for all of its tasks.
function play(
  environment: Record<string, string>,
  tasks: readonly object[] = [...TASKS, ...COMMANDS],
): string {
  const file = join(folder, "play.yml");
  const vars = {
    said: Object.keys(environment)
      .map((name) => `$${name}`)
      .join(" "),
  };
  const text = JSON.stringify([
    { hosts: "localhost", gather_facts: false, environment, vars, tasks },
  ]);
  writeFileSync(file, text.replaceAll("F/", `${folder}/`));
  return file;
}

test.each([
  ["names of variables in shell programs", Object.fromEntries(NAMES.map((name) => [name, "1.5"]))],
  ["how words are split", { IFS: "/" }],
  ["the language of messages", { LC_ALL: "de_DE.UTF-8", LANG: "tr_TR.UTF-8" }],
  ["where temporary files are", { TMPDIR: "/nonexistent", HOME: "/nonexistent" }],
])("%s may be in the environment of any task", async (_what, environment) => {
  mkdirSync(join(folder, "gone"));
  mkdirSync(join(folder, "tree/below"), { recursive: true });
  for (const name of ["gone/file", "tree/below/file", "old", "lines", "packed"])
    writeFileSync(join(folder, name), `${name}\n`);
  execFileSync("tar", ["czf", "a.tar.gz", "packed"], { cwd: folder });
  const { code, said } = await call("apply", play(environment), "--yes");
  expect(code, said).toBe(0);
  expect(readFileSync(join(folder, "made/packed"), "utf8")).toBe("packed\n");
  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  if (!("IFS" in environment))
    expect(readFileSync(join(folder, "said"), "utf8")).toBe(
      `${Object.values(environment).join(" ")}\n`,
    );
});

test("modules find the system's programs whatever PATH is, and commands by what it is", async () => {
  for (const name of ["old", "lines", "packed"]) writeFileSync(join(folder, name), `${name}\n`);
  execFileSync("tar", ["czf", "a.tar.gz", "packed"], { cwd: folder });
  const find = { find: { paths: "F/", patterns: "old" }, register: "found" };
  const checks = { assert: { that: "found.matched == 1" } };
  const { code, said } = await call(
    "apply",
    play({ PATH: "/nonexistent" }, [...TASKS, find, checks]),
    "--yes",
  );
  expect(code, said).toBe(0);
  expect(readFileSync(join(folder, "made/packed"), "utf8")).toBe("packed\n");
  expect(
    await call("apply", play({ PATH: "/nonexistent" }, [{ command: "touch x" }]), "--yes"),
  ).toEqual({
    code: 2,
    said: expect.stringContaining("touch") as string,
  });
});

test("names of our own shell programs are refused by name", async () => {
  const { code, said } = await call("apply", play({ HW_STATE_DIR: "/tmp" }), "--yes");
  expect([code, said]).toEqual([
    1,
    expect.stringContaining('environment cannot set "HW_STATE_DIR"'),
  ]);
  expect(readdirSync(folder)).toEqual(["play.yml"]);
});
