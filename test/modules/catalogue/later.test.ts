import { expect, test } from "vitest";
import { LATER_HINT } from "../../../src/modules/catalogue/later.ts";
import { plainOrigin, renderValue, standardEnvironment } from "../../../src/jinja/template.ts";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";

// Reads a play of one task that is done only where a condition holds.
function load(task: string): void {
  loadPlaybook(
    `- hosts: all\n  tasks:\n    - when: there is defined\n      ${task}\n`,
    "site.yml",
    { read: () => "", find: (path) => path },
    () => {},
  );
}

/** What ansible-core got from 2.15 on, and what is easily taken for foreign; each also misspelt. */
const LATER: readonly (readonly [task: string, misspelt: string])[] = [
  [
    "apt: {name: a, auto_install_module_deps: false}",
    "apt: {name: a, auto_install_module_dep: false}",
  ],
  ["blockinfile: {path: /a, encoding: latin-1}", "blockinfile: {path: /a, encodings: latin-1}"],
  [
    "lineinfile: {path: /a, line: a, encoding: latin-1}",
    "lineinfile: {path: /a, line: a, coding: a}",
  ],
  [
    "deb822_repository: {name: a, uris: ['http://a'], suites: [a], include: [b]}",
    "deb822_repository: {name: a, uris: ['http://a'], suites: [a], includes: [b]}",
  ],
  ["dnf: {name: a, best: true}", "dnf: {name: a, bets: true}"],
  ["dnf: {name: a, use_backend: dnf5}", "dnf: {name: a, use_backends: dnf5}"],
  ["dnf5: {name: a}", "dnf55: {name: a}"],
  [
    "find: {paths: /a, mode: '0644', exact_mode: false, limit: 1, encoding: utf-8}",
    "find: {paths: /a, modes: '0644'}",
  ],
  ["group: {name: a, gid_min: 1, gid_max: 2}", "group: {name: a, gid_mni: 1}"],
  ["group: {name: a, state: absent, force: true}", "group: {name: a, state: absent, forced: true}"],
  ["hostname: {name: a, use: alpine}", "hostname: {name: a, use: alpines}"],
  ["import_role: {name: r, public: false}", "import_role: {name: r, publik: false}"],
  ["include_role: {name: r, rescuable: false}", "include_role: {name: r, rescueable: false}"],
  ["iptables: {chain: INPUT, numeric: true}", "iptables: {chain: INPUT, numerics: true}"],
  ["meta: end_role", "meta: end_roles"],
  ["mount_facts:", "mount_factz:"],
  ["package: {name: a, use: dnf5}", "package: {name: a, use: dnf6}"],
  ["package_facts: {manager: [dnf5]}", "package_facts: {manager: [dnf6]}"],
  ["pip: {name: a, break_system_packages: true}", "pip: {name: a, brake_system_packages: true}"],
  ["stat: {path: /a, get_selinux_context: true}", "stat: {path: /a, get_selinux_contexts: true}"],
  ["user: {name: a, uid_min: 1, uid_max: 2}", "user: {name: a, uid_mix: 1}"],
  [
    "user: {name: a, password_expire_account_disable: 1}",
    "user: {name: a, password_expire_account: 1}",
  ],
  [
    "debug:\n      loop: [1]\n      loop_control: {break_when: true}",
    "debug:\n      loop: [1]\n      loop_control: {brake_when: true}",
  ],
  ['debug: {msg: "{{ r is timedout }}"}', 'debug: {msg: "{{ r is timedoutt }}"}'],
  // here as well
  [
    "copy: {content: a, dest: /a, unsafe_writes: true}",
    "copy: {content: a, dest: /a, unsafe_write: true}",
  ],
  [
    "lineinfile: {path: /a, line: a, unsafe_writes: true}",
    "lineinfile: {path: /a, line: a, unsave_writes: true}",
  ],
  [
    "get_url: {url: 'http://a', dest: /a, unsafe_writes: false}",
    "get_url: {url: 'http://a', dest: /a, unsafe_writs: false}",
  ],
  [
    "blockinfile: {path: /a, append_newline: true, prepend_newline: true}",
    "blockinfile: {path: /a, append_newlines: true}",
  ],
  [
    "command: {cmd: a, expand_argument_vars: false}",
    "command: {cmd: a, expand_argument_var: false}",
  ],
  [
    "debug: {msg: \"{{ '/a/..' | normpath }} {{ ['/a'] | commonpath }}\"}",
    "debug: {msg: \"{{ '/a' | normpth }}\"}",
  ],
];

test.each(LATER)("behind a condition it is read: %s", (task) => {
  expect(() => load(task)).not.toThrow();
});

test.each(LATER)("misspelt it is refused: %2$s", (_task, misspelt) => {
  expect(() => load(misspelt)).toThrow();
});

test.each<[string, unknown]>([
  ["'/a/./b//../c' | normpath", "/a/c"],
  ["'' | normpath", "."],
  ["'//a' | normpath", "//a"],
  ["'../a/..' | normpath", ".."],
  ["['/usr/lib', '/usr/local/lib', '/usr'] | commonpath", "/usr"],
  ["['/a', '/b'] | commonpath", "/"],
  ["['a/b/', 'a//b/c', './a/b'] | commonpath", "a/b"],
  ["['a', 'b'] | commonpath", ""],
])("%s", (expression, wanted) => {
  const text = `{{ ${expression} }}`;
  const scope = { lookup: () => undefined };
  expect(renderValue(text, plainOrigin("a", text), scope, standardEnvironment())).toEqual(wanted);
});

test("a later keyword of plays is known by name", () => {
  const read = (keyword: string) => (): unknown =>
    loadPlaybook(
      `- hosts: all\n  ${keyword}: true\n  tasks: []\n`,
      "site.yml",
      { read: () => "", find: (path) => path },
      () => {},
    );
  expect(read("validate_argspec")).toThrow(
    expect.objectContaining({
      message: 'unknown keyword "validate_argspec" in a play',
      hint: LATER_HINT,
    }),
  );
  expect(read("validate_argspecs")).toThrow(expect.not.objectContaining({ hint: LATER_HINT }));
});
