import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { booksOf, strike } from "./target.ts";

// A directory with the target `t` that has these files.
function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "hullwright-target-"));
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, "t", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

const PLAY = "- hosts: all\n";

test.each<[string, Record<string, string>, [name: string, files: string[]][]]>([
  [
    "playbooks, and nothing that is none",
    {
      "b.yml": PLAY,
      "a.yml": "- import_playbook: b.yml\n",
      "vars.yml": "x: 1\n",
      "broken.yml": "a: [\n",
      "tasks.yml": "- debug:\n",
    },
    [
      ["a.yml", ["t/a.yml"]],
      ["b.yml", ["t/b.yml"]],
    ],
  ],
  [
    "molecule's scenarios",
    {
      "molecule/default/converge.yml": PLAY,
      "molecule/default/prepare.yml": PLAY,
      "molecule/x/playbook.yml": PLAY,
      "tasks/main.yml": "",
    },
    [
      ["molecule/default", ["t/molecule/default/prepare.yml", "t/molecule/default/converge.yml"]],
      ["molecule/x", ["t/molecule/x/playbook.yml"]],
    ],
  ],
  ["an integration target, or a role", { "tasks/main.yml": "" }, [["role t", ["role-t.yml"]]]],
  [
    "a directory of roles",
    { "roles/a/tasks/main.yaml": "", "roles/b/tasks/main.yml": "", "roles/none/files/x": "" },
    [
      ["role a", ["role-a.yml"]],
      ["role b", ["role-b.yml"]],
    ],
  ],
  ["nothing", { "README.md": "" }, []],
])("what is run of %s", (_what, files, wanted) => {
  const root = tree(files);
  const books = booksOf(root, "t");
  expect(books.map((book) => [book.name, book.files])).toEqual(wanted);
  for (const [name, [file]] of wanted)
    if (name.startsWith("role "))
      expect(readFileSync(join(root, file!), "utf8")).toContain(`"${name.slice(5)}"`);
});

const TASKS = `- name: one
  copy:
    src: a

- name: block
  block:
    - name: two
      loop:
        - name: x
          state: y
      pip:
        name: "{{ item }}"
  when: true
- three.four.five: {a: b}
- community.docker.docker_image: {a: b}
- include_tasks: x.yml
`;

test.each<[line: number, of: string, begins: number | undefined]>([
  [1, "a task's first line", 1],
  [3, "its parameter", 1],
  [9, "an item of a loop", 7],
  [11, "a parameter behind a loop", 7],
  [6, "a block, which is no task", undefined],
  [16, "an include", 16],
  [15, "a task of a foreign module", 15],
])("line %i, %s, takes out the task that begins at line %s", (line, _of, begins) => {
  const done = strike(TASKS, line);
  expect(done?.line).toBe(begins);
  if (!done) return;
  expect(done.text.split("\n")).toHaveLength(TASKS.split("\n").length);
  expect(done.text.split("\n")[begins! - 1]).toMatch(/^ *- meta: noop$/);
});

const FLOW = `- hosts: all
  tasks:
    - { name: one, pip: { name: "}]", extra: 'it''s }' }, loop: [{ pip: x }] }
    - block:
        - { name: "two",
            pip: { name: x },
            when: x }
      rescue: [{ debug: { msg: three } }, { pip: { name: four } }]
    - { name: a block, block: [{ debug: { msg: five } },
        { pip: { name: six } }] }
    - debug:
        msg: { pip: seven }
`;

test.each<[line: number, of: string, begins: number, inPlace: string]>([
  [3, "a task of one line", 3, "    - { meta: noop }"],
  [6, "the middle of a task of three", 5, "        - { meta: noop }"],
  [8, "the last of two", 8, "      rescue: [{ debug: { msg: three } }, { meta: noop }]"],
  [10, "a task of a block", 10, "        { meta: noop }] }"],
  [9, "the task before it", 9, "    - { name: a block, block: [{ meta: noop },"],
  [12, "a parameter of a task without braces", 11, "    - meta: noop"],
])("in braces, line %i, %s, takes out the task of line %s", (line, _of, begins, inPlace) => {
  const done = strike(FLOW, line);
  expect(done?.line).toBe(begins);
  const lines = done!.text.split("\n");
  expect(lines[begins - 1]).toBe(inPlace);
  expect(lines).toHaveLength(FLOW.split("\n").length);
});
