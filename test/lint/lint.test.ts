import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lint, RULES, type Linted } from "../../src/lint/lint.ts";

// Lints site.yml with other files beside it; those that are not there are not found.
function look(text: string, files: Record<string, string> = {}, skip: string[] = []): Linted {
  const find = (name: string, where: string, folders: readonly string[]): string | undefined =>
    [name, ...folders.flatMap((folder) => [`${folder}/${where}/${name}`, `${folder}/${name}`])]
      .map((path) => path.replace(/^\.\//, ""))
      .find(
        (path) =>
          Object.hasOwn(files, path) ||
          Object.keys(files).some((file) => file.startsWith(`${path}/`)),
      );
  return lint(
    text,
    "site.yml",
    { find, read: (path) => files[path] ?? "" },
    { warnings: true, skip },
  );
}

// What was found, in short: RULE@LINE, and for mistakes the words.
const short = ({ findings }: Linted): string[] =>
  findings.map(
    ({ severity, rule, message, place }) =>
      `${place.file === "site.yml" ? "" : `${place.file}:`}${place.line} ${severity === "error" ? message : rule}`,
  );

const play = (tasks: string, rest = ""): string =>
  `- name: p\n  hosts: all\n${rest}  gather_facts: true\n  tasks:\n${tasks}`;

/** What is told of a playbook; an empty list: it is fine. */
const cases: [name: string, text: string, told: string[]][] = [
  ["a task without a name", play("    - ping:\n    - debug:\n    - meta: noop\n"), ["5 name"]],
  [
    "a handler with a template in its name",
    play(
      "    - {name: a, ping: , notify: '{{ b }}'}\n",
      "  handlers: [{name: 're {{ b }}', ping: }]\n",
    ),
    ["3 name"],
  ],
  [
    "mkdir as a command",
    play("    - {name: a, command: mkdir /srv}\n"),
    ["5 command-instead-of-module"],
  ],
  [
    "systemctl that changes something",
    play("    - {name: a, command: systemctl enable --now x}\n"),
    ["5 command-instead-of-module"],
  ],
  [
    "systemctl that looks",
    play("    - {name: a, command: systemctl is-active x, changed_when: false}\n"),
    [],
  ],
  [
    "apt-get by its path",
    play(
      "    - {name: a, shell: /usr/bin/apt-get install x | tee y}\n    - {name: b, command: /usr/bin/apt-get install x}\n",
    ),
    ["5 no-changed-when", "6 command-instead-of-module"],
  ],
  [
    "a shell without need",
    play(
      "    - {name: a, shell: whoami, changed_when: false}\n    - {name: b, shell: echo $HOME, changed_when: false}\n",
    ),
    ["5 command-instead-of-shell"],
  ],
  [
    "a command that is always a change",
    play(
      "    - {name: a, command: make}\n    - {name: b, command: make creates=/x}\n    - {name: c, command: make, changed_when: false}\n",
    ),
    ["5 no-changed-when"],
  ],
  [
    "failures that are ignored",
    play(
      "    - {name: a, ping: , ignore_errors: true}\n    - {name: b, ping: , ignore_errors: true, register: r}\n    - {name: c, debug: {var: r}}\n",
    ),
    ["5 ignore-errors"],
  ],
  [
    "a condition in braces",
    play("    - {name: a, ping: , when: '{{ b }}'}\n"),
    ["5 no-jinja-when"],
  ],
  [
    "the include of old playbooks",
    play("    - {name: a, include: none.yml}\n"),
    ["5 deprecated-include", '5 there is no file of tasks "none.yml"'],
  ],
  [
    "become_user without become",
    play(
      "    - {name: a, ping: , become_user: app}\n    - {name: b, ping: , become_user: app, become: true}\n",
    ),
    ["5 partial-become"],
  ],
  [
    "a result that nothing looks at",
    play(
      "    - {name: a, ping: , register: r}\n    - {name: b, ping: , register: s}\n    - {name: c, debug: {var: s.ping}}\n",
    ),
    ["5 register-unused"],
  ],
  [
    "variables that nothing uses",
    play(
      "    - {name: a, debug: {msg: '{{ used }}'}}\n    - set_fact: {other: 1}\n      name: b\n",
      "  vars:\n    used: 1\n    unused: 2\n",
    ),
    ["5 variable-unused", "9 variable-unused"],
  ],
  [
    "a handler that nothing notifies",
    play(
      "    - {name: a, ping: , notify: [one, topic]}\n",
      "  handlers:\n    - {name: one, ping: }\n    - {name: two, ping: }\n    - {name: three, ping: , listen: topic}\n",
    ),
    ["5 handler-unused"],
  ],
  [
    "a version that is a number",
    play(
      "    - {name: a, debug: {msg: '{{ v }} {{ w }} {{ kube_version }}'}}\n",
      "  vars: {v: 1.10, w: 0.5, kube_version: 1.2}\n",
    ),
    ["3 unquoted-version", "3 unquoted-version"],
  ],
  [
    "a key that is given twice",
    play("    - {name: a, debug: {msg: '{{ v }}'}}\n", "  vars: {v: 1, v: 2}\n"),
    ["3 key-duplicates"],
  ],
  [
    "several mistakes at once",
    play(
      "    - {name: a, pign: }\n    - {name: b, ping: , wen: x, lop: [1]}\n    - {name: c, debug: {msg: '{{ 1 | nope }}'}}\n    - {name: d, ping: , notify: e}\n",
    ),
    [
      '5 unknown module "pign"',
      '6 unknown keyword "wen" in a task',
      '6 unknown keyword "lop" in a task',
      '7 there is no filter "nope"',
    ],
  ],
  [
    "handlers that do not exist, each",
    play("    - {name: a, ping: , notify: e}\n    - {name: b, ping: , notify: f}\n"),
    [
      '5 no handler of this play is named "e" or listens to it',
      '6 no handler of this play is named "f" or listens to it',
    ],
  ],
  [
    "mistakes in two plays",
    `${play("    - {name: a, pign: }\n")}- {name: q, hostss: all}\n`,
    ['5 unknown module "pign"', "6 this play has no hosts", '6 unknown keyword "hostss" in a play'],
  ],
  [
    "values of the wrong type, each once",
    "- name: p\n  hosts: all\n  handlers: x\n  vars_files: {a: 1}\n  tasks: ...\n",
    [
      '3 "handlers" takes a list of tasks, but here it is "x"',
      '4 "vars_files" takes a name or a list of names, but here it is a mapping',
      '5 "tasks" takes a list of tasks, but here it is "..."',
    ],
  ],
  ["YAML that cannot be read", "- hosts: all\n\ttasks:\n", ["2 a tab is used for indentation"]],
];

test.each(cases)("%s", (_name, text, told) => expect(short(look(text))).toEqual(told));

describe("files that tasks name", () => {
  const template = play("    - {name: a, template: {src: a.j2, dest: /a}}\n");

  test("every mistake in a template and those it includes is told", () => {
    const files = {
      "templates/a.j2":
        '{% include "b.j2" %}\n{% if x %}{% include "c.j2" %}{% endif %}\n{% include "d.j2" ignore missing %}\n',
      "templates/b.j2": "{{ 1 | nope }}\n",
    };
    expect(short(look(template, files))).toEqual([
      'templates/b.j2:1 there is no filter "nope"',
      'templates/a.j2:2 there is no template "c.j2"',
    ]);
  });

  test.each([
    ["copy: {src: a, dest: /a}", 1],
    ["copy: {src: a, dest: /a, remote_src: true}", 0],
    ["unarchive: {src: a, dest: /a}", 1],
    ["assemble: {src: a, dest: /a, remote_src: false}", 1],
    ["assemble: {src: a, dest: /a, remote_src: true}", 0],
    ["assemble: {src: a, dest: /a}", 0],
  ])("a missing source of %s", (module, count) => {
    const missing = short(look(play(`    - {name: a, ${module}}\n`)));
    expect(missing.filter((one) => one.includes('could not find "a"'))).toHaveLength(count);
  });

  test("a file that is missing is a mistake where the task is done in any case", () => {
    expect(short(look(template))).toEqual(['5 could not find "a.j2" on the controller']);
    expect(
      short(look(play("    - {name: a, template: {src: a.j2, dest: /a}, when: b}\n"))),
    ).toEqual([]);
    expect(
      short(
        look(
          play(
            "    - {name: a, copy: {src: /x, dest: /a, remote_src: true}}\n    - {name: b, copy: {src: '{{ c }}', dest: /a}}\n",
          ),
        ),
      ),
    ).toEqual([]);
    expect(
      short(
        look(
          play(
            "    - {name: a, fetch: {src: /x, dest: y}}\n    - {name: b, copy: {src: y, dest: /a}}\n",
          ),
        ),
      ),
    ).toEqual([]);
  });

  test("a role that is used twice is told of once", () => {
    expect(
      short(
        look("- {name: p, hosts: all, roles: [r]}\n- {name: q, hosts: all, roles: [r]}\n", {
          "roles/r/tasks/main.yml": "- ping:\n- {name: a, pign: }\n",
        }),
      ),
    ).toEqual(["roles/r/tasks/main.yml:1 name", 'roles/r/tasks/main.yml:2 unknown module "pign"']);
  });
});

test("warnings are silenced by a comment or by the caller, mistakes are not", () => {
  const text = play(
    "    - ping:  # noqa\n    - ping:  # noqa: name[missing]\n    - ping:  # noqa: ignore-errors\n    - ping:\n      when: '{{ a }}'  # noqa no-jinja-when\n    - pign:  # noqa\n",
  );
  expect(short(look(text))).toEqual(["7 name", "8 name", '10 unknown module "pign"']);
  expect(short(look(text, {}, ["name"]))).toEqual(['10 unknown module "pign"']);
});

test("each rule says what it is about, in a sentence, and the guide names it", () => {
  const guide = readFileSync("docs/guides/lint.md", "utf8");
  for (const { name, about } of RULES) {
    expect(about).toMatch(/^[A-Za-z].*\.$/);
    expect(guide).toContain(`\`${name}\``);
  }
});
