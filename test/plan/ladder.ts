import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One level of variables, and the file (or the play's own part) that sets them. */
interface Level {
  name: string;
  /** Where its variables are written, as YAML or JSON. */
  file: string;
}

/** The levels of Ansible's documentation that a playbook can set, weakest first. */
export const LEVELS: readonly Level[] = [
  { name: "role defaults", file: "roles/r/defaults/main.yml" },
  { name: "group vars of the inventory", file: "inventory/hosts.yml" },
  { name: "inventory group_vars/all", file: "inventory/group_vars/all.yml" },
  { name: "playbook group_vars/all", file: "group_vars/all.yml" },
  { name: "inventory group_vars/*", file: "inventory/group_vars/g.yml" },
  { name: "playbook group_vars/*", file: "group_vars/g.yml" },
  { name: "host vars of the inventory", file: "inventory/hosts.yml" },
  { name: "inventory host_vars", file: "inventory/host_vars/h.yml" },
  { name: "playbook host_vars", file: "host_vars/h.yml" },
  { name: "play vars", file: "play.yml" },
  { name: "vars_files", file: "files.yml" },
  { name: "vars of a role's use", file: "play.yml" },
  { name: "role vars", file: "roles/r/vars/main.yml" },
  { name: "block vars", file: "roles/r/tasks/main.yml" },
  { name: "task vars", file: "roles/r/tasks/shown.yml" },
  { name: "set_fact", file: "roles/r/tasks/main.yml" },
  { name: "role params", file: "play.yml" },
  { name: "include params", file: "roles/r/tasks/main.yml" },
  { name: "extra vars", file: "extra.yml" },
];

/** Two levels that set one variable, weaker first. */
export interface Pair {
  variable: string;
  weaker: string;
  stronger: string;
}

/** Every pair of levels, each with a variable of its own. */
export const PAIRS: readonly Pair[] = LEVELS.flatMap((weaker, i) =>
  LEVELS.slice(i + 1).map((stronger, j) => ({
    variable: `v_${i}_${i + 1 + j}`,
    weaker: weaker.name,
    stronger: stronger.name,
  })),
);

// The variables that one level sets.
function varsOf(level: string): string {
  return JSON.stringify(
    Object.fromEntries(
      PAIRS.filter(({ weaker, stronger }) => weaker === level || stronger === level).map(
        ({ variable }) => [variable, level],
      ),
    ),
  );
}

// Lays a playbook whose one task sees every variable, and writes what it sees to `seen` as JSON.
export function layLadder(folder: string): {
  playbook: string;
  inventory: string;
  extra: string;
  seen: string;
} {
  const seen = join(folder, "seen");
  const shown = `{ ${PAIRS.map(({ variable }) => `'${variable}': ${variable}`).join(", ")} }`;
  const texts: Record<string, string> = {
    "play.yml": `- hosts: all
  gather_facts: false
  vars: ${varsOf("play vars")}
  vars_files: [files.yml]
  roles:
    - ${JSON.stringify({ role: "r", vars: JSON.parse(varsOf("vars of a role's use")) as object, ...(JSON.parse(varsOf("role params")) as object) })}
`,
    "roles/r/tasks/main.yml": `- set_fact: ${varsOf("set_fact")}
- vars: ${varsOf("block vars")}
  block: [{ include_tasks: shown.yml, vars: ${varsOf("include params")} }]
`,
    "roles/r/tasks/shown.yml": `- vars: ${varsOf("task vars")}\n  copy: { dest: "${seen}", content: "{{ ${shown} | to_json }}" }\n`,
    "inventory/hosts.yml": JSON.stringify({
      all: {
        hosts: {
          h: {
            ansible_connection: "local",
            ...(JSON.parse(varsOf("host vars of the inventory")) as object),
          },
        },
        children: {
          g: {
            hosts: { h: {} },
            vars: JSON.parse(varsOf("group vars of the inventory")) as object,
          },
        },
      },
    }),
  };
  const plain = LEVELS.filter(({ file }) => !Object.hasOwn(texts, file)).map(
    ({ name, file }) => [file, varsOf(name)] as const,
  );
  for (const [file, text] of [...Object.entries(texts), ...plain]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return {
    playbook: join(folder, "play.yml"),
    inventory: join(folder, "inventory"),
    extra: `@${join(folder, "extra.yml")}`,
    seen,
  };
}
