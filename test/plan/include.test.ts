import { expect, test } from "vitest";
import { lines, testHost } from "./host.ts";

interface Case {
  name: string;
  play: string;
  disk: Record<string, string>;
  plan: string[];
  shows?: string[];
  tags?: string[];
}

const debug = (name: string, msg: string): string => `- {name: ${name}, debug: {msg: "${msg}"}}\n`;

const cases: Case[] = [
  {
    name: "import_tasks is a block of the file's tasks, with its when and tags on each",
    play: `
- hosts: all
  gather_facts: false
  tasks:
    - import_tasks: more.yml
      when: x
      tags: t
    - {name: last, debug: {msg: l}}`,
    disk: { "/test/more.yml": debug("one", "1") + debug("two", "2") },
    tags: ["t"],
    plan: ["skipped one", "skipped two"],
  },
  {
    name: "include_tasks asks its when once, and hands its vars on",
    play: `
- hosts: all
  gather_facts: false
  tasks:
    - include_tasks: more.yml
      vars: {v: 5}
    - include_tasks: "{{ file }}.yml"
      when: not x
    - name: never
      include_tasks: "{{ undefined_thing }}.yml"
      when: x`,
    disk: { "/test/more.yml": debug("one", "{{ v | default('none') }}") },
    plan: ["ok one", "ok one", "skipped never"],
    shows: ["5", "none"],
  },
  {
    name: "vars of an include win over facts that were set",
    play: `
- hosts: all
  gather_facts: false
  tasks:
    - {name: set, set_fact: {p: fact}}
    - include_tasks: more.yml
      vars: {p: include}
    - {name: after, debug: {msg: "{{ p }}"}}`,
    disk: { "/test/more.yml": debug("one", "{{ p }}") },
    plan: ["ok set", "ok one", "ok after"],
    shows: ["include", "fact"],
  },
  {
    name: "a looped include repeats all its tasks, also from within another",
    play: `
- hosts: all
  gather_facts: false
  tasks:
    - include_tasks: outer.yml
      loop: [a, b]`,
    disk: { "/test/outer.yml": debug("o", "{{ item }}") + "- include_tasks: inner.yml\n  loop: [1, 2]\n  loop_control: {loop_var: n}\n", "/test/inner.yml": debug("i", "{{ item }}{{ n }}") },
    plan: ["ok o", "ok i", "ok i", "ok o", "ok i", "ok i"],
    shows: ["a", "a1", "a2", "b", "b1", "b2"],
  },
  {
    name: "a role brings defaults, vars, params, dependencies and handlers",
    play: `
- hosts: all
  gather_facts: false
  vars: {from_play: p, over: play}
  roles:
    - {role: web, param: given}
  tasks:
    - {name: after, debug: {msg: "{{ low }} {{ high }}"}}`,
    disk: {
      "/test/roles/web/defaults/main.yml": "low: default\nover: default\n",
      "/test/roles/web/vars/main.yml": "high: role\n",
      "/test/roles/web/meta/main.yml": "dependencies: [base]\n",
      "/test/roles/web/tasks/main.yml": debug("web", "{{ low }} {{ over }} {{ high }} {{ param }} {{ role_name }}") + "- {name: act, command: 'true', notify: [restart web, 'web : other']}\n- import_tasks: part.yml\n",
      "/test/roles/web/tasks/part.yml": debug("part", "{{ role_path }}"),
      "/test/roles/web/handlers/main.yml": "- {name: restart web, command: 'true {{ low }}'}\n- {name: other, command: 'true'}\n",
      "/test/roles/base/tasks/main.yml": debug("base", "{{ role_name }}"),
    },
    plan: ["ok base", "ok web", "changed act", "ok part", "ok after", "changed restart web", "changed other"],
    shows: ["base", "default play role given web", "/test/roles/web", "default role"],
  },
  {
    name: "with_items flattens, with_dict and with_sequence are lookups",
    play: `
- hosts: all
  gather_facts: false
  tasks:
    - {name: a, debug: {msg: "{{ item }}"}, with_items: [1, [2, 3]]}
    - {name: b, debug: {msg: "{{ item.key }}={{ item.value }}"}, with_dict: {x: 1}}
    - {name: c, debug: {msg: "{{ item }}"}, with_sequence: start=1 end=2}`,
    disk: {},
    plan: ["ok a [1]", "ok a [2]", "ok a [3]", 'ok b [{"key":"x","value":1}]', "ok c [1]", "ok c [2]"],
    shows: ["1", "2", "3", "x=1", "1", "2"],
  },
  {
    name: "a role that is named twice alike is done once; with other parameters it is done again",
    play: `
- hosts: all
  gather_facts: false
  roles: [one, one, {role: one, p: other}, {role: two}]`,
    disk: {
      "/test/roles/one/tasks/main.yml": debug("one", "{{ p }}"), "/test/roles/one/defaults/main.yml": "p: own\n",
      "/test/roles/two/tasks/main.yml": debug("two", "two"), "/test/roles/two/meta/main.yml": "dependencies: [{role: one, p: dep}, one]\n",
    },
    plan: ["ok one", "ok one", "ok one", "ok two"],
    shows: ["own", "other", "dep", "two"],
  },
  {
    name: "include_role takes the role's tasks, or some of its files",
    play: `
- hosts: all
  gather_facts: false
  tasks:
    - include_role: {name: web, tasks_from: extra}
      loop: [1, 2]
    - import_role: {name: web}`,
    disk: { "/test/roles/web/tasks/extra.yml": debug("extra", "{{ item }} {{ low }}"), "/test/roles/web/tasks/main.yml": debug("main", "m"), "/test/roles/web/defaults/main.yml": "low: d\n" },
    plan: ["ok extra", "ok extra", "ok main"],
    shows: ["1 d", "2 d", "m"],
  },
];

test.each(cases)("$name", async ({ play, disk, plan, shows, tags }) => {
  const { run, session } = testHost(play, { x: false, file: "more" }, { tags: tags ?? [] }, disk);
  await run.plan();
  await (await session).close();
  expect(run.walk?.failed?.failure).toBeUndefined();
  expect(lines(run)).toEqual(plan);
  if (shows) expect(run.walk!.entries.flatMap((entry) => entry.shows ?? [])).toEqual(shows);
});

const wrong: { name: string; tasks: string; disk?: Record<string, string>; says: RegExp }[] = [
  { name: "a file that is not there", tasks: "- include_tasks: nowhere.yml", says: /no file of tasks "nowhere.yml"/ },
  { name: "a role that is not there", tasks: "- import_role: {name: nobody}", says: /no role "nobody"/ },
  { name: "a file that includes itself", tasks: "- import_tasks: a.yml", disk: { "/test/a.yml": "- import_tasks: a.yml\n" }, says: /includes itself/ },
  { name: "a looped import", tasks: "- {import_tasks: a.yml, loop: [1]}", disk: { "/test/a.yml": "" }, says: /cannot be looped/ },
  { name: "an import whose name has a template", tasks: '- import_tasks: "{{ x }}.yml"', says: /before any variable is known/ },
  { name: "a parameter that does not exist", tasks: "- include_role: {nam: x}", says: /no parameter "nam"/ },
];

test.each(wrong)("refuses $name when the playbook is read", ({ tasks, disk, says }) => {
  expect(() => testHost(`- hosts: all\n  tasks:\n    ${tasks}`, {}, {}, disk)).toThrow(says);
});
