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
const slips = file("slips.yml", "- name: p\n  hosts: all\n  tasks:\n    - ping:\n");
const wrong = file(
  "wrong.yml",
  "- name: p\n  hosts: all\n  tasks:\n    - {name: a, pign: }\n    - {name: b, ping: , wen: c}\n",
);

test.each<[string, string[], number, RegExp]>([
  ["nothing found", ["lint", fine], 0, /^1 playbook, 1 play: no mistake found\n$/],
  [
    "slips alone",
    ["lint", slips],
    0,
    /slip: \[name\] this task has no name\n {2}at .*slips.yml:4:7\n/,
  ],
  ["slips that count", ["lint", "--strict", slips], 2, /0 mistakes, 1 likely slip\n$/],
  [
    "slips that are left out",
    ["lint", "--strict", "-x", "name,no-jinja-when", slips],
    0,
    /no mistake found/,
  ],
  [
    "mistakes, all of them",
    ["lint", fine, wrong],
    2,
    /unknown module "pign"[\s\S]*unknown keyword "wen" in a task[\s\S]*2 playbooks, 2 plays: 2 mistakes, 0 likely slips/,
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
    "--syntax-check, which tells no slips",
    ["plan", "--syntax-check", slips],
    0,
    /no mistake found/,
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
  const { code, said } = await call("lint", "--format", "json", slips);
  expect(JSON.parse(said)).toEqual([
    {
      severity: "slip",
      rule: "name",
      message: "this task has no name",
      hint: "say what it is for: - name: ...",
      file: slips,
      line: 4,
      column: 7,
      at: `${slips}:4:7`,
    },
  ]);
  expect(code).toBe(0);
});
