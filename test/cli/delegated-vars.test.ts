import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
one x=1
two x=2 ansible_host=127.0.0.2
[all:vars]
ansible_connection=local
`;

// As ansible-core 2.14 prints them.
test.each([
  ["the host that the task goes to", "{{ ansible_delegated_vars | list }}", "two", "['two']"],
  ["its variables", "{{ ansible_delegated_vars.two.x }}", "two", "2"],
  ["its address", "{{ ansible_delegated_vars['two'].ansible_host }}", "two", "127.0.0.2"],
  ["an address that nothing gives", "{{ ansible_delegated_vars.one.ansible_host }}", "one", "one"],
  [
    "a port that nothing gives",
    "{{ ansible_delegated_vars.two.ansible_port is none }}",
    "two",
    "True",
  ],
  ["whose task it is", "{{ ansible_delegated_vars.two.inventory_hostname }}", "two", "one"],
  ["what a task made known", "{{ ansible_delegated_vars.two.made }}", "two", "made"],
  ["what the task says", "{{ ansible_delegated_vars.two.own }}", "two", "own"],
  ["a host of no inventory", "{{ ansible_delegated_vars.three.ansible_host }}", "three", "three"],
  ["items of a loop", "{{ ansible_delegated_vars[item].x }}", "{{ item }}", "2"],
  [
    "the hosts of all items of a loop",
    "{{ ansible_delegated_vars | list | sort }}",
    "{{ item }}",
    "['one', 'two']",
  ],
  ["a task that is not delegated", "{{ ansible_delegated_vars is defined }}", "", "False"],
])("%s", async (_what, msg, to, printed) => {
  writeFileSync(join(folder, "hosts.ini"), INVENTORY);
  writeFileSync(
    join(folder, "play.yml"),
    `- hosts: two
  gather_facts: false
  tasks: [{ set_fact: { made: made } }]
- hosts: one
  gather_facts: false
  tasks:
    - debug: { msg: "END ${msg} END" }
      vars: { own: own }
${to === "" ? "" : `      delegate_to: "${to}"`}
${to.includes("item") ? "      loop: [one, two]" : ""}
`,
  );
  const { said } = await call("plan", join(folder, "play.yml"), "-i", join(folder, "hosts.ini"));
  expect(said).toContain(`END ${printed} END`);
});

// As ansible-core 2.14 prints them.
test.each([
  ["to one host", "two", "no", "2-1-start"],
  ["to each host", "{{ ['one', 'two'][item - 1] }}", "1-start", "2-1-start"],
])("facts that items of a loop send %s are seen by the next items", async (_what, to, own, two) => {
  writeFileSync(join(folder, "hosts.ini"), INVENTORY);
  writeFileSync(
    join(folder, "play.yml"),
    `- hosts: one
  gather_facts: false
  tasks:
    - set_fact: { made: "{{ item }}-{{ made | default('start') }}" }
      delegate_to: "${to}"
      delegate_facts: true
      loop: [1, 2]
    - debug: { msg: "END {{ made | default('no') }} {{ hostvars.two.made }} END" }
`,
  );
  const { said } = await call("plan", join(folder, "play.yml"), "-i", join(folder, "hosts.ini"));
  expect(said).toContain(`END ${own} ${two} END`);
});

test.each([
  ["another host", "two"],
  ["none, as it is omitted", "{{ omit }}"],
])("keywords of a task that is delegated see its own variables: %s", async (_what, to) => {
  writeFileSync(join(folder, "hosts.ini"), INVENTORY);
  writeFileSync(
    join(folder, "site.yml"),
    `- hosts: one
  gather_facts: false
  tasks:
    - include_role: { name: r }
`,
  );
  mkdirSync(join(folder, "roles/r/tasks"), { recursive: true });
  mkdirSync(join(folder, "roles/r/defaults"));
  writeFileSync(join(folder, "roles/r/defaults/main.yml"), "rights: false\nwho: nobody\n");
  writeFileSync(
    join(folder, "roles/r/tasks/main.yml"),
    `- command: "true"
  changed_when: false
  become: "{{ rights }}"
  become_user: "{{ who }}"
  delegate_to: "${to}"
`,
  );
  const { code, said } = await call(
    "plan",
    join(folder, "site.yml"),
    "-i",
    join(folder, "hosts.ini"),
  );
  expect(said).toContain("Nothing to do");
  expect(code).toBe(0);
});
