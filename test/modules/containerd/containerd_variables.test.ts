import { readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { VARIABLE_RULES } from "../../../src/modules/containerd/containerd_variables/rules.ts";
import { readDefaults } from "../../docs/variables.ts";

const ROLES = "playbooks/roles";

const registeredIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((file) =>
    [...readFileSync(`${folder}/${file}`, "utf8").matchAll(/^ +register: (\w+)$/gm)].map(
      (match) => match[1]!,
    ),
  );
const keywordsOf = (playbook: string): string[] =>
  [...readFileSync(playbook, "utf8").matchAll(/\{\{ (\w+) \| default/g)].map((match) => match[1]!);

test.each([
  { playbook: "playbooks/containerd.yml", role: "containerd", known: "containerd_known_variables" },
  { playbook: "playbooks/smoke.yml", role: "smoke", known: "smoke_known_variables" },
  { playbook: "playbooks/images.yml", role: "images", known: "images_known_variables" },
  { playbook: "playbooks/tools.yml", role: "tools", known: "tools_known_variables" },
  { playbook: "playbooks/prune.yml", role: "prune", known: "prune_known_variables" },
])(
  "the role $role knows the names of its defaults, its own variables, what it registers, and the play's keywords",
  ({ playbook, role, known }) => {
    const folder = `${ROLES}/hullwright.${role}`;
    const defaults = readFileSync(`${folder}/defaults/main.yml`, "utf8");
    const own = load(readFileSync(`${folder}/vars/main.yml`, "utf8")) as Record<string, unknown>;
    const names = [
      ...[...defaults.matchAll(/^(?:# )?(\w+):/gm)].map((match) => match[1]!),
      ...Object.keys(own),
      ...registeredIn(`${folder}/tasks`),
      ...keywordsOf(playbook),
      // upgrade.yml is containerd.yml with batches
      ...(role === "containerd" ? keywordsOf("playbooks/upgrade.yml") : []),
    ];
    expect([...(own[known] as string[])].sort()).toEqual([...new Set(names)].sort());
  },
);

test("every variable that a user may set has a rule", () => {
  const settable = ["containerd", "smoke", "images", "prune", "tools"].flatMap((role) => [
    ...readDefaults(readFileSync(`${ROLES}/hullwright.${role}/defaults/main.yml`, "utf8")),
  ]);
  const names = settable.map(({ name }) => name);
  expect(names.filter((name) => VARIABLE_RULES[name] === undefined)).toEqual([]);
});
