import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { call } from "./call.ts";

const HOSTS = "all:\n  hosts: {one: , two: , localhost: }\n  vars: {ansible_connection: local}\n";

// Puts files into a folder, and plans or applies its site.yml for hosts that are all this machine, which one run at a time may change; OUT stands for the folder.
async function run(
  verb: "plan" | "apply",
  files: Record<string, string>,
  limit = "one",
): Promise<{ code: number; said: string; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-mistakes-"));
  for (const [name, text] of Object.entries({ "hosts.yml": HOSTS, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.replaceAll("OUT", folder));
  }
  const { code, said } = await call(
    verb,
    join(folder, "site.yml"),
    "-i",
    join(folder, "hosts.yml"),
    "-l",
    limit,
    "--forks",
    "1",
    ...(verb === "apply" ? ["--yes"] : []),
  );
  return { code, said: said.replaceAll(`${folder}/`, ""), folder };
}

const FIRST =
  '- hosts: all\n  tasks:\n    - copy: {content: hello, dest: "OUT/{{ inventory_hostname }}"}\n';

test("a file that is missing by what a fact says is refused before the host is changed", async () => {
  const { code, said, folder } = await run("apply", {
    "site.yml": `${FIRST}    - copy: {src: nothere, dest: OUT/b}\n      when: ansible_system == 'Linux'\n`,
  });
  expect(said).toContain(
    'could not find "nothere" on the controller (task "copy", host one)\n  at site.yml:4:19',
  );
  expect(code).toBe(1);
  expect(existsSync(join(folder, "one"))).toBe(false);
});

test("a mistake that is one host's alone leaves that host as it is, and the others are done", async () => {
  const { code, said, folder } = await run(
    "apply",
    {
      "site.yml": `${FIRST}    - debug: {msg: "{{ nope }}"}\n      when: ansible_system == 'Linux' and inventory_hostname == 'one'\n`,
    },
    "one,two",
  );
  expect(said).toMatch(
    /x debug: 'nope' is undefined\n +at site.yml:4:24\n +hint: nothing sets it: .*; nothing was done on this host/,
  );
  expect(code).toBe(2);
  expect([existsSync(join(folder, "one")), existsSync(join(folder, "two"))]).toEqual([false, true]);
});

test("what would be wrong with a task is no mistake while nobody knows whether its condition holds", async () => {
  const task = (text: string): string => `    - ${text}\n      when: said.stdout == 'no'\n`;
  const tasks = [
    task("copy: {src: nothere, dest: OUT/b}"),
    task("template: {src: wrong.j2, dest: OUT/b}"),
    task('debug: {msg: "{{ nope | default(said.stdout) }}"}'),
  ].join("");
  const { code } = await run("apply", {
    "templates/wrong.j2": "{{ 1 +",
    "site.yml": `${FIRST}    - command: echo yes\n      register: said\n${tasks}`,
  });
  expect(code).toBe(0);
});

test.each([
  ["by its path", "copy: {content: made, dest: OUT/files/made}"],
  ["by a command", "shell: mkdir -p OUT/files && echo made > OUT/files/made"],
])(
  "a file that a play before makes on this machine, %s, is known after apply",
  async (_how, task) => {
    const site = `- hosts: localhost\n  tasks:\n    - file: {path: OUT/files, state: directory}\n    - ${task}\n- hosts: one\n  tasks:\n    - copy: {src: made, dest: OUT/brought}\n`;
    const planned = await run("plan", { "site.yml": site }, "all");
    expect(planned.said).toMatch(/copy \S*brought: known after apply/);
    const { code, folder } = await run("apply", { "site.yml": site }, "all");
    expect(code).toBe(0);
    expect(readFileSync(join(folder, "brought"), "utf8").trim()).toBe("made");
  },
);

test("a file that another host's play fetches is waited for, also by a lookup", async () => {
  const use =
    "- hosts: two\n  tasks:\n    - copy: {src: OUT/got, dest: OUT/given}\n    - debug: {msg: \"has {{ lookup('file', 'OUT/got') }}\"}\n";
  const { code, said } = await run(
    "apply",
    {
      "site.yml": `${FIRST.replace("all", "one")}    - fetch: {src: OUT/one, dest: OUT/got, flat: true}\n${use}`,
    },
    "one,two",
  );
  expect(said).toContain("has hello");
  expect(code).toBe(0);
});

test("a mistake that facts of an earlier run would make is none", async () => {
  const files = {
    "site.yml": `${FIRST}    - debug: {msg: "{{ 'fine' if ansible_system == 'Linux' else nope }}"}\n`,
  };
  await run("apply", files);
  expect((await run("apply", files)).code).toBe(0);
});

test("a password that a lookup makes is one for all hosts, and apply writes it once", async () => {
  const site =
    "- hosts: all\n  gather_facts: false\n  tasks:\n    - copy: {content: \"{{ lookup('password', 'OUT/secret') }}\", dest: \"OUT/{{ inventory_hostname }}\"}\n";
  const { code, folder } = await run("apply", { "site.yml": site }, "one,two");
  expect(code).toBe(0);
  const [secret, ...copies] = ["secret", "one", "two"].map((name) =>
    readFileSync(join(folder, name), "utf8").trim(),
  );
  expect(copies).toEqual([secret, secret]);
});
