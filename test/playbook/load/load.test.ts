import { expect, test } from "vitest";
import { describeInputError, InputError } from "../../../src/errors.ts";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";
import type { Play } from "../../../src/playbook/play.ts";
import { toValue } from "../../../src/yaml/data.ts";

/** A playbook that is wrong, and what is said of it: place, message, mend. */
interface Wrong {
  name: string;
  text: string;
  place: string;
  says: RegExp;
  hint?: RegExp;
}

const play = (tasks: string): string => `- hosts: all\n  tasks:\n${tasks}`;

const wrong: Wrong[] = [
  { name: "empty file", text: "", place: "1:1", says: /empty/, hint: /list of plays/ },
  {
    name: "a mapping instead of plays",
    text: "hosts: all\ntasks: []\n",
    place: "1:1",
    says: /list of plays/,
    hint: /dash/,
  },
  {
    name: "no hosts",
    text: "- name: x\n  tasks: []\n",
    place: "1:3",
    says: /this play has no hosts/,
    hint: /hosts: all/,
  },
  {
    name: "keyword of a play misspelt",
    text: "- hosts: all\n  taks: []\n",
    place: "2:3",
    says: /unknown keyword "taks" in a play/,
    hint: /"(tasks|tags)"/,
  },
  {
    name: "keyword of a task misspelt",
    text: play("    - command: ls\n      whne: true\n"),
    place: "4:7",
    says: /"whne"/,
    hint: /"when"/,
  },
  {
    name: "module misspelt",
    text: play("    - comand: ls\n"),
    place: "3:7",
    says: /unknown module "comand"/,
    hint: /"command"/,
  },
  {
    name: "parameter misspelt",
    text: play("    - command: {cmd: ls, chidr: /}\n"),
    place: "3:26",
    says: /"command" has no parameter "chidr"/,
    hint: /"chdir"/,
  },
  {
    name: "wrong type of a parameter",
    text: play("    - set_fact: {a: 1}\n    - debug: {msg: a, verbosity: loud}\n"),
    place: "4:34",
    says: /whole number, but this is "loud"/,
  },
  {
    name: "two modules in one task",
    text: play("    - command: ls\n      shell: ls\n"),
    place: "4:7",
    says: /two modules, "command" and "shell"/,
    hint: /two tasks/,
  },
  {
    name: "no module",
    text: play("    - name: nothing\n      when: true\n"),
    place: "3:7",
    says: /names no module/,
  },
  {
    name: "a task that is text",
    text: play("    - command ls\n"),
    place: "3:7",
    says: /a task is a mapping/,
  },
  {
    name: "tasks that are a mapping",
    text: "- hosts: all\n  tasks:\n    command: ls\n",
    place: "3:5",
    says: /"tasks" takes a list of tasks/,
  },
  {
    name: "a missing required parameter",
    text: play("    - assert: {fail_msg: no}\n"),
    place: "3:7",
    says: /"assert" needs the parameter "that"/,
  },
  {
    name: "two that exclude each other",
    text: play("    - command: {cmd: ls, argv: [ls]}\n"),
    place: "3:26",
    says: /only one of "cmd" and "argv"/,
  },
  {
    name: "neither of two of which one is needed",
    text: play("    - command: {chdir: /}\n"),
    place: "3:7",
    says: /needs one of "cmd", "argv"/,
  },
  {
    name: "a handler that does not exist",
    text: "- hosts: all\n  tasks:\n    - command: ls\n      notify: restart\n  handlers:\n    - name: restrat\n      command: ls\n",
    place: "4:15",
    says: /no handler of this play is named "restart"/,
    hint: /"restrat"/,
  },
  {
    name: "rescue without block",
    text: play("    - rescue: []\n"),
    place: "3:7",
    says: /belong to a "block"/,
  },
  {
    name: "a boolean that is none",
    text: play("    - command: ls\n      become: perhaps\n"),
    place: "4:15",
    says: /"become" takes true or false/,
  },
  {
    name: "a condition that is a mapping",
    text: play("    - command: ls\n      when: {a: b}\n"),
    place: "4:13",
    says: /"when" takes an expression/,
    hint: /text/,
  },
  {
    name: "async",
    text: play("    - command: ls\n      async: 10\n      poll: 0\n"),
    place: "5:13",
    says: /run in the background/,
    hint: /systemd unit/,
  },
  {
    name: "a choice that does not exist",
    text: play("    - meta: flush_handler\n"),
    place: "3:13",
    says: /cannot be "flush_handler"/,
    hint: /"flush_handlers"/,
  },
  {
    name: "a set of facts that does not exist",
    text: "- hosts: all\n  gather_subset: [hardwar]\n  tasks: []\n",
    place: "2:18",
    says: /no set of facts named "hardwar"/,
    hint: /"hardware"/,
  },
  {
    name: "a collection that is misspelt",
    text: "- hosts: all\n  collections: [ansible.posix, comunity.general]\n  tasks: []\n",
    place: "2:32",
    says: /collection "comunity.general"/,
    hint: /"community.general"/,
  },
  {
    name: "a topic with a template",
    text: '- hosts: all\n  tasks: []\n  handlers:\n    - {debug: , name: a, listen: "{{ x }}"}\n',
    place: "4:34",
    says: /listen takes no template/,
    hint: /notify/,
  },
  {
    name: "rescue among handlers",
    text: "- hosts: all\n  tasks: []\n  handlers:\n    - block: []\n      rescue: []\n",
    place: "5:15",
    says: /neither rescue nor always/,
  },
  {
    name: "a file of variables that is not there",
    text: "- hosts: all\n  vars_files: [none.yml]\n  tasks: []\n",
    place: "2:16",
    says: /no such variable file: none.yml/,
  },
  {
    name: "unquoted braces",
    text: play("    - debug:\n        msg: {{ x }}\n"),
    place: "4:14",
    says: /./,
    hint: /quote/,
  },
  {
    name: "an unknown filter, even in a task that never runs",
    text: play('    - debug: {msg: "{{ x | uper }}"}\n      when: false\n'),
    place: "3:28",
    says: /filter.*uper/,
    hint: /"upper"/,
  },
  {
    name: "an unknown test in a condition",
    text: play("    - command: ls\n      when: x is defind\n"),
    place: "4:18",
    says: /test.*defind/,
    hint: /"defined"/,
  },
  {
    name: "an expression that does not end",
    text: play("    - command: ls\n      when: x ==\n"),
    place: "4:17",
    says: /./,
  },
  { name: "a tab", text: "- hosts: all\n  tasks:\n\t- command: ls\n", place: "3:1", says: /tab/i },
  ...["3", "a=b", "[3]", "[{A: 1}, x]"].map((value) => ({
    name: `environment: ${value}`,
    text: play(`    - {ping: , environment: ${value}}\n`),
    place: "3:29",
    says: /^"environment" takes a mapping of names to values/,
  })),
  {
    name: "text for a module of key=value",
    text: play("    - set_fact: hello\n"),
    place: "3:17",
    says: /key=value/,
  },
];

test.each(wrong)("refuses $name", ({ text, place, says, hint }) => {
  const load = (): unknown =>
    loadPlaybook(text, "site.yml", { read: () => "", find: () => undefined });
  expect(load).toThrow(InputError);
  try {
    load();
  } catch (error) {
    const { place: at, message, hint: mend } = error as InputError;
    expect(`${at?.line}:${at?.column}`).toBe(place);
    expect(message).toMatch(says);
    if (hint) expect(mend).toMatch(hint);
    expect(describeInputError(error as InputError)).toContain(`site.yml:${place}`);
  }
});

test("reads key=value, free text, args and FQCN alike", () => {
  const text = play(
    "    - command: ls -l chdir=/tmp creates={{ x }}/y\n    - ansible.builtin.command:\n        cmd: ls -l\n      args: {chdir: /tmp}\n    - shell: echo a=b\n    - include_vars: file=a.yml name=b\n",
  );
  const { plays } = loadPlaybook(text, "site.yml", {
    read: () => "",
    find: (name: string) => name,
  });
  const args = plays[0]!.sections[1]!.items.map((item) =>
    item.kind === "task"
      ? item.args.entries.map(
          ({ key, value }) =>
            `${String(key.value)}=${value.kind === "scalar" ? String(value.value) : ""}`,
        )
      : [],
  );
  expect(args).toEqual([
    ["chdir=/tmp", "creates={{ x }}/y", "cmd=ls -l"],
    ["chdir=/tmp", "cmd=ls -l"],
    ["cmd=echo a=b"],
    ["file=a.yml", "name=b"],
  ]);
});

// The plays of site.yml, which imports web.yml.
function imported(beside: string): readonly Play[] {
  const web =
    "- hosts: all\n  vars: { a: own, b: own }\n  tags: inner\n  tasks: [{ debug: , when: mine }]\n";
  return loadPlaybook(`- import_playbook: plays/web.yml\n  ${beside}\n`, "/book/site.yml", {
    read: () => web,
    find: (path) => (path === "/book/plays/web.yml" ? path : undefined),
  }).plays;
}

test("an import lays its variables, tags and condition on every play of the file, whose directory is its own", () => {
  const [play] = imported("vars: { b: given }\n  tags: outer\n  when: go");
  expect([...play!.vars.entries()].map(([name, node]) => [name, toValue(node)])).toEqual([
    ["a", "own"],
    ["b", "given"],
  ]);
  expect(play!.sections[1]!.items[0]!.tags).toEqual(["outer", "inner"]);
  expect(toValue(play!.keywords.get("when")!)).toEqual(["go"]);
  expect(play!.folder).toBe("/book/plays");
});

test.each([
  ["a list of mappings, of which the last holds", "[{a: 1, b: 1}, {b: 2}]", { a: 1, b: 2 }],
  ["an empty list", "[]", {}],
])("vars may be %s", (_name, vars, found) => {
  const text = `- hosts: all\n  tasks:\n    - {debug: , vars: ${vars}}\n`;
  const { plays } = loadPlaybook(text, "site.yml", { read: () => "", find: () => undefined });
  const [task] = plays[0]!.sections[1]!.items;
  expect(Object.fromEntries([...task!.vars].map(([key, node]) => [key, toValue(node)]))).toEqual(
    found,
  );
});

test.each([
  ["become: true", /"become" is not supported with import_playbook/],
  ["vars: [a]", /"vars" takes a mapping/],
  ["when: a is nope", /test/],
])("refuses %s beside an import", (beside, says) => {
  expect(() => imported(beside)).toThrow(says);
});

test.each([
  ["- {name: Web servers, hosts: web}", "Web servers"],
  ["- {hosts: web}", "web"],
  ["- {name: '', hosts: 'web:!old'}", "web:!old"],
  ["- {hosts: [web, db]}", "web,db"],
])("a play is called by its name, else by its hosts: %s", (text, title) => {
  const { plays } = loadPlaybook(text, "site.yml", { read: () => "", find: () => undefined });
  expect(plays.map((one) => one.title)).toEqual([title]);
});
