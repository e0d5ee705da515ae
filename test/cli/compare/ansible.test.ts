import { expect, test } from "vitest";
import { isCompared, readTold } from "../../../src/cli/compare/ansible.ts";

// What tell.py would tell of tasks of the host h, one a line of the file.
const told = (...results: object[]): string =>
  [
    ...results.map((result, index) => ({
      host: "h",
      task: "t",
      module: "copy",
      status: "ok",
      place: `/nowhere.yml:${index + 1}`,
      ...result,
    })),
    { hosts: ["h"] },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");

test.each<[string, object[], object[], RegExp?]>([
  [
    "ok, changed and skipped for a condition",
    [
      { result: { changed: false } },
      { result: { changed: true } },
      { status: "skipped", result: { skip_reason: "Conditional result was False" } },
    ],
    [{ status: "ok" }, { status: "changed" }, { status: "skipped" }],
  ],
  [
    "what check mode leaves out",
    [{ status: "skipped", result: { msg: "Command would have run if not in check mode" } }],
    [{ status: "skipped", untold: "Ansible's check mode leaves it out" }],
  ],
  [
    "a failure, without the advice",
    [{ status: "failed", result: { msg: "bad\n\nThe error appears to be in 'x': line 1" } }],
    [{ status: "failed", message: "bad" }],
  ],
  [
    "the items of a loop",
    [
      {
        result: {
          results: [
            { changed: true, item: "a", ansible_loop_var: "item", _ansible_item_label: "label" },
            { failed: true, msg: "m", item: { b: 1 }, ansible_loop_var: "item" },
          ],
        },
      },
    ],
    [
      { status: "changed", item: { number: 0, label: "label" } },
      { status: "failed", message: "m", item: { number: 1, label: '{"b":1}' } },
    ],
  ],
  [
    "a host without Python, of which nothing more counts",
    [
      { result: {} },
      {
        module: "setup",
        status: "failed",
        result: { msg: "x", module_stderr: "/bin/sh: 1: /usr/bin/python3: not found" },
      },
      { status: "failed", result: { msg: "x is undefined" } },
    ],
    [{ status: "ok" }],
    /needs Python/,
  ],
  [
    "a host out of reach",
    [{ status: "unreachable", result: { msg: "no route" } }],
    [],
    /cannot reach the host: no route/,
  ],
  [
    "a task that does not reach its host, with ignore_unreachable",
    [{ status: "unreachable", result: { msg: "no route", unreachable: true } }, { result: {} }],
    [{ status: "unreachable", message: "no route" }, { status: "ok" }],
  ],
  ["what is not compared", [{ module: "ansible.builtin.include_tasks", result: {} }], []],
])("%s", (_what, results, steps, ended) => {
  const { h } = Object.fromEntries(readTold(told(...results), ""));
  expect(h?.steps.map(({ place: _place, task: _task, ...rest }) => rest)).toEqual(steps);
  if (ended) expect(h?.ended).toMatch(ended);
  else expect(h?.ended).toBeUndefined();
});

test("a run that told no end was refused, in Ansible's words", () => {
  expect(() => readTold("", "[WARNING]: x\nERROR! no such file\n")).toThrow(
    /^Ansible does not run this playbook: no such file$/,
  );
});

test("an include is not compared, and a module is", () => {
  expect(["include_role", "setup", "copy"].map(isCompared)).toEqual([false, false, true]);
});

test("the check of a role's variables is where its specification is, for both programs", () => {
  const context = { type: "role", name: "r", argument_spec_name: "main", path: "/no/roles/r" };
  const hosts = readTold(told({ result: { validate_args_context: context } }), "");
  expect(hosts.get("h")!.steps).toMatchObject([{ place: "/no/roles/r/meta" }]);
});
