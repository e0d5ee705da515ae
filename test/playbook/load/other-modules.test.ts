import { expect, test } from "vitest";
import { InputError } from "../../../src/errors.ts";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";
import type { LoadPaths } from "../../../src/playbook/load/loading.ts";

const PATHS: LoadPaths = {
  home: "/home/me",
  roles: ["/roles"],
  collections: ["/c"],
  shipped: undefined,
  playbooks: [],
};
const TOOLS = "/c/ansible_collections/acme/tools";
const GENERAL = "/c/ansible_collections/community/general";

// Reads a playbook from files in memory, and tells what is wrong with it, or which module each task names.
function read(files: Record<string, string>, book = "/site/play.yml"): string {
  const isThere = (path: string): boolean =>
    Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`));
  const warned: string[] = [];
  try {
    const { plays } = loadPlaybook(
      files[book]!,
      book,
      {
        paths: PATHS,
        isThere,
        read: (path) => files[path] ?? "",
        find: (path, _where, places) =>
          [path, ...places.map((place) => `${place}/${path}`)].find(isThere),
      },
      () => {},
      (message) => warned.push(message),
    );
    const names = JSON.stringify(plays).match(/(?<="action":")[\w.]+/g) ?? [];
    return [...names, ...warned].join("; ");
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [error.message, error.hint].join("; ");
  }
}

const play = (task: string, more = ""): string => `- hosts: all\n${more}  tasks:\n    - ${task}\n`;
const OF_TOOLS = '"user" is a module of the collection acme.tools, which Hullwright does not run';

test.each<[name: string, files: Record<string, string>, said: string, book?: string]>([
  [
    "a module of a collection that the play searches, before ours of that name",
    {
      "/site/play.yml": play("user: {name: x}", "  collections: [acme.tools]\n"),
      [`${TOOLS}/plugins/modules/user.py`]: "",
    },
    `${OF_TOOLS}; for Hullwright's own write ansible.builtin.user`,
  ],
  [
    "behind Ansible's own in that list it does not count",
    {
      "/site/play.yml": play("user: {name: x}", "  collections: [ansible.builtin, acme.tools]\n"),
      [`${TOOLS}/plugins/modules/user.py`]: "",
    },
    "user",
  ],
  [
    "a name with its collection is not searched",
    {
      "/site/play.yml": play("ansible.builtin.user: {name: x}", "  collections: [acme.tools]\n"),
      [`${TOOLS}/plugins/modules/user.py`]: "",
    },
    "ansible.builtin.user",
  ],
  [
    "behind a condition it is refused only where a host comes to it",
    {
      "/site/play.yml": play("{wheel: {size: 1}, when: x}", "  collections: [acme.tools]\n"),
      [`${TOOLS}/plugins/action/wheel.py`]: "",
    },
    'wheel; "wheel" is a module of the collection acme.tools, which Hullwright does not run',
  ],
  [
    "one that we have under the collection's own name is ours",
    {
      "/site/play.yml": play("timezone: {name: UTC}", "  collections: [community.general]\n"),
      [`${GENERAL}/plugins/modules/timezone.py`]: "",
    },
    "timezone",
  ],
  [
    "a role of a collection searches its own",
    {
      "/site/play.yml": "- hosts: all\n  roles: [acme.tools.r]\n",
      [`${TOOLS}/roles/r/tasks/main.yml`]: "- user: {name: x}\n",
      [`${TOOLS}/plugins/modules/user.py`]: "",
    },
    `${OF_TOOLS}; for Hullwright's own write ansible.builtin.user`,
  ],
  [
    "another role does not search the collections of the play",
    {
      "/site/play.yml": "- hosts: all\n  collections: [acme.tools]\n  roles: [r]\n",
      "/roles/r/tasks/main.yml": "- user: {name: x}\n",
      [`${TOOLS}/plugins/modules/user.py`]: "",
    },
    "user",
  ],
  [
    "but those of its meta",
    {
      "/site/play.yml": "- hosts: all\n  roles: [r]\n",
      "/roles/r/meta/main.yml": "collections: [acme.tools]\n",
      "/roles/r/tasks/main.yml": "- user: {name: x}\n",
      [`${TOOLS}/plugins/modules/user.py`]: "",
    },
    `${OF_TOOLS}; for Hullwright's own write ansible.builtin.user`,
  ],
  [
    "a playbook of a collection searches its own, roles too",
    {
      [`${TOOLS}/playbooks/p.yml`]: "- hosts: all\n  roles: [r]\n  tasks: [{wheel: {}, when: x}]\n",
      [`${TOOLS}/roles/r/tasks/main.yml`]: "- ping:\n",
      [`${TOOLS}/plugins/modules/wheel.py`]: "",
    },
    'ping; wheel; "wheel" is a module of the collection acme.tools, which Hullwright does not run',
    `${TOOLS}/playbooks/p.yml`,
  ],
  [
    "a module beside the playbook",
    { "/site/play.yml": play("copy: {dest: /x, content: y}"), "/site/library/copy.py": "" },
    '"copy" is a module in /site/library, which Hullwright does not run; for Hullwright\'s own write ansible.builtin.copy',
  ],
  [
    "a module of the role",
    {
      "/site/play.yml": "- hosts: all\n  roles: [r]\n",
      "/roles/r/tasks/main.yml": "- wheel:\n  tags: never\n",
      "/roles/r/library/wheel": "",
    },
    'wheel; "wheel" is a module in /roles/r/library, which Hullwright does not run',
  ],
  [
    "a module of a role that was read before is known, and replaces none of ours",
    {
      "/site/play.yml": "- hosts: all\n  roles: [lib, r]\n",
      "/roles/lib/library/wheel.py": "",
      "/roles/lib/library/user.py": "",
      "/roles/r/tasks/main.yml": "- wheel:\n  when: x\n- user: {name: x}\n",
    },
    'wheel; user; "wheel" is a module in /roles/lib/library, which Hullwright does not run',
  ],
  [
    "a role of a collection has none",
    {
      "/site/play.yml": "- hosts: all\n  roles: [acme.tools.r]\n",
      "/site/library/user.py": "",
      [`${TOOLS}/roles/r/library/user.py`]: "",
      [`${TOOLS}/roles/r/tasks/main.yml`]: "- user: {name: x}\n",
    },
    "user",
  ],
  [
    "defaults for one are left out",
    {
      "/site/play.yml": play(
        "user: {name: x}",
        "  module_defaults: {user: {shell: /bin/sh}, wheel: {size: 1}}\n",
      ),
      "/site/library/wheel.py": "",
    },
    "user",
  ],
  [
    "one that Ansible has given to another collection, by its old name",
    { "/site/play.yml": play("ansible.builtin.timezone: {name: UTC}") },
    "ansible.builtin.timezone",
  ],
  [
    "so is one that we do not have",
    { "/site/play.yml": play("{ansible.builtin.firewalld: {state: enabled}, when: x}") },
    'ansible.builtin.firewalld; unknown module "ansible.builtin.firewalld"',
  ],
  [
    "a name that is nowhere stays a mistake",
    { "/site/play.yml": play("{wheel: , when: x}"), "/site/library/wheels.py": "" },
    'unknown module "wheel"; "hullwright doc" lists the modules',
  ],
])("%s", (_name, files, said, book) => {
  expect(read(files, book)).toBe(said);
});
