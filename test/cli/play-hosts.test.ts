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

const INVENTORY = `
[control]
h1 ansible_connection=local role=first
h2 ansible_connection=local role=second
[other]
h3 ansible_connection=local role=first
`;

// Plans a play that prints its hosts, or what `shown` says.
async function plan(
  hosts: string,
  shown: string,
  {
    inventory = INVENTORY,
    words = [],
    keywords = "",
  }: { inventory?: string; words?: string[]; keywords?: string } = {},
): Promise<string> {
  writeFileSync(join(folder, "hosts.ini"), inventory);
  writeFileSync(join(folder, "names.yml"), "wanted: h2\n");
  writeFileSync(
    join(folder, "play.yml"),
    `- hosts: ${hosts}\n  gather_facts: false\n${keywords}  tasks: [{ debug: { msg: "${shown}" } }]\n`,
  );
  const { said } = await call(
    "plan",
    join(folder, "play.yml"),
    "-i",
    join(folder, "hosts.ini"),
    ...words,
  );
  return said;
}

test.each([
  ["\"{{ groups['control'][0] }}\"", "['h1']"],
  ["\"{{ groups['control'][1:] }}\"", "['h2']"],
  ['"{{ groups.control | first }}"', "['h1']"],
  ['"{{ groups.all | difference(groups.control) }}"', "['h3']"],
  ["[\"{{ groups['control'][0] }}\", h3]", "['h1', 'h3']"],
  ["\"{{ groups['all'] | select('match', 'h[12]') | list }}\"", "['h1', 'h2']"],
  [
    "\"{{ groups['all'] | map('extract', hostvars) | selectattr('role', 'equalto', 'first') | map(attribute='inventory_hostname') | list }}\"",
    "['h1', 'h3']",
  ],
  ["\"{{ hostvars.h3.role | ternary('other', '') }}\"", "['h3']"],
])("hosts: %s are %s", async (hosts, names) => {
  expect(await plan(hosts, "END {{ ansible_play_hosts | string }}")).toContain(`END ${names}`);
});

test("variables of vars_files are known where a play's hosts are worked out", async () => {
  expect(
    await plan('"{{ wanted }}"', "END {{ inventory_hostname }}", {
      keywords: "  vars_files: [names.yml]\n",
    }),
  ).toContain("END h2");
});

const NAMES = [
  "ansible_host",
  "ansible_ssh_host",
  "ansible_user",
  "ansible_ssh_user",
  "ansible_port",
  "ansible_ssh_port",
  "ansible_connection",
];
const TOLD = `END ${NAMES.map((name) => `{{ ${name} | default('-') }}`).join(" ")}`;

test.each([
  ["what the host is called", "h ansible_connection=local", [], "", "h h - - - - local"],
  [
    "what the inventory says, under both names",
    "h ansible_connection=local ansible_host=192.0.2.7 ansible_ssh_user=bob ansible_port=22",
    [],
    "",
    "192.0.2.7 192.0.2.7 bob bob 22 22 local",
  ],
  ["-u", "h ansible_connection=local", ["-u", "bob"], "", "h h bob bob - - local"],
  [
    "remote_user of the play",
    "h ansible_connection=local",
    ["-u", "bob"],
    "  remote_user: carl\n",
    "h h carl carl - - local",
  ],
  ["connection of the play", "h", [], "  connection: local\n", "h h - - - - local"],
])("tasks see of their connection %s", async (_what, inventory, words, keywords, told) => {
  expect(await plan("all", TOLD, { inventory: `${inventory}\n`, words, keywords })).toContain(
    `END ${told}`,
  );
});

test("hostvars has of it what the inventory says alone", async () => {
  const shown =
    "END {{ hostvars.h1.ansible_host | default('-') }} {{ hostvars.h2.ansible_host | default('-') }}";
  expect(
    await plan("h1", shown, {
      inventory:
        "h1 ansible_connection=local\nh2 ansible_connection=local ansible_host=192.0.2.7\n",
    }),
  ).toContain("END - 192.0.2.7");
});

/** Of a host that nobody can reach over ssh: what is done on this machine does without it. */
test.each([
  ["a task", "", "{ connection: local, command: echo hello"],
  ["a block", "", "{ connection: local, block: [{ command: echo hello", "] }"],
  ["variables of a task", "", "{ vars: { ansible_connection: local }, command: echo hello"],
  [
    "a play behind another",
    "- { hosts: all, gather_facts: false, tasks: [] }\n",
    "{ connection: local, command: echo hello",
  ],
])("%s may be done on this machine for a host elsewhere", async (_what, before, task, end = "") => {
  writeFileSync(join(folder, "hosts.ini"), "h1 ansible_port=1 ansible_host=127.0.0.1\n");
  const tasks = `${task}, changed_when: false, register: r }${end}, { debug: { msg: "END {{ r.stdout }}" } }`;
  writeFileSync(
    join(folder, "play.yml"),
    `${before}- { hosts: all, gather_facts: false, tasks: [${tasks}] }\n`,
  );
  const { code, said } = await call(
    "plan",
    join(folder, "play.yml"),
    "-i",
    join(folder, "hosts.ini"),
  );
  expect([code, said]).toEqual([0, expect.stringContaining("END hello")]);
});
