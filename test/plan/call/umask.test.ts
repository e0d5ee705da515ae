import { mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hasStatus, shownFailure, type Entry } from "../../../src/plan/model/entry.ts";
import { testHost } from "../host.ts";

let folder: string;
let before: number;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "hullwright-")));
  before = process.umask(0o022);
});
afterEach(() => {
  process.umask(before);
  rmSync(folder, { recursive: true, force: true });
});

// Why a task failed; undefined: it did not.
function shownFailureOf(entry: Entry): string | undefined {
  return hasStatus(entry, "failed") ? shownFailure(entry).message : undefined;
}

/** What tasks make, and the mode that the login's umask leaves. Without that mode in the plan, they would be planned once more. */
const MADE = [
  { umask: 0o027, file: 0o640, directory: 0o750, byLetters: 0o750 },
  { umask: 0o077, file: 0o600, directory: 0o700, byLetters: 0o700 },
  { umask: 0o002, file: 0o664, directory: 0o775, byLetters: 0o775 },
  { umask: 0o022, file: 0o644, directory: 0o755, byLetters: 0o755 },
];

test.each(MADE)("files are made under the umask of the login: $umask", async (one) => {
  process.umask(one.umask);
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: a file, copy: { content: x, dest: "{{ at }}/file" } }
    - { name: a directory and one in it, file: { path: "{{ at }}/directory/inner", state: directory } }
    - { name: a file by letters, copy: { content: x, dest: "{{ at }}/letters", mode: +x } }
    - { name: a file with a mode, copy: { content: x, dest: "{{ at }}/given", mode: "0604" } }
    - { name: a line, lineinfile: { path: "{{ at }}/made/line", line: x, create: true } }
    - { name: touched, file: { path: "{{ at }}/touched", state: touch } }
    - { name: old, copy: { content: y, dest: "{{ at }}/old" } }`,
    { at: folder },
    {},
    {},
    undefined,
    { isLocal: false, login: userInfo().username },
  );
  writeFileSync(join(folder, "old"), "x", { mode: 0o666 });
  const mode = (name: string): number => statSync(join(folder, name)).mode & 0o7777;
  const kept = mode("old");
  await run.plan();
  await run.apply(0, () => {});
  await (await session).close();
  const failed = run.walk!.entries.map(shownFailureOf).filter((message) => message !== undefined);
  expect(failed).toEqual([]);
  const names = [
    "file",
    "directory",
    "directory/inner",
    "letters",
    "given",
    "made",
    "made/line",
    "touched",
    "old",
  ];
  expect(Object.fromEntries(names.map((name) => [name, mode(name)]))).toEqual({
    file: one.file,
    directory: one.directory,
    "directory/inner": one.directory,
    letters: one.file | (one.byLetters & 0o111),
    given: 0o604,
    made: one.directory,
    "made/line": one.file,
    touched: one.file,
    old: kept,
  });
});
