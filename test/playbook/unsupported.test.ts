import { expect, test } from "vitest";
import { loadPlaybook } from "../../src/playbook/load/load.ts";

const FILES: { readonly [path: string]: string } = {
  "/play/redhat.yml": "- rpm_key: {key: x}\n",
  "/play/roles/r/handlers/main.yml":
    "- name: restart\n  community.general.ufw: {state: reloaded}\n",
  "/play/roles/r/tasks/main.yml":
    "- command: ls\n  notify: restart\n- include_tasks: nothing.yml\n  when: x\n",
};
const files = {
  read: (path: string) => FILES[path] ?? "",
  find: (name: string, where: string) =>
    [`/play/${name}`, `/play/${where}/${name}`, name].find((path) =>
      Object.keys(FILES).some((file) => file === path || file.startsWith(`${path}/`)),
    ),
};
const notes: string[] = [];
const load = (tasks: string): unknown =>
  loadPlaybook(
    `- hosts: all\n  tasks:\n${tasks}`,
    "/play/site.yml",
    files,
    () => {},
    (message, { file, line }) => void notes.push(`${message} ${file}:${line}`),
  );

/** Tasks with something that is Ansible's but not ours, and why the file is not read. */
const cases: [name: string, tasks: string, refused?: RegExp][] = [
  [
    "a module that is certain to be reached is refused",
    "    - rpm_key: {key: x}\n",
    /unknown module "rpm_key"/,
  ],
  [
    "so is one of another collection",
    "    - community.general.ufw: {state: enabled}\n",
    /unknown module "community.general.ufw"/,
  ],
  [
    "so is one whose tags are always chosen",
    "    - rpm_key: {key: x}\n      tags: always\n",
    /unknown module "rpm_key"/,
  ],
  [
    "one behind a condition of its own is read",
    "    - rpm_key: key=x\n      when: ansible_os_family == 'RedHat'\n",
  ],
  ["one behind tags is read", "    - rpm_key: key=x\n      tags: [redhat]\n"],
  ["one in a loop is read", "    - rpm_key: key=x\n      loop: '{{ repositories }}'\n"],
  [
    "one behind the condition of a block is read",
    "    - when: x\n      block:\n        - ansible.builtin.rpm_key: {key: y}\n",
  ],
  [
    "one in a rescue is read",
    "    - block: [{command: ls}]\n      rescue: [{git: {repo: x, dest: /y}}]\n",
  ],
  [
    "one in a file that is included on a condition is read",
    "    - include_tasks: redhat.yml\n      when: ansible_os_family == 'RedHat'\n",
  ],
  [
    "one in a file that is imported on a condition is read",
    "    - import_tasks: redhat.yml\n      when: ansible_os_family == 'RedHat'\n",
  ],
  [
    "one in a file that is always included is refused",
    "    - include_tasks: redhat.yml\n",
    /unknown module "rpm_key"/,
  ],
  [
    "one of a collection that nobody knows is read",
    "    - company.tools.register: {name: x}\n      when: x\n",
  ],
  [
    "a handler of a role may be one: only what notifies it comes to it",
    "    - import_role: {name: r}\n",
  ],
  [
    "a misspelt module is refused, whatever stands around it",
    "    - coppy: {src: a}\n      when: x\n",
    /unknown module "coppy"/,
  ],
  [
    "so is one that is almost Ansible's",
    "    - community.general.uwf: {state: enabled}\n      when: x\n",
    /unknown module "community.general.uwf"/,
  ],
  [
    "so is one that Ansible's own collection never had",
    "    - ansible.builtin.firewaldd: {state: enabled}\n      when: x\n",
    /unknown module "ansible.builtin.firewaldd"/,
  ],
  [
    "so is one of a misspelt collection",
    "    - comunity.general.ufw: {state: enabled}\n      when: x\n",
    /unknown module "comunity.general.ufw"/,
  ],
  [
    "so is one of ours under another collection's name",
    "    - community.general.copy: {src: a, dest: b}\n      when: x\n",
    /unknown module "community.general.copy"/,
  ],
  [
    "a wrong keyword beside a foreign module is refused",
    "    - rpm_key: {key: x}\n      whne: y\n      when: x\n",
    /whne/,
  ],
  [
    "a foreign parameter is refused",
    "    - uri: {url: 'http://x', dest: /x}\n",
    /"uri" has no parameter "dest"/,
  ],
  [
    "a foreign parameter behind a condition is read",
    "    - uri: {url: 'http://x', dest: /x}\n      when: x\n",
  ],
  [
    "a parameter that nobody has is refused behind a condition, too",
    "    - uri: {url: 'http://x', dset: /x}\n      when: x\n",
    /"uri" has no parameter "dset"/,
  ],
  ["a foreign keyword is refused", "    - command: ls\n      debugger: always\n", /"debugger"/],
  [
    "a foreign keyword behind a condition is read",
    "    - command: ls\n      debugger: always\n      when: x\n",
  ],
  [
    "a foreign filter is refused",
    "    - debug: {msg: '{{ x | json_query(y) }}'}\n",
    /there is no filter "json_query"/,
  ],
  [
    "a foreign filter behind a condition is read",
    "    - debug: {msg: '{{ x | ansible.utils.hwaddr }}'}\n      when: x\n",
  ],
  ["a foreign test in a condition is read", "    - debug: {msg: x}\n      when: y and x is url\n"],
  [
    "a foreign filter in a variable is read",
    "    - debug: {msg: x}\n      vars: {y: '{{ x | json_query(z) }}'}\n",
  ],
  [
    "a misspelt filter is refused behind a condition, too",
    "    - debug: {msg: '{{ x | uper }}'}\n      when: x\n",
    /there is no filter "uper"/,
  ],
  [
    "a loop over a foreign lookup is read behind a condition",
    "    - debug: {msg: x}\n      with_community.general.flattened: [x]\n      when: x\n",
  ],
  [
    "a file that is not there is refused where it is always included",
    "    - include_tasks: nothing.yml\n",
    /no file of tasks "nothing.yml"/,
  ],
  [
    "one that is included on a condition is read",
    "    - include_tasks: nothing.yml\n      when: x\n",
  ],
  [
    "a role that is not there is read behind a condition",
    "    - include_role: {name: nothing}\n      when: x\n",
  ],
  [
    "service takes what systemd's own module takes",
    "    - service: {name: x, state: restarted, daemon-reload: true}\n    - service: {daemon_reload: true}\n",
  ],
  [
    "a role's file that is not there is read behind a condition",
    "    - include_role: {name: r, tasks_from: nothing.yml}\n      when: x\n",
  ],
  [
    "such a file is refused where it is always included",
    "    - include_role: {name: r, tasks_from: nothing.yml}\n",
    /role "r" has no tasks\/nothing.yml$/m,
  ],
  [
    "and where it is imported",
    "    - import_role: {name: r, tasks_from: nothing}\n      when: x\n",
    /role "r" has no tasks\/nothing.yml$/m,
  ],
  [
    "a role that is not there is refused where it is imported",
    "    - import_role: {name: nothing}\n      when: x\n",
    /no role "nothing"/,
  ],
];

test.each(cases)("%s", (_name, tasks, refused) => {
  if (refused) expect(() => load(tasks)).toThrow(refused);
  else expect(load(tasks)).toBeDefined();
});

test("a note says what was passed over, and where", () => {
  notes.length = 0;
  load("    - include_tasks: redhat.yml\n      when: x\n");
  expect(notes).toEqual(['unknown module "rpm_key" /play/redhat.yml:1']);
});

test("module_defaults of a foreign module are for tasks that are not done", () => {
  expect(
    loadPlaybook(
      "- hosts: all\n  module_defaults: {community.docker.docker_login: {username: x}}\n  tasks: []\n",
      "/play/site.yml",
      files,
    ),
  ).toBeDefined();
});
