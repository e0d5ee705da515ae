import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { call } from "./call.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
  writeFileSync(
    join(folder, "hosts.ini"),
    "[all]\nh1 role=web\nh2\nh3\n[all:vars]\nansible_connection=local\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// Runs a play on h1 with these tasks, then one that leaves a file for each of its hosts. Answers what is said, and the files.
async function run(
  command: "plan" | "apply" | "saved",
  { tasks, hosts, then = "" }: { tasks: string; hosts: string; then?: string },
): Promise<{ said: string; files: string[] }> {
  const file = join(folder, "play.yml");
  const inventory = ["-i", join(folder, "hosts.ini")];
  writeFileSync(
    file,
    `- hosts: h1\n  gather_facts: false\n  tasks:\n${tasks}\n` +
      `- name: late\n  hosts: "${hosts}"\n  gather_facts: false\n  tasks:\n` +
      `    - copy: { content: "{{ ansible_play_hosts | join(' ') }}", dest: "${folder}/of-{{ inventory_hostname }}" }\n` +
      then,
  );
  const answers: { said: string }[] = [];
  if (command === "plan") answers.push(await call("plan", file, ...inventory));
  if (command === "apply") answers.push(await call("apply", file, ...inventory, "--yes"));
  if (command === "saved") {
    answers.push(await call("plan", file, ...inventory, "-o", join(folder, "saved")));
    answers.push(await call("apply", join(folder, "saved"), "--yes"));
  }
  const files = readdirSync(folder).filter((name) => name.startsWith("of-"));
  return { said: answers.map(({ said }) => said).join("\n"), files };
}

const FACT = "    - set_fact: { targets: [h3, h2], one: h2 }";
const COMMAND = `    - { command: "echo h3", register: c }
    - set_fact: { targets: "{{ c.stdout_lines }}" }`;

test.each([
  ["a fact that is a list", FACT, "{{ hostvars['h1'].targets }}", ["of-h2", "of-h3"]],
  ["a fact that is a name", FACT, "{{ hostvars.h1.one }}", ["of-h2"]],
  ["a pattern of facts", FACT, "all:!{{ hostvars.h1.one }}", ["of-h1", "of-h3"]],
  [
    "a fact with a default",
    FACT,
    "{{ hostvars.h1.targets | default([]) | reject('equalto', 'h2') | list }}",
    ["of-h3"],
  ],
  ["no host", FACT, "{{ hostvars.h1.targets | select('equalto', 'h9') | list }}", []],
  ["what a command prints", COMMAND, "{{ hostvars.h1.targets }}", ["of-h3"]],
  ["a result", COMMAND, "{{ hostvars.h1.c.stdout }}", ["of-h3"]],
  [
    "what the hosts are asked for",
    "    - setup:",
    "{{ groups.all | select('in', [hostvars.h1.ansible_system | replace('Linux', 'h2')]) | list }}",
    ["of-h2"],
  ],
])("hosts by %s", async (_what, tasks, hosts, files) => {
  expect((await run("apply", { tasks, hosts })).files).toEqual(files);
});

test("what facts choose is planned", async () => {
  const { said } = await run("plan", { tasks: FACT, hosts: "{{ hostvars.h1.targets }}" });
  expect(said).toContain(`${folder}/of-h3`);
  expect(said).not.toContain("known after apply");
});

test("hosts that are not known before apply are said to be so, and done all the same", async () => {
  const what = { tasks: COMMAND, hosts: "{{ hostvars.h1.targets }}" };
  const { said } = await run("plan", what);
  expect(said).toContain(
    'the hosts of the play "late" are known after apply: they depend on what command prints',
  );
  expect(said).not.toContain("no host matches");
  const saved = await run("saved", what);
  expect(saved.said).toContain("0 failed");
  expect(saved.files).toEqual(["of-h3"]);
});

test("a play behind it sees all that was done before", async () => {
  const then = `- hosts: "{{ hostvars.h1.targets[:1] }}"
  gather_facts: false
  tasks: [{ copy: { src: "${folder}/of-h3", remote_src: true, dest: "${folder}/copy" } }]\n`;
  await run("apply", { tasks: COMMAND, hosts: "{{ hostvars.h1.targets }}", then });
  expect(readFileSync(join(folder, "copy"), "utf8")).toBe("h3");
});

test("a fact that nothing sets is refused before anything is done", async () => {
  const tasks = `    - copy: { content: a, dest: "${folder}/of-h1" }`;
  const { said, files } = await run("apply", { tasks, hosts: "{{ hostvars.h1.never }}" });
  expect(said).toContain("'dict object' has no attribute 'never'");
  expect(said).toContain("play.yml:6:26");
  expect(files).toEqual([]);
});
