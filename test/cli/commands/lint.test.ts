import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { call } from "../call.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-lint-"));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const fine = file("fine.yml", "- name: p\n  hosts: all\n  tasks:\n    - {name: a, ping: }\n");
const warnings = file("slips.yml", "- name: p\n  hosts: all\n  tasks:\n    - ping:\n");
const wrong = file(
  "wrong.yml",
  "- name: p\n  hosts: all\n  tasks:\n    - {name: a, pign: }\n    - {name: b, ping: , wen: c}\n",
);

test.each<[string, string[], number, RegExp]>([
  ["nothing found", ["lint", fine], 0, /^1 playbook, 1 play: no errors, no warnings\n$/],
  [
    "warnings alone",
    ["lint", warnings],
    0,
    /warning: \[name\] this task has no name\n {2}at .*slips.yml:4:7\n/,
  ],
  ["warnings that count", ["lint", "--strict", warnings], 2, /0 errors, 1 warning\n$/],
  [
    "warnings that are left out",
    ["lint", "--strict", "-x", "name,no-jinja-when", warnings],
    0,
    /no errors, no warnings/,
  ],
  [
    "mistakes, all of them",
    ["lint", fine, wrong],
    2,
    /unknown module "pign"[\s\S]*unknown keyword "wen" in a task[\s\S]*2 playbooks, 2 plays: 2 errors, 0 warnings/,
  ],
  [
    "a rule that does not exist",
    ["lint", "-x", "nmae", fine],
    1,
    /there is no rule "nmae"\n {2}hint: did you mean "name"\?/,
  ],
  ["no playbook", ["lint"], 1, /which playbook\?/],
  ["the list of rules", ["lint", "--rules"], 0, /^name +A task without a name/],
  [
    "--syntax-check, which tells no warnings",
    ["plan", "--syntax-check", warnings],
    0,
    /no errors, no warnings/,
  ],
  [
    "--syntax-check of what is wrong",
    ["apply", "--syntax-check", wrong],
    1,
    /unknown module "pign"[\s\S]*unknown keyword "wen"/,
  ],
])("%s", async (_what, words, wanted, says) => {
  const { code, said } = await call(...words);
  expect(said).toMatch(says);
  expect(code).toBe(wanted);
});

test("findings as JSON", async () => {
  const { code, said } = await call("lint", "--format", "json", warnings);
  expect(JSON.parse(said)).toEqual([
    {
      severity: "warning",
      rule: "name",
      message: "this task has no name",
      hint: "add one that says what it is for: - name: ...",
      file: warnings,
      line: 4,
      column: 7,
      at: `${warnings}:4:7`,
    },
  ]);
  expect(code).toBe(0);
});
