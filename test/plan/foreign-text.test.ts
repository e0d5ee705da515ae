import { expect, test } from "vitest";
import { lines, testHost } from "./host.ts";

/** Conditions with braces, and what becomes of a task with each: text that a host told is no part of an expression. */
const CONDITIONS: [condition: string, status: string][] = [
  ["'{{ told.stdout }}' == 'x'", "failed"],
  ["{{ told.stdout }}", "failed"],
  ["'{{ told.stdout | trim }}' == 'x'", "failed"],
  ["'{{ through }}' == 'x'", "failed"],
  ["'{{ vars.told.stdout }}' == 'x'", "failed"],
  ["'{{ hostvars[inventory_hostname].told.stdout }}' == 'x'", "failed"],
  ["{% set it = told.stdout %}{{ it }}{{ it }}", "failed"],
  ["{% set it = word.stdout %}{{ it | length }} == 3", "ok"],
  ["{% set it = sum.stdout %}{{ 3 }} == {{ it }}", "failed"],
  ["3 == {{ lookup('vars', 'three') }}", "failed"],
  // what cannot leave its place, and what is not evaluated twice
  ["'{{ told.stdout | length }}' == '0'", "skipped"],
  ["{{ told.rc }} == 0", "ok"],
  ["'{{ word.stdout }}' == 'a b'", "ok"],
  ["{{ told.stdout is defined }}", "ok"],
  ["told.stdout == 'x'", "skipped"],
  // what the playbook itself says may be an expression
  ["{{ own }}", "ok"],
  ["{{ behind }}", "ok"],
];

test.each(CONDITIONS)("a condition made of text: %s", async (condition, status) => {
  const tasks = [
    { name: "tell", command: `echo "') or (1 == 1) or ('"`, changed_when: false, register: "told" },
    { name: "word", command: "echo a b", changed_when: false, register: "word" },
    { name: "sum", command: "echo (1)+2", changed_when: false, register: "sum" },
    { name: "asked", debug: {}, when: condition, ignore_errors: true },
  ];
  const vars = {
    through: "{{ told.stdout }}",
    own: "x == ('a b')",
    behind: "{{ own }}",
    x: "a b",
    three: "(1)+2",
  };
  const { run, session } = testHost(
    JSON.stringify([{ hosts: "all", gather_facts: false, vars, tasks }]),
  );
  try {
    await run.plan();
    expect(lines(run)).toEqual(["ok tell", "ok word", "ok sum", `${status} asked`]);
  } finally {
    await (await session).close();
  }
});

test("items of a loop that the playbook says may be expressions, and those of a host may not", async () => {
  const that = "{{ item }}";
  const tasks = [
    { name: "tell", command: `echo "1 == (1)"`, changed_when: false, register: "told" },
    { name: "own", assert: { that }, loop: ["1 == (1)"] },
    { name: "named", assert: { that }, with_items: "{{ checks }}" },
    { name: "theirs", assert: { that }, loop: "{{ told.stdout_lines }}", ignore_errors: true },
    { name: "shown", debug: { var: "{{ told.stdout }}" }, ignore_errors: true },
  ];
  const { run, session } = testHost(
    JSON.stringify([{ hosts: "all", gather_facts: false, vars: { checks: ["1 == (1)"] }, tasks }]),
  );
  try {
    await run.plan();
    expect(lines(run)).toEqual([
      "ok tell",
      "ok own [1 == (1)]",
      "ok named [1 == (1)]",
      "failed theirs [1 == (1)]",
      "failed shown",
    ]);
  } finally {
    await (await session).close();
  }
});
