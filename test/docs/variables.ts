import { readFileSync } from "node:fs";

/** The playbooks whose variables are described. */
const PLAYBOOKS = ["playbooks/containerd.yml", "playbooks/smoke.yml"];

/** One variable that a user may set: the default as an expression, and the comment above it. */
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
    `<!-- Written by \`npm run docs\` from ${PLAYBOOKS.join(" and ")}; change it there. -->`, "",
    "Set them in the inventory, in `group_vars/` and `host_vars/`, or with `-e`. A default is an expression; the names in",
    "it that stand in no table are the playbook's own.", "",
    ...PLAYBOOKS.flatMap((file) => [`## ${file.replace("playbooks/", "")}`, "", "| Variable | Default | |", "|---|---|---|", ...readVariables(readFileSync(file, "utf8")).map(row), ""]),
  ].join("\n");
}

function row({ name, fallback, description }: Variable): string {
  return `| \`${name}\` | ${fallback === undefined ? "**required**" : `\`${cell(fallback)}\``} | ${cell(description)} |`;
}

/**
 * Reads the variables that a playbook takes, as written line by line, since comments are gone once YAML is data: the
 * play's own `NAME_: "{{ NAME | default(...) }}"`, with the comment right above it.
 */
export function readVariables(playbook: string): Variable[] {
  const variables: Variable[] = [];
  let comment: string[] = [];
  for (const line of playbook.split("\n")) {
    const [, remark] = /^\s+# ?(.*)$/.exec(line) ?? [];
    const [, name, fallback] = /^\s+(\w+)_: "\{\{ \1(?: \| default\((.*)\))? \}\}"$/.exec(line) ?? [];
    if (name !== undefined) variables.push({ name, fallback, description: comment.join(" ") });
    comment = remark === undefined ? [] : [...comment, remark];
  }
  return variables;
}

// Text that may stand in a table.
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
