import { shownLines } from "../../../src/plan/model/entry.ts";
import { expect, test } from "vitest";
import { lines, testHost } from "../host.ts";

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
    name: "import_tasks by a variable puts its keywords, variables and tags on each of the tasks",
    play: `
- hosts: all
  gather_facts: false
  vars: {file: more}
  tasks:
    - {import_tasks: "{{ file }}.yml", tags: t, when: v == 1, vars: {v: 1}}
    - {import_tasks: "{{ file }}.yml", when: false}
    - {name: last, debug: {msg: l}}`,
    disk: {
      "/test/more.yml":
        debug("one", "{{ v }}") +
        "- {name: two, debug: {msg: '2'}, tags: other, when: v is defined}",
    },
    tags: ["other"],
    plan: ["ok two", "skipped two"],
    shows: ["2"],
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
    disk: {
      "/test/outer.yml":
        debug("o", "{{ item }}") +
        "- include_tasks: inner.yml\n  loop: [1, 2]\n  loop_control: {loop_var: n}\n",
      "/test/inner.yml": debug("i", "{{ item }}{{ n }}"),
    },
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
      "/test/roles/web/tasks/main.yml":
        debug("web", "{{ low }} {{ over }} {{ high }} {{ param }} {{ role_name }}") +
        "- {name: act, command: 'true', notify: [restart web, 'web : other']}\n- import_tasks: part.yml\n",
      "/test/roles/web/tasks/part.yml": debug("part", "{{ role_path }}"),
      "/test/roles/web/handlers/main.yml":
        "- {name: restart web, command: 'true {{ low }}'}\n- {name: other, command: 'true'}\n",
      "/test/roles/base/tasks/main.yml": debug("base", "{{ role_name }}"),
    },
    plan: [
      "ok base",
      "ok web",
      "changed act",
      "ok part",
      "ok after",
      "changed restart web",
      "changed other",
    ],
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
    plan: [
      "ok a [1]",
      "ok a [2]",
      "ok a [3]",
      'ok b [{"key":"x","value":1}]',
      "ok c [1]",
      "ok c [2]",
    ],
    shows: ["1", "2", "3", "x=1", "1", "2"],
  },
  {
    name: "a role that is named twice alike is done once; with other parameters it is done again",
    play: `
- hosts: all
  gather_facts: false
  roles: [one, one, {role: one, p: other}, {role: two}]`,
    disk: {
      "/test/roles/one/tasks/main.yml": debug("one", "{{ p }}"),
      "/test/roles/one/defaults/main.yml": "p: own\n",
      "/test/roles/two/tasks/main.yml": debug("two", "two"),
      "/test/roles/two/meta/main.yml": "dependencies: [{role: one, p: dep}, one]\n",
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
    disk: {
      "/test/roles/web/tasks/extra.yml": debug("extra", "{{ item }} {{ low }}"),
      "/test/roles/web/tasks/main.yml": debug("main", "m"),
      "/test/roles/web/defaults/main.yml": "low: d\n",
    },
    plan: ["ok extra", "ok extra", "ok main"],
    shows: ["1 d", "2 d", "m"],
  },
  {
    name: "apply puts keywords on the tasks of an include, which its own keywords do not",
    play: `
- hosts: all
  gather_facts: false
  tasks:
    - include_tasks: {file: more.yml, apply: {when: x, tags: t}}
      tags: t
    - include_tasks: {file: more.yml, apply: {vars: {v: applied}, tags: [t, u]}}
      tags: t
    - include_tasks: {file: more.yml, apply: {vars: {v: weaker}, tags: t}}
      vars: {v: stronger}
      tags: t`,
    disk: { "/test/more.yml": debug("one", "{{ v | default('none') }}") },
    tags: ["t"],
    plan: ["skipped one", "ok one", "ok one"],
    shows: ["applied", "stronger"],
  },
  {
    name: "include_role takes other files of a role, by templates too; public ones are seen by all later tasks",
    play: `
- hosts: all
  gather_facts: false
  tasks:
    - include_role: {name: r, defaults_from: other}
    - include_role: {name: r, vars_from: "{{ file }}.yml"}
    - {name: private, debug: {msg: "{{ d | default('private') }}"}}
    - include_role: {name: r, public: true, allow_duplicates: false}
    - {name: public, debug: {msg: "{{ d }}"}}
    - include_role: {name: r, allow_duplicates: false}`,
    disk: {
      "/test/roles/r/tasks/main.yml": debug("r", "{{ d }} {{ v | default('no v') }}"),
      "/test/roles/r/defaults/main.yml": "d: main\n",
      "/test/roles/r/defaults/other.yml": "d: other\n",
      "/test/roles/r/vars/more.yml": "v: more\n",
    },
    plan: ["ok r", "ok r", "ok private", "ok r", "ok public"],
    shows: ["other no v", "main more", "private", "main no v", "main"],
  },
  {
    name: "a role's specification of arguments is checked before its tasks",
    play: `
- hosts: all
  gather_facts: false
  tasks:
    - include_role: {name: r}
      vars: {size: 3}
    - include_role: {name: r, rolespec_validate: false}
      vars: {size: much}
    - include_role: {name: r, apply: {ignore_errors: true}}
      vars: {size: much}`,
    disk: {
      "/test/roles/r/tasks/main.yml": debug("r", "{{ size }}"),
      "/test/roles/r/meta/argument_specs.yml":
        "argument_specs:\n  main:\n    short_description: Sizes.\n    options: {size: {type: int}}\n",
    },
    plan: [
      "ok Validating arguments against arg spec 'main' - Sizes.",
      "ok r",
      "ok r",
      "failed Validating arguments against arg spec 'main' - Sizes.",
      "ok r",
    ],
    shows: ["3", "much", "much"],
  },
  {
    name: "handlers of roles: each use has its own, the last of a name is meant, all that listen run",
    play: `
- hosts: all
  gather_facts: false
  roles: [{role: r, p: a}, {role: r, p: b}]
  tasks:
    - {name: own, command: "true", notify: h}
    - meta: flush_handlers
    - import_role: {name: r}
      vars: {p: c}
  handlers:
    - {name: h, debug: {msg: of the play}}
    - {name: h, debug: {msg: never}}`,
    disk: {
      "/test/roles/r/tasks/main.yml": "- {name: act, command: 'true', notify: topic}\n",
      "/test/roles/r/handlers/main.yml":
        "- {name: one, debug: {msg: 'one {{ p }}'}, listen: topic}\n",
    },
    plan: [
      "changed act",
      "changed act",
      "changed own",
      "ok meta",
      "ok one",
      "ok one",
      "ok h",
      "ok one",
      "changed act",
      "ok one",
      "ok one",
      "ok one",
    ],
    shows: ["one a", "one b", "of the play", "one c", "one a", "one b", "one c"],
  },
  {
    name: "handlers may be imported, included, and stand in a block",
    play: `
- hosts: all
  gather_facts: false
  tasks:
    - {name: act, command: "true", notify: [one, bring, inside, nested, "by {{ file }}"]}
  handlers:
    - import_tasks: more.yml
      vars: {v: imported}
    - import_tasks: blocks.yml
    - {name: bring, include_tasks: more.yml}
    - vars: {v: block}
      block: [{name: inside, debug: {msg: "{{ v }}"}}]
    - {name: "by {{ file }}", debug: {msg: templated}}`,
    disk: {
      "/test/more.yml": debug("one", "{{ v | default('none') }}") + debug("two", "2"),
      "/test/blocks.yml": '- block: [{name: nested, debug: {msg: "in a block"}}]\n',
    },
    plan: ["changed act", "ok one", "ok nested", "ok one", "ok two", "ok inside", "ok by more"],
    shows: ["imported", "in a block", "none", "2", "block", "templated"],
  },
  {
    name: "a role that is used again by a variable brings its handlers before anything runs",
    play: `
- hosts: all
  gather_facts: false
  vars: {brought: r}
  roles: [{role: r, part: first}]
  tasks:
    - block: [{import_role: {name: "{{ brought }}"}, vars: {part: second}}]`,
    disk: {
      "/test/roles/r/tasks/main.yml": '- {name: act, command: "true", notify: [again, topic]}\n',
      "/test/roles/r/handlers/main.yml":
        debug("again", "again {{ part }}") +
        '- {name: listens, listen: topic, debug: {msg: "topic {{ part }}"}}\n',
    },
    plan: ["changed act", "changed act", "ok listens", "ok again", "ok listens"],
    shows: ["topic first", "again second", "topic second"],
  },
  {
    name: "tasks before an import by a variable see its role's variables and notify its handlers",
    play: `
- hosts: all
  gather_facts: false
  vars: {brought: r}
  tasks:
    - {name: early, command: "true", notify: again}
    - {name: sees, debug: {msg: "{{ shown }}"}}
    - {import_role: {name: "{{ brought }}"}, when: false}`,
    disk: {
      "/test/roles/r/tasks/main.yml": debug("act", "a"),
      "/test/roles/r/defaults/main.yml": "shown: seen\n",
      "/test/roles/r/handlers/main.yml": debug("again", "again"),
    },
    plan: ["changed early", "ok sees", "skipped act", "skipped again"],
    shows: ["seen"],
  },
];

test.each(cases)("$name", async ({ play, disk, plan, shows, tags }) => {
  const { run, session } = testHost(play, { x: false, file: "more" }, { tags: tags ?? [] }, disk);
  await run.plan();
  await (await session).close();
  expect(run.walk?.failed?.verdict.failure).toBeUndefined();
  expect(lines(run)).toEqual(plan);
  if (shows) expect(run.walk!.entries.flatMap((entry) => shownLines(entry) ?? [])).toEqual(shows);
});

const wrong: { name: string; tasks: string; disk?: Record<string, string>; says: RegExp }[] = [
  {
    name: "a file that is not there",
    tasks: "- include_tasks: nowhere.yml",
    says: /no file of tasks "nowhere.yml"/,
  },
  {
    name: "a role that is not there",
    tasks: "- import_role: {name: nobody}",
    says: /no role "nobody"/,
  },
  {
    name: "a file that includes itself",
    tasks: "- import_tasks: a.yml",
    disk: { "/test/a.yml": "- import_tasks: a.yml\n" },
    says: /includes itself/,
  },
  {
    name: "a looped import",
    tasks: "- {import_tasks: a.yml, loop: [1]}",
    disk: { "/test/a.yml": "" },
    says: /import_tasks cannot have a loop/,
  },
  {
    name: "a keyword that an include cannot have",
    tasks: "- {include_tasks: a.yml, become: true}",
    disk: { "/test/a.yml": "" },
    says: /"become" is not allowed on include_tasks/,
  },
  {
    name: "apply of an import",
    tasks: "- import_tasks: {file: a.yml, apply: {become: true}}",
    disk: { "/test/a.yml": "" },
    says: /"import_tasks" has no parameter "apply"/,
  },
  {
    name: "a file of a role that is not there",
    tasks: "- include_role: {name: r, vars_from: none}",
    disk: { "/test/roles/r/tasks/main.yml": "" },
    says: /role "r" has no vars\/none.yml/,
  },
  {
    name: "a key that meta does not have",
    tasks: "- import_role: {name: r}",
    disk: { "/test/roles/r/meta/main.yml": "dependancies: []\n" },
    says: /meta has no "dependancies"/,
  },
  {
    name: "a flag that is not known yet",
    tasks: '- include_role: {name: r, public: "{{ x }}"}',
    disk: { "/test/roles/r/tasks/main.yml": "" },
    says: /"public" takes true or false/,
  },
  {
    name: "a parameter that does not exist",
    tasks: "- include_role: {nam: x}",
    says: /no parameter "nam"/,
  },
];

test.each(wrong)("refuses $name when the playbook is read", ({ tasks, disk, says }) => {
  expect(() => testHost(`- hosts: all\n  tasks:\n    ${tasks}`, {}, {}, disk)).toThrow(says);
});
