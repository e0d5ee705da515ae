/** The exit codes of docs/exit-codes.md, one call each. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownHome } from "./own-home.ts";
import { call } from "./call.ts";

const root = ownHome(beforeAll);
const from = process.cwd();
const HEAD = "- hosts: all\n  gather_facts: false\n  tasks:\n";
const FILES = {
  hosts: "a ansible_connection=local\nb ansible_connection=local\n",
  half: "a ansible_connection=local\nlost ansible_host=127.0.0.1 ansible_port=9\n",
  lost: "lost ansible_host=127.0.0.1 ansible_port=9\n",
  "ok.yml": `${HEAD}    - debug: { msg: x }\n`,
  "asks.yml": `${HEAD}    - stat: { path: / }\n      register: it\n    - assert: { that: it.stat.isdir }\n`,
  "change.yml": `${HEAD}    - copy: { content: x, dest: ${root}/out/x }\n`,
  // what it writes is of the user who runs the test, whom the plan does not know
  "makes.yml": `${HEAD}    - command: touch ${root}/out/made\n      args: { creates: ${root}/out/made }\n`,
  "known-later.yml": `${HEAD}    - { command: echo a, register: it, changed_when: "'a' in it.stdout" }\n    - copy: { content: "{{ it.stdout }}", dest: ${root}/out/later }\n`,
  "fails.yml": `${HEAD}    - stat: { path: / }\n      register: it\n    - command: touch ${root}/out/fails\n    - fail: { msg: x }\n      when: it.stat.isdir\n`,
  "fails-later.yml": `${HEAD}    - command: "false"\n`,
  "mistake.yml": `${HEAD}    - copi: { content: x, dest: /x }\n`,
};

beforeAll(() => {
  mkdirSync(join(root, "out"));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(root, name), text);
  process.chdir(root);
});
afterAll(() => process.chdir(from));

/** A call, and its exit code; those of one list are made one after another. */
const CALLS: [call: string, code: number][] = [
  ["plan ok.yml -i hosts", 0],
  ["plan asks.yml -i hosts", 0],
  ["plan change.yml -i hosts", 2],
  ["plan known-later.yml -i hosts", 2],
  ["plan fails.yml -i hosts", 1],
  ["plan mistake.yml -i hosts", 1],
  ["plan nothere.yml -i hosts", 1],
  ["plan change.yml", 1],
  ["plan change.yml --allow-empty", 0],
  ["plan change.yml -i half", 4],
  ["plan asks.yml -i lost", 4],
  ["plan fails.yml -i half", 4],
  ["plan --nope", 1],
  ["nope", 1],
  ["plan mistake.yml --syntax-check", 1],
  ["plan ok.yml --syntax-check", 0],
  ["plan ok.yml -i hosts --list-hosts", 0],
  ["plan mistake.yml -i hosts --list-tasks", 1],
  ["apply change.yml -i hosts --check", 2],
  ["apply asks.yml -i hosts --check", 0],
  ["apply fails.yml -i hosts --check", 1],
  ["apply change.yml -i half --check", 4],
  ["apply change.yml -i hosts", 1],
  ["apply ok.yml -i hosts", 0],
  ["apply mistake.yml -i hosts --yes", 1],
  ["apply fails-later.yml -i hosts --yes", 2],
  ["apply fails.yml -i hosts --yes", 2],
  ["apply fails-later.yml -i half --yes", 4],
  ["plan makes.yml -i hosts -o plan.bin", 2],
  ["show plan.bin", 2],
  ["apply plan.bin --check", 2],
  ["apply makes.yml -i hosts --yes", 0],
  ["apply makes.yml -i hosts --yes", 0],
  ["apply plan.bin", 0],
  ["lint ok.yml", 0],
  ["lint mistake.yml", 2],
  ["lint --nope", 1],
  ["doc copy", 0],
  ["doc nope", 1],
  ["--help", 0],
  ["--version", 0],
];

test.each(CALLS)("hullwright %s: %i", async (line, code) => {
  expect((await call(...line.split(" "))).code).toBe(code);
});

test("a saved plan of which a host is not any more what it says: 2, and 1 where the files are not", async () => {
  expect((await call(..."plan change.yml -i hosts -o moved.bin".split(" "))).code).toBe(2);
  writeFileSync(join(root, "out/x"), "of somebody else");
  expect((await call("apply", "moved.bin")).code).toBe(2);
  writeFileSync(join(root, "change.yml"), FILES["ok.yml"]);
  expect((await call("apply", "moved.bin")).code).toBe(1);
});

test("the counts of a plan are of the hosts that have changes, also where they fail", async () => {
  const { said } = await call(..."plan fails.yml -i hosts".split(" "));
  expect(said).toMatch(/^2 changes on 2 hosts \(2 hosts looked at: 2 failed\)\.$/m);
});

describe("the page", () => {
  test("has every code", () => {
    const page = readFileSync(join(from, "docs/exit-codes.md"), "utf8");
    const told = [...page.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes]) =>
      codes!.split(", "),
    );
    for (const [line, code] of CALLS) expect(told, line).toContain(String(code));
  });
});
