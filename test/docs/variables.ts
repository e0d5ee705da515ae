import { readFileSync } from "node:fs";

/** The playbooks whose variables are described, and the role that each is made of. */
const PLAYBOOKS = [
  { playbook: "playbooks/containerd.yml", role: "hullwright.containerd" },
  { playbook: "playbooks/upgrade.yml", role: undefined },
  { playbook: "playbooks/uninstall.yml", role: undefined },
  { playbook: "playbooks/registry.yml", role: undefined },
  { playbook: "playbooks/images.yml", role: "hullwright.images" },
  { playbook: "playbooks/tools.yml", role: "hullwright.tools" },
  { playbook: "playbooks/prune.yml", role: "hullwright.prune" },
  { playbook: "playbooks/smoke.yml", role: "hullwright.smoke" },
] as const;

/** One variable that a user may set: the default as YAML writes it, and the comment above it. */
export interface Variable {
  name: string;
  /** undefined: it has to be given. */
  fallback: string | undefined;
  description: string;
}

// The tables of the shipped playbooks' variables, as Markdown.
export function variablesPage(): string {
  return [
    "# Variables of the playbooks", "",
    "<!-- Written by `npm run docs` from playbooks/ and playbooks/roles/; change it there. -->", "",
    "Set them in the inventory, in `group_vars/` and `host_vars/`, or with `-e`; in your own playbook also under `vars` of the import, or",
    "beside the role's name. A default may be an expression; names in it that are in no table are internal to the role.", "",
    "The variables of a play are needed before any host is contacted: `*_hosts` must come from `-e` or from the import, the others may",
    "also come from the inventory, if they are the same for all hosts. [Shipped playbooks as building blocks](guides/building-blocks.md)",
    "shows batches and roles.", "",
    ...PLAYBOOKS.flatMap(({ playbook, role }) => [
      `## ${playbook.replace("playbooks/", "")}`, "",
      ...table(readKeywords(readFileSync(playbook, "utf8"))),
      ...roleTable(role),
    ]),
  ].join("\n");
}

// The variables of the role that does the work; undefined: it is that of containerd.yml.
function roleTable(role: string | undefined): string[] {
  if (role === undefined)
    return ["Also the variables of the role `hullwright.containerd` (see above), with the same values as for `containerd.yml`.", ""];
  return [
    `Variables of the role \`${role}\`, which does the work:`, "",
    ...table(readDefaults(readFileSync(`playbooks/roles/${role}/defaults/main.yml`, "utf8"))),
  ];
}

function table(variables: readonly Variable[]): string[] {
  return ["| Variable | Default | |", "|---|---|---|", ...variables.map(row), ""];
}

function row({ name, fallback, description }: Variable): string {
  return `| \`${name}\` | ${fallback === undefined ? "**required**" : `\`${cell(fallback)}\``} | ${cell(description)} |`;
}

// Reads the variables that a play takes for its keywords, `serial: "{{ NAME | default(...) }}"`, with the comment right above each.
export function readKeywords(playbook: string): Variable[] {
  return readLines(playbook, /^ +\w+: "\{\{ (\w+) \| default\((.*)\) \}\}"$/);
}

// Reads the defaults of a role, each with the comment right above it. One that has no default stands there as a comment, `# NAME:`.
export function readDefaults(defaults: string): Variable[] {
  return readLines(defaults.replaceAll(/^# (\w+):$/gm, "$1:"), /^(\w+): ?(?:"\{\{ (.*) \}\}"|(.*))$/);
}

// Reads line by line, as comments are gone once YAML is data.
function readLines(text: string, pattern: RegExp): Variable[] {
  const variables: Variable[] = [];
  let comment: string[] = [];
  for (const line of text.split("\n")) {
    const [, remark] = /^\s*# ?(.*)$/.exec(line) ?? [];
    const [, name, expression, value] = pattern.exec(line) ?? [];
    if (name !== undefined) variables.push({ name, fallback: (expression ?? value) || undefined, description: comment.join(" ") });
    comment = remark === undefined ? [] : [...comment, remark];
  }
  return variables;
}

// Text that may stand in a table.
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
