import { failureIn } from "../../../src/plan/model/entry.ts";
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askLeave } from "../../../src/probes/files/leave.ts";
import { ThisHost } from "../../modules/execute.ts";
import { lines, testHost } from "../host.ts";

// As root, the tasks are done as nobody; anybody else may not write in what is root's.
const isRoot = process.getuid?.() === 0;
const WHO = isRoot
  ? '{ become: true, become_user: nobody, become_method: runuser, vars: { d: "DIR" } }'
  : '{ vars: { d: "DIR" } }';
const who = isRoot ? "nobody" : userInfo().username;

const root = mkdtempSync(join(tmpdir(), "hullwright-leave-"));
beforeAll(() => {
  for (const [name, mode] of Object.entries({ ".": 0o755, closed: 0o555, open: 0o777 })) {
    mkdirSync(join(root, name), { recursive: true });
    chmodSync(join(root, name), mode);
  }
  for (const name of ["closed/file", "open/file"]) writeFileSync(join(root, name), "x");
  symlinkSync("../closed/file", join(root, "open/link"));
});
afterAll(() => {
  for (const name of ["closed", "open"]) chmodSync(join(root, name), 0o755);
  rmSync(root, { recursive: true, force: true });
});

// Plans one task after others as a user who is not root, and answers how it stands, or why it failed.
async function plan(task: string, before: string[] = [], as = WHO): Promise<string> {
  const keywords = as.replace("DIR", root).slice(1, -1);
  const tasks = [...before, task].map((each) => `{ ${each}, ${keywords} }`);
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((each) => `    - ${each}`).join("\n")}`,
    {},
    {},
    {},
    undefined,
    { login: isRoot ? "root" : who },
  );
  await run.plan();
  await (await session).close();
  const last = run.walk!.entries.at(-1)!;
  return failureIn(last)?.message ?? lines(run).at(-1)!.split(" ")[0]!;
}

describe("a change of files that its user may not make fails while planning", () => {
  test.each([
    [
      "a new file",
      'copy: { content: x, dest: "{{ d }}/closed/new" }',
      `${who} may not write in ${root}/closed`,
    ],
    [
      "a new directory with those above it",
      'file: { path: "{{ d }}/closed/a/b", state: directory }',
      `${who} may not write in ${root}/closed`,
    ],
    [
      "a file that is removed",
      'file: { path: "{{ d }}/closed/file", state: absent }',
      `${who} may not write in ${root}/closed`,
    ],
    [
      "a line that is added",
      'lineinfile: { path: "{{ d }}/closed/file", line: y }',
      `${who} may not write in ${root}/closed`,
    ],
    [
      "a link",
      'file: { src: /x, dest: "{{ d }}/closed/l", state: link, force: true }',
      `${who} may not write in ${root}/closed`,
    ],
  ])("%s", async (_what, task, message) => {
    expect(await plan(task)).toBe(message);
  });

  test.skipIf(!isRoot)("permissions of a file of somebody else", async () => {
    expect(await plan('file: { path: "{{ d }}/open/file", mode: "0600" }')).toBe(
      `nobody may not change ${root}/open/file, which belongs to root`,
    );
  });
});

describe("nothing is said", () => {
  test.each<[what: string, task: string, status: string, before?: string[]]>([
    ["where it may be written", 'copy: { content: x, dest: "{{ d }}/open/new" }', "changed"],
    ["where nothing changes", 'copy: { content: x, dest: "{{ d }}/closed/file" }', "ok"],
    ["where it is only looked", 'stat: { path: "{{ d }}/closed/new" }', "ok"],
    [
      "where an earlier task may change anything",
      'copy: { content: x, dest: "{{ d }}/closed/new" }',
      "changed",
      ['command: "chmod 777 {{ d }}/closed"'],
    ],
    [
      "of a directory that an earlier task makes",
      'copy: { content: x, dest: "{{ d }}/open/made/new" }',
      "changed",
      ['file: { path: "{{ d }}/open/made", state: directory }'],
    ],
  ])("%s", async (_what, task, status, before) => {
    expect(await plan(task, before)).toBe(status);
  });
});

describe.skipIf(!isRoot)("links of others that root does not follow fail while planning", () => {
  const AS_ROOT = '{ vars: { d: "DIR" } }';
  const refused = (name: string): string =>
    `${root}/${name} is a link of nobody to what belongs to root, which is not followed: by then it may lead anywhere`;
  beforeAll(() => {
    for (const name of ["theirs", "theirs/own"]) mkdirSync(join(root, name));
    for (const name of ["theirs", "theirs/own"]) chownSync(join(root, name), 65534, 65534);
    for (const [name, target] of Object.entries({
      "theirs/out": "../closed",
      "theirs/in": "own",
      "theirs/file": "../closed/file",
      "theirs/twice": "out",
      "open/shared": "../closed",
    })) {
      symlinkSync(target, join(root, name));
      lchownSync(join(root, name), 65534, 65534);
    }
    symlinkSync("theirs/own", join(root, "roots"));
  });

  test.each<[what: string, task: string, message: string, before?: string[]]>([
    [
      "to a directory",
      'copy: { content: y, dest: "{{ d }}/theirs/out/new" }',
      refused("theirs/out"),
    ],
    [
      "to a directory by way of another link",
      'file: { path: "{{ d }}/theirs/twice/new", state: directory }',
      refused("theirs/twice"),
    ],
    [
      "in a directory that all may write to",
      'file: { path: "{{ d }}/open/shared/file", state: absent }',
      refused("open/shared"),
    ],
    [
      "to a file that is followed",
      'lineinfile: { path: "{{ d }}/theirs/file", line: y }',
      refused("theirs/file"),
    ],
    [
      "what is below",
      'file: { path: "{{ d }}/theirs/out", state: directory, recurse: true, mode: "0700" }',
      refused("theirs/out"),
    ],
    ["to what is the user's", 'copy: { content: y, dest: "{{ d }}/theirs/in/new" }', "changed"],
    ["not a link of root's", 'copy: { content: y, dest: "{{ d }}/roots/new" }', "changed"],
    [
      "not one that is removed itself",
      'file: { path: "{{ d }}/theirs/file", state: absent }',
      "changed",
    ],
    ["not where nothing changes", 'copy: { content: x, dest: "{{ d }}/theirs/out/file" }', "ok"],
    ["not where it is only looked", 'stat: { path: "{{ d }}/theirs/out/new" }', "ok"],
    [
      "not behind a task that may change anything",
      'copy: { content: y, dest: "{{ d }}/theirs/out/new" }',
      "changed",
      ['command: "chown -h root {{ d }}/theirs/out"'],
    ],
    [
      "not one that an earlier task replaces",
      'copy: { content: y, dest: "{{ d }}/theirs/out/new" }',
      "changed",
      ['file: { path: "{{ d }}/theirs/out", src: own, state: link }'],
    ],
    [
      "also where errors are ignored",
      'copy: { content: y, dest: "{{ d }}/theirs/out/new" }, ignore_errors: true',
      refused("theirs/out"),
    ],
  ])("%s", async (_what, task, message, before) => {
    expect(await plan(task, before, AS_ROOT)).toBe(message);
  });
});

test("what may be done with paths, on a real shell", () => {
  const host = new ThisHost();
  mkdirSync(join(host.root, "d"));
  writeFileSync(join(host.root, "d/f"), "");
  symlinkSync("d/f", join(host.root, "l"));
  const at = (name: string): string => join(host.root, name);
  const found = host.ask({
    there: askLeave(at("d/f")),
    deep: askLeave(at("d/a/b/c")),
    link: askLeave(at("l")),
    top: askLeave("/hullwright-not-there"),
  });
  host.remove();
  expect(found).toMatchObject({
    there: { writes: true, directory: at("d"), owns: true },
    deep: { writes: true, directory: at("d"), owns: false },
    link: { writes: null },
    top: { directory: "/" },
  });
});
