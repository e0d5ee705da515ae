import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { call } from "./call.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
  writeFileSync(join(folder, "old"), "old\n");
  mkdirSync(join(folder, "d"));
  symlinkSync("old", join(folder, "link"));
  // so that a time of before is always told from one of after
  for (const name of ["old", "d", "."]) utimesSync(join(folder, name), 1e9, 1e9);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Tasks that make or change something, and the path that is looked at behind them. */
const CHANGES: [what: string, path: string, ...tasks: string[]][] = [
  ["a new file", "new", "copy: { dest: F/new, content: new }"],
  ["a file with another content", "old", "copy: { dest: F/old, content: other text }"],
  ["a file with another mode", "old", "file: { path: F/old, mode: '0600' }"],
  ["a new directory", "dir", "file: { path: F/dir, state: directory }"],
  ["a directory that a file is put into", "d", "copy: { dest: F/d/new, content: new }"],
  ["a directory that a file is taken out of", ".", "file: { path: F/old, state: absent }"],
  ["a new link", "there", "file: { src: old, dest: F/there, state: link }"],
  ["a further name of a file", "old", "file: { src: F/old, dest: F/again, state: hard }"],
  [
    "what a new link leads to",
    "d2/new",
    "copy: { dest: F/d/new, content: new }",
    "file: { src: d, dest: F/d2, state: link }",
  ],
  [
    "a file that was removed and made again",
    "old",
    "file: { path: F/old, state: absent }",
    "copy: { dest: F/old, content: again }",
  ],
  [
    "another name of a file whose mode is changed",
    "again",
    "file: { src: F/old, dest: F/again, state: hard }",
    "copy: { content: 'old\\n', dest: F/old, mode: '0404' }",
  ],
  [
    "what was another name of a file that has become another file",
    "again",
    "file: { src: F/old, dest: F/again, state: hard }",
    "file: { path: F/old, mode: '0404' }",
    "copy: { content: other, dest: F/old }",
  ],
  ["a file whose times are set", "old", "file: { path: F/old, state: touch }"],
  ["what a link leads to, whose times are set", "old", "file: { path: F/link, state: touch }"],
  [
    "a file that is changed once more",
    "new",
    "copy: { dest: F/new, content: new }",
    "lineinfile: { path: F/new, line: more }",
  ],
];

test("a task that says it changed something does not keep later ones from looking", async () => {
  const file = join(folder, "play.yml");
  const tasks = [
    { file: { path: folder, state: "directory" }, changed_when: true },
    { copy: { content: "new", dest: join(folder, "new") } },
    { find: { paths: folder, patterns: "new" }, register: "found" },
    { assert: { that: "found.matched == 1" } },
  ];
  writeFileSync(file, JSON.stringify([{ hosts: "localhost", gather_facts: false, tasks }]));
  const { code, said } = await call("apply", file, "--yes");
  expect(code, said).toBe(0);
});

test.each(CHANGES)("stat tells all of %s", async (_what, path, ...tasks) => {
  const at = `F/${path}`;
  const lines = [
    ...tasks,
    `stat: { path: ${at} }\n      register: st`,
    "debug: { var: st }",
    `command: stat -c '%i %h %s %a %Y %Z' ${at}\n      register: theirs`,
    `assert: { that: ours == theirs.stdout, fail_msg: "{{ ours }} is not {{ theirs.stdout }}" }
      vars:
        ours: >-
          {{ st.stat.inode }} {{ st.stat.nlink }} {{ st.stat.size }} {{ st.stat.mode | regex_replace('^0', '') }}
          {{ st.stat.mtime | int }} {{ st.stat.ctime | int }}`,
  ];
  const file = join(folder, "play.yml");
  writeFileSync(
    file,
    `- hosts: localhost\n  gather_facts: false\n  tasks:\n${lines.map((line) => `    - ${line.replaceAll("F/", `${folder}/`)}\n`).join("")}`,
  );
  const { code, said } = await call("apply", file, "--yes");
  expect([code, said]).toEqual([0, expect.stringContaining('"inode": ')]);
});
