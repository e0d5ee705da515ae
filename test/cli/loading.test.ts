import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { call } from "./call.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-loading-"));
const from = process.cwd();
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;
let own: string;
beforeEach(() => {
  own = join(root, String(count++));
  mkdirSync(join(own, "home"), { recursive: true });
  vi.stubEnv("HOME", join(own, "home"));
  for (const name of [
    "ANSIBLE_ROLES_PATH",
    "ANSIBLE_COLLECTIONS_PATH",
    "ANSIBLE_COLLECTIONS_PATHS",
    "ANSIBLE_CONFIG",
    "ANSIBLE_HOME",
  ])
    vi.stubEnv(name, undefined);
  process.chdir(own);
});
afterEach(() => {
  process.chdir(from);
  vi.unstubAllEnvs();
});

// Puts files into the directory of the test, and plans a playbook for this machine.
async function plan(
  files: Record<string, string>,
  playbook = "site.yml",
  ...flags: string[]
): Promise<{ code: number; said: string }> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(own, name)), { recursive: true });
    writeFileSync(join(own, name), text);
  }
  const { code, said } = await call(
    "plan",
    playbook,
    "-i",
    "one,",
    "-e",
    "ansible_connection=local",
    ...flags,
  );
  return { code, said: said.replaceAll(`${own}/`, "") };
}

const play = (rest: string): string => `- hosts: all\n  gather_facts: false\n${rest}`;
const say = (text: string): string => `- debug: { msg: "SAYS ${text}" }\n`;

describe("a role is found", () => {
  const site = { "plays/site.yml": play("  roles: [r]\n") };
  const part = { "plays/site.yml": play("  roles: [acme.tools.r]\n") };
  const short = { "plays/site.yml": play("  collections: [acme.tools]\n  roles: [r]\n") };
  const inCollection = "ansible_collections/acme/tools/roles/r/tasks/main.yml";
  test.each<
    [
      where: string,
      files: Record<string, string>,
      environment: Record<string, string>,
      flags: string[],
    ]
  >([
    ["beside the playbook", { ...site, "plays/roles/r/tasks/main.yml": "" }, {}, []],
    ["in the playbook's own directory", { ...site, "plays/r/tasks/main.yml": "" }, {}, []],
    [
      "where ansible.cfg says",
      {
        ...site,
        "ansible.cfg": "[defaults]\nroles_path = more:roles\n",
        "roles/r/tasks/main.yml": "",
      },
      {},
      [],
    ],
    [
      "where ANSIBLE_ROLES_PATH says",
      { ...site, "ansible.cfg": "[defaults]\nroles_path = nowhere\n", "env/r/tasks/main.yml": "" },
      { ANSIBLE_ROLES_PATH: "nowhere:env" },
      [],
    ],
    [
      "where --roles-path says",
      { ...site, "flag/r/tasks/main.yml": "" },
      {},
      ["--roles-path", "flag"],
    ],
    ["in ~/.ansible/roles", { ...site, "home/.ansible/roles/r/tasks/main.yml": "" }, {}, []],
    [
      "beside the role that needs it",
      {
        "plays/site.yml": play("  roles: [../far/needs]\n"),
        "far/needs/meta/main.yml": "dependencies: [r]\n",
        "far/r/tasks/main.yml": "",
      },
      {},
      [],
    ],
    [
      "in a collection beside the playbook",
      { ...part, [`plays/collections/${inCollection}`]: "" },
      {},
      [],
    ],
    [
      "in a collection of ~/.ansible/collections",
      { ...part, [`home/.ansible/collections/${inCollection}`]: "" },
      {},
      [],
    ],
    [
      "in a collection where ansible.cfg says",
      { ...part, "ansible.cfg": "[defaults]\ncollections_path = c\n", [`c/${inCollection}`]: "" },
      {},
      [],
    ],
    [
      "in a collection that the play names",
      {
        ...short,
        "ansible.cfg": "[defaults]\ncollections_path = c/ansible_collections\n",
        [`c/${inCollection}`]: "",
      },
      {},
      [],
    ],
  ])("%s", async (_where, files, environment, flags) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { code, said } = await plan(
      Object.fromEntries(
        Object.entries(files).map(([name, text]) => [
          name,
          name.endsWith("/tasks/main.yml") ? say("found") : text,
        ]),
      ),
      "plays/site.yml",
      ...flags,
    );
    expect(said).toContain("SAYS found");
    expect(code).toBe(0);
  });

  test("first beside the playbook, then where the flag says, then where ansible.cfg says", async () => {
    const files = {
      "site.yml": play("  roles: [a, b]\n"),
      "ansible.cfg": "[defaults]\nroles_path = cfg\n",
      "roles/a/tasks/main.yml": say("a1"),
      "flag/a/tasks/main.yml": say("a2"),
      "flag/b/tasks/main.yml": say("b1"),
      "cfg/b/tasks/main.yml": say("b2"),
    };
    expect((await plan(files, "site.yml", "--roles-path", "flag")).said.match(/SAYS \w+/g)).toEqual(
      ["SAYS a1", "SAYS b1"],
    );
  });

  test("nowhere: it is told where it was looked for, and what names other directories", async () => {
    const { code, said } = await plan({ "site.yml": play("  roles: [r]\n") });
    expect(said).toContain(
      "hint: looked in roles, ~/.ansible/roles, /usr/share/ansible/roles, /etc/ansible/roles",
    );
    expect(said).toContain("ANSIBLE_ROLES_PATH");
    expect(code).toBe(1);
  });
});

test("a role's defaults and vars may be directories, read in the order of their names", async () => {
  const { said } = await plan({
    "site.yml": play("  roles: [r]\n"),
    "roles/r/tasks/main.yml": say("{{ a }}{{ b }}{{ c }}{{ d }}{{ e }}"),
    "roles/r/defaults/main/10.yml": "a: 1\nb: 1\n",
    "roles/r/defaults/main/20.yml": "b: 2\nc: 2\n",
    "roles/r/defaults/main/30/x.yaml": "c: 3\n",
    "roles/r/defaults/main/.hidden.yml": "c: hidden\n",
    "roles/r/defaults/main/old.yml~": "c: backup\n",
    "roles/r/defaults/main/note.txt": "no variables",
    "roles/r/defaults/main/empty.yml": "---\n",
    "roles/r/vars/main/v.yml": "d: 4\n",
    "roles/r/vars/main/w.json": '{"e": 5}',
  });
  expect(said).toContain("SAYS 12345");
});

describe("an include of its own file", () => {
  test("is done as long as its condition holds", async () => {
    const { code, said } = await plan({
      "site.yml": play("  tasks:\n    - set_fact: { n: 0 }\n    - include_tasks: count.yml\n"),
      "count.yml": `- set_fact: { n: "{{ n | int + 1 }}" }\n${say("{{ n }}")}- include_tasks: count.yml\n  when: n | int < 4\n`,
    });
    expect(said.match(/SAYS \d/g)).toEqual(["SAYS 1", "SAYS 2", "SAYS 3", "SAYS 4"]);
    expect(code).toBe(0);
  });

  test("or role likewise", async () => {
    const { said } = await plan({
      "site.yml": play("  tasks:\n    - set_fact: { n: 0 }\n    - include_role: { name: r }\n"),
      "roles/r/tasks/main.yml": `- set_fact: { n: "{{ n | int + 1 }}" }\n${say("{{ n }}")}- include_role: { name: r }\n  when: n | int < 3\n`,
    });
    expect(said.match(/SAYS \d/g)).toEqual(["SAYS 1", "SAYS 2", "SAYS 3"]);
  });

  test("without an end is told", async () => {
    const { code, said } = await plan({
      "site.yml": play("  tasks:\n    - include_tasks: on.yml\n"),
      "on.yml": "- include_tasks: on.yml\n  when: inventory_hostname == 'one'\n",
    });
    expect(said).toContain("the file includes itself more than 50 times");
    expect(said).toContain("at on.yml:1:18");
    expect(code).toBe(1);
  });
});

test("what is below the file of an import is told, as nothing takes it", async () => {
  const { code, said } = await plan({
    "site.yml": "- import_playbook: web.yml port=80 tags=x\n",
    "web.yml": play(`  tasks:\n    ${say("web")}`),
  });
  expect(said).toContain(
    'import_playbook takes a file: "port=80", "tags=x" after it is not used; set variables under vars (site.yml:1:20)',
  );
  expect(said).toContain("SAYS web");
  expect(code).toBe(0);
});

test("a template includes others from the task's directories, and from its own", async () => {
  const { said } = await plan({
    "site.yml": play("  roles: [r]\n"),
    "roles/r/tasks/main.yml": say("{{ lookup('template', 'deep/page.j2') }}"),
    "roles/r/templates/deep/page.j2":
      "{% include 'head.j2' %} {% include 'body.j2' %} {{ lookup('file', 'text') }}",
    "roles/r/templates/head.j2": "head",
    "roles/r/templates/deep/body.j2": "body",
    "roles/r/files/text": "text",
  });
  expect(said).toContain("SAYS head body text");
});
