import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./call.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-tags-"));
  for (const role of ["inner", "outer"])
    mkdirSync(join(folder, `roles/${role}/tasks`), { recursive: true });
  writeFileSync(
    join(folder, "roles/outer/tasks/main.yml"),
    "- {include_role: {name: inner}, tags: always}\n",
  );
  writeFileSync(
    join(folder, "roles/inner/tasks/main.yml"),
    `- {debug: {msg: "<of the parent>"}, tags: ["{{ ansible_parent_role_names | first }}_part"]}\n`,
  );
  writeFileSync(
    join(folder, "play.yml"),
    `- hosts: localhost
  gather_facts: false
  vars: { one: web, many: [db, "cache"], gone: never }
  tasks:
    - { debug: { msg: "<one>" }, tags: "{{ one }}" }
    - { debug: { msg: "<many>" }, tags: ["{{ many }}", plain] }
    - { debug: { msg: "<made>" }, tags: ["{{ one | replace('w', 'x') }}_{{ many | first }}"] }
    - { debug: { msg: "<both>" }, tags: "{{ one }},extra" }
    - { debug: { msg: "<gone>" }, tags: ["{{ gone }}"] }
    - tags: "{{ many | last }}"
      block: [{ debug: { msg: "<inside>" } }]
    - { include_tasks: more.yml, tags: "{{ one }}" }
    - { include_role: { name: outer }, tags: always }
`,
  );
  writeFileSync(join(folder, "more.yml"), `- {debug: {msg: "<more>"}, tags: always}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What of the playbook is done with some flags, as ansible-core 2.14 does it. */
const cases: [flags: string[], done: string[]][] = [
  [[], ["one", "many", "made", "both", "inside", "more", "of the parent"]],
  [
    ["--tags", "web"],
    ["one", "both", "more"],
  ],
  [["--tags", "db"], ["many"]],
  [
    ["--tags", "cache"],
    ["many", "inside"],
  ],
  [["--tags", "xeb_db"], ["made"]],
  [["--tags", "extra"], ["both"]],
  [["--tags", "never"], ["gone"]],
  [["--tags", "outer_part"], ["of the parent"]],
  [
    ["--skip-tags", "web,db"],
    ["made", "inside", "of the parent"],
  ],
];

test.each(cases)("%j", async (flags, done) => {
  const { said } = await call("plan", join(folder, "play.yml"), ...flags);
  expect([...said.matchAll(/<([^>]+)>/g)].map(([, word]) => word)).toEqual(done);
});

test.each([
  ["{{ nowhere }}", "'nowhere' is undefined"],
  ["{{ r.stdout }}", "is not known before apply"],
])("a tag %s is refused", async (tag, says) => {
  const file = join(folder, "wrong.yml");
  writeFileSync(
    file,
    `- hosts: localhost
  gather_facts: false
  tasks:
    - { command: hostname, register: r }
    - { debug: { msg: x }, tags: ["${tag}"] }
`,
  );
  const { said } = await call("plan", file);
  expect(said).toContain(says);
  expect(said).toContain("wrong.yml:5");
});

test.each<[flags: string[], wanted: string[]]>([
  [["--list-tags", "--skip-tags", "always"], ["  tags: cache, db, extra, plain, web, xeb_db"]],
  [["--list-tasks", "--tags", "db"], ["  debug  [db, cache, plain]"]],
  [["--list-tasks", "--skip-tags", "always,never,web,db,xeb_db"], ["  debug  [cache]"]],
])("%j lists tags as the run has them", async (flags, wanted) => {
  const { said } = await call("plan", join(folder, "play.yml"), ...flags);
  expect(said.split("\n").filter((line) => line.startsWith("  "))).toEqual(wanted);
});

test("the title of a play is listed as the run shows it, and what is not known as it is written", async () => {
  const file = join(folder, "title.yml");
  writeFileSync(
    file,
    `- name: "{{ a }} first"
  hosts: localhost
  vars: { a: the }
  tasks: [{ debug: , tags: "{{ nowhere }}" }]
- { name: "{{ nowhere }}", hosts: localhost }
`,
  );
  const { said } = await call("plan", file, "--list-tasks");
  expect(said).toContain(
    "play 1: the first (1 host)\n  debug  [{{ nowhere }}]\nplay 2: {{ nowhere }} (1 host)\n",
  );
});
