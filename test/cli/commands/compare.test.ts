import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { has, skipReason } from "../../requires.ts";
import { call } from "../call.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-compare-test-"));
const write = (name: string, text: string): string => {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const compare = async (playbook: string, ...words: string[]): ReturnType<typeof call> =>
  call(
    "compare",
    playbook,
    "-i",
    "h1,h2,",
    "-c",
    "local",
    "-e",
    `d=${join(folder, "d")}/{{ inventory_hostname }}`,
    ...words,
  );

write("roles/r/tasks/main.yml", "- name: in a role\n  copy: {content: r, dest: '{{ d }}/r'}\n");
const same = write(
  "same.yml",
  `- hosts: all
  gather_facts: false
  tasks:
    - name: look
      command: echo hello
      changed_when: false
      register: look
    - {name: seen, debug: {msg: "{{ look.stdout }}"}}
    - {name: folder, file: {path: "{{ d }}", state: directory}}
    - {name: fails, fail: {msg: no}}
    - name: items
      debug: {msg: "{{ item }}"}
      loop: [a, b]
      when: item == "a"
    - include_role: {name: r}
    - block: [{name: broken, fail: {msg: x}}]
      rescue: [{name: rescued, debug: {msg: y}}]
`,
);
const otherwise = write(
  "otherwise.yml",
  `- hosts: all
  gather_facts: false
  tasks:
    - name: there is no such program
      command: /no/such/program
      changed_when: false
      failed_when: false
      register: gone
    - {name: foreign, async_status: {jid: "1"}, when: there is undefined}
    - {name: foreign for all, debconf: {name: "{{ d }}"}}
    - {name: command, command: 'touch {{ d }}'}
    - {name: certain, debug: {msg: m}, changed_when: "''"}
    - {name: behind, debug: {msg: "{{ 1 | bool }}"}}
    - name: differs
      debug: {msg: m}
      when: five is number
      vars: {five: "{{ 5 }}"}
`,
);

afterEach(() => vi.unstubAllEnvs());

test("without Ansible it says what it needs", async () => {
  vi.stubEnv("PATH", join(folder, "nowhere"));
  const { code, said } = await compare(same);
  expect(code).toBe(1);
  expect(said).toMatch(/there is no ansible-playbook on the PATH\n {2}hint: install ansible-core/);
});

describe.skipIf(!has("ansible-playbook"))(
  `with Ansible beside${skipReason("ansible-playbook")}`,
  { timeout: 60_000 },
  () => {
    test("a playbook that both do alike, whatever fails in it, and nothing is changed", async () => {
      const { code, said } = await compare(same, "-v");
      expect(said).toContain("18 tasks on 2 hosts: 18 same, 0 different");
      expect(said).toMatch(/ {2}folder\n {4}at .*same.yml:9\n {4}both: changed\n {4}on h1, h2/);
      expect(code).toBe(0);
      expect(readdirSync(folder)).not.toContain("d");
    });

    test("what is otherwise, by task", async () => {
      const { code, said } = await compare(otherwise, "--format", "json", "-l", "h1");
      const told = JSON.parse(said) as {
        tasks: { task: string; likeness: string }[];
      };
      expect(told.tasks.map(({ task, likeness }) => `${task}: ${likeness}`)).toEqual([
        "there is no such program: same",
        "foreign: refused",
        "foreign for all: refused",
        "command: untold",
        "certain: same",
        "behind: same",
        "differs: different",
      ]);
      expect(code).toBe(2);
    });

    test("what Ansible does not read is told in its words", async () => {
      const file = write(
        "theirs.yml",
        "- hosts: all\n  tasks: [{name: t, ctr_image: {name: x}}]\n",
      );
      const { code, said } = await compare(file);
      expect(said).toMatch(/error: Ansible does not run this playbook: couldn't resolve module/);
      expect(code).toBe(1);
    });
  },
);
