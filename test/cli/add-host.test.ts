import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { call } from "./call.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What add_host is given one after another, and whether Ansible says that it changed something. */
const STEPS: [args: object, changed: boolean][] = [
  [{ name: "new", groups: "g", x: 1 }, true],
  [{ name: "new", groups: "g", x: 1 }, false],
  [{ name: "new", groups: "g" }, false],
  [{ name: "new", groups: "g", x: 2 }, true],
  [{ name: "new", groups: "g", x: 2, y: [1] }, true],
  [{ name: "new", groups: "g", x: 2, y: [1] }, false],
  [{ name: "new", groups: ["g", "h"], y: [1] }, true],
];

test("add_host is a change where a host, a group or a variable is new, as in Ansible", async () => {
  const file = join(folder, "play.yml");
  const tasks = [
    ...STEPS.map(([args], i) => ({ add_host: args, register: `r${i}` })),
    { debug: { msg: `{{ [${STEPS.map((_step, i) => `r${i}.changed`).join(", ")}] | to_json }}` } },
  ];
  writeFileSync(file, JSON.stringify([{ hosts: "localhost", gather_facts: false, tasks }]));
  const { said } = await call("plan", file);
  expect(said).toContain(JSON.stringify(STEPS.map(([, changed]) => changed)).replaceAll(",", ", "));
});

/** Values that add_host hands on, and what a template that prints them has: text stays text. */
const GIVEN: [value: string, printed: string][] = [
  ["{{ r.stdout }}", "{{ 1 + 1 }}"],
  ["{{ [r.stdout] }}", "['{{ 1 + 1 }}']"],
  ["{{ {'k': r.stdout} }}", "{'k': '{{ 1 + 1 }}'}"],
  ["{{ 1.0 }}", "1.0"],
];

test("what a command printed is no template when add_host hands it on", async () => {
  const printsBraces = `- shell: !unsafe "printf %s '{{ 1 + 1 }}'"`;
  const said = await planned(`${printsBraces}
      changed_when: false
      register: r
    - add_host: {name: new, ${GIVEN.map(([value], i) => `v${i}: "${value}"`).join(", ")}}
    - debug: {msg: "${GIVEN.map((_case, i) => `{{ hostvars.new.v${i} }}`).join("|")}"}`);
  expect(said).toContain(GIVEN.map(([, printed]) => printed).join("|"));
});

test("what add_host hands on before it is known is not known to others either", async () => {
  const said = await planned(`- {command: echo made, register: r}
    - {add_host: {name: new, token: "{{ r.stdout }}", all: ["{{ r.stdout }}"]}}
    - {name: of one, copy: {dest: /tmp/token, content: "{{ hostvars.new.token }}"}}
    - {name: in a list, copy: {dest: /tmp/token, content: "{{ hostvars.new.all[0] }}"}}`);
  expect(said).toContain("? of one: known after apply, it needs what command prints");
  expect(said).toContain("? in a list: known after apply, it needs what command prints");
});

test("hosts that only apply shows make a plan inexact, and their login is asked for then", async () => {
  const said = await planned(`- {command: echo made, register: r}
    - {name: who, add_host: {name: "{{ r.stdout }}"}}
    - {name: where, add_host: {name: new, groups: "{{ r.stdout }}"}}
    - {name: of a kind, group_by: {key: "{{ r.stdout }}"}}
    - add_host: {name: new, ansible_connection: "{{ r.stdout }}", ansible_port: "{{ r.stdout }}"}
- hosts: new
  gather_facts: false
  tasks:
    - {name: there, copy: {dest: /tmp/token, content: made}}`);
  for (const task of ["who", "where", "of a kind", "there"])
    expect(said).toContain(`? ${task}: known after apply, it needs what command prints`);
  expect(said).toContain("Lines that begin with ? are not exact.");
});

// What a plan of tasks on this machine says.
async function planned(tasks: string): Promise<string> {
  const file = join(folder, "play.yml");
  const play = `- hosts: localhost\n  gather_facts: false\n  tasks:\n    ${tasks}\n`;
  writeFileSync(file, play);
  return (await call("plan", file)).said;
}
