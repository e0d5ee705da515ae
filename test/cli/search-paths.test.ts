import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { call } from "./call.ts";

/** Something that names a file, where it stands, and the places at which the file is looked for, the first choice first. */
interface Search {
  name: string;
  /** The file in which the tasks stand. */
  inside: string;
  /** The tasks that read FILE, and the expression that says where it was found. */
  tasks?: string;
  says?: string;
  /** What the file holds: its place. */
  text?: string;
  places: readonly string[];
}

const LOOKUPS: readonly [name: string, where: string, says: string][] = [
  ["lookup file", "files", "lookup('file', 'FILE')"],
  ["lookup template", "templates", "lookup('template', 'FILE')"],
  ["lookup fileglob", "files", "lookup('file', lookup('fileglob', 'FILE*'))"],
  ["lookup first_found", "files", "lookup('file', lookup('first_found', 'FILE'))"],
];
const VARS = { text: "vFILE: PLACE\n", says: "vFILE" };

// The places in some directories: in each first below `where`.
function within(where: string, ...directories: string[]): string[] {
  return directories.flatMap((directory) => [join(directory, where), directory]);
}

/** Where tasks stand, and the directories in which they look for files. */
const STANDS: readonly [name: string, inside: string, directories: string[]][] = [
  ["in a role", "roles/r/tasks/main.yml", ["roles/r", "roles/r/tasks", "."]],
  [
    "in a file that a role includes",
    "roles/r/tasks/sub/more.yml",
    ["roles/r", "roles/r/tasks/sub", "."],
  ],
  [
    "in a role that another includes",
    "roles/inner/tasks/main.yml",
    ["roles/inner", "roles/r", "roles/inner/tasks", "."],
  ],
  ["in a file that a playbook includes", "more/tasks.yml", ["more", "."]],
];

const files: Search[] = STANDS.flatMap(([stand, inside, directories]) => [
  ...LOOKUPS.map(([name, where, says]) => ({
    name: `${name} ${stand}`,
    inside,
    says,
    places: within(where, ...directories),
  })),
  {
    name: `include_vars ${stand}`,
    inside,
    tasks: "- include_vars: FILE\n",
    ...VARS,
    places: within("vars", ...directories),
  },
  {
    name: `with_first_found of include_vars ${stand}`,
    inside,
    tasks: '- include_vars: "{{ item }}"\n  with_first_found: [FILE]\n',
    ...VARS,
    places: within("vars", ...directories),
  },
  {
    name: `with_first_found of set_fact ${stand}`,
    inside,
    tasks: "- set_fact: { vFILE: \"{{ lookup('file', item) }}\" }\n  with_first_found: [FILE]\n",
    says: "vFILE",
    places: within("files", ...directories),
  },
]);

const [INCLUDE, IMPORT] = ["- include_tasks: FILE\n", "- import_tasks: FILE\n"];
const TASK = "- debug: { msg: RESULT FILE PLACE }\n";
const tasks: Search[] = [
  {
    name: "include_tasks in a role",
    inside: "roles/r/tasks/main.yml",
    tasks: INCLUDE,
    text: TASK,
    places: ["roles/r/tasks", "roles/r", "tasks", "."],
  },
  {
    name: "import_tasks in a role",
    inside: "roles/r/tasks/main.yml",
    tasks: IMPORT,
    text: TASK,
    places: ["roles/r/tasks", "roles/r", "tasks", "."],
  },
  {
    name: "include_tasks in a file that a role includes",
    inside: "roles/r/tasks/sub/more.yml",
    tasks: INCLUDE,
    text: TASK,
    places: [
      "roles/r/tasks",
      "roles/r",
      "tasks",
      ".",
      "roles/r/tasks/sub/tasks",
      "roles/r/tasks/sub",
    ],
  },
  {
    name: "import_tasks in a file that a role includes",
    inside: "roles/r/tasks/sub/more.yml",
    tasks: IMPORT,
    text: TASK,
    places: [
      "roles/r/tasks/sub/tasks",
      "roles/r/tasks/sub",
      "tasks",
      ".",
      "roles/r/tasks",
      "roles/r",
    ],
  },
  {
    name: "include_tasks in a file that a playbook includes",
    inside: "more/tasks.yml",
    tasks: INCLUDE,
    text: TASK,
    places: ["more", "."],
  },
  {
    name: "import_tasks in a file that a playbook includes",
    inside: "more/tasks.yml",
    tasks: IMPORT,
    text: TASK,
    places: ["more", "."],
  },
  {
    name: "include_tasks in a role's handler",
    inside: "roles/r/handlers/main.yml",
    tasks: "- name: handle FILE\n  listen: all\n  include_tasks: FILE\n",
    text: TASK,
    places: ["roles/r/handlers", "roles/r/tasks", "roles/r", "handlers", "."],
  },
];

/** Names of files by what they are to be found at: each lies there and at all later places, and is to be found at the first. */
const wanted = new Map<string, string>();
const root = mkdtempSync(join(tmpdir(), "hullwright-search-"));
afterAll(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text, { flag: "a" });
}

// Lays out a project in which every search is done once for each of its places.
function layOut(): void {
  write(
    "site.yml",
    "- hosts: all\n  gather_facts: false\n  roles: [r]\n  tasks:\n    - include_tasks: more/tasks.yml\n",
  );
  write("hosts", "one ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n");
  write(
    "roles/r/tasks/main.yml",
    "- include_tasks: sub/more.yml\n- include_role: { name: inner }\n- command: 'true'\n  notify: all\n",
  );
  const said = new Map<string, string[]>();
  [...files, ...tasks].forEach(({ inside, tasks: used, says, text = "PLACE\n", places }, number) =>
    places.forEach((place, index) => {
      const name = `f${number}x${index}`;
      wanted.set(name, place);
      if (used !== undefined) write(inside, used.replaceAll("FILE", name));
      if (says !== undefined)
        said.set(inside, [
          ...(said.get(inside) ?? []),
          `RESULT ${name} {{ ${says.replaceAll("FILE", name)} }}`,
        ]);
      for (const one of places.slice(index))
        write(join(one, name), text.replaceAll("PLACE", one).replaceAll("FILE", name));
    }),
  );
  for (const [inside, lines] of said) write(inside, `- debug: { msg: ${JSON.stringify(lines)} }\n`);
}

// What was found where, of all that was printed.
function found(output: string): Record<string, string> {
  return Object.fromEntries(
    [...output.matchAll(/RESULT (f\d+x\d+) ([\w./]+)/g)].map(([, name, place]) => [name!, place!]),
  );
}

describe("files are looked for where ansible-playbook looks for them", () => {
  layOut();
  const all = Object.fromEntries(wanted);

  test("as this table has it", async () => {
    const { said } = await call("plan", join(root, "site.yml"), "-i", join(root, "hosts"));
    expect(found(said)).toEqual(all);
  });

  test.skipIf(!existsSync("/usr/bin/ansible-playbook"))("as Ansible itself does", () => {
    const { stdout } = spawnSync(
      "/usr/bin/ansible-playbook",
      [join(root, "site.yml"), "-i", join(root, "hosts")],
      {
        cwd: tmpdir(),
        encoding: "utf8",
        env: { ...process.env, ANSIBLE_NOCOLOR: "1", ANSIBLE_DEPRECATION_WARNINGS: "0" },
      },
    );
    expect(found(stdout)).toEqual(all);
  });
});
