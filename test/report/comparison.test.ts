import { expect, test } from "vitest";
import {
  compareSteps,
  renderComparison,
  type HostSteps,
  type ToldTask,
} from "../../src/report/comparison.ts";

// A task at a line, that came to a status.
const at = (line: number, status: ToldTask["status"], more: Partial<ToldTask> = {}): ToldTask => ({
  place: `/site.yml:${line}`,
  task: `task ${line}`,
  status,
  ...more,
});
const steps = (...all: ToldTask[]): HostSteps => ({ steps: all });
const ended = (why: string, ...all: ToldTask[]): HostSteps => ({ steps: all, ended: why });
const item = (number: number): Partial<ToldTask> => ({ item: { number, label: `i${number}` } });

test.each<[string, HostSteps, HostSteps, string[]]>([
  [
    "the same",
    steps(at(1, "ok"), at(2, "changed")),
    steps(at(1, "ok"), at(2, "changed")),
    ["1 same", "2 same"],
  ],
  ["another status", steps(at(1, "ok")), steps(at(1, "changed")), ["1 different"]],
  [
    "items by their numbers",
    steps(at(1, "ok", item(0)), at(1, "changed", item(1))),
    steps(at(1, "ok", item(0)), at(1, "ok", item(1))),
    ["1 same", "1 different"],
  ],
  [
    "a task that Ansible does not come to",
    steps(at(2, "ok")),
    steps(at(1, "ok"), at(2, "ok")),
    ["1 different", "2 same"],
  ],
  [
    "a task that we do not come to",
    steps(at(1, "ok"), at(2, "ok")),
    steps(at(2, "ok")),
    ["1 different", "2 same"],
  ],
  [
    "a task that is done twice",
    steps(at(1, "ok"), at(2, "ok"), at(1, "ok")),
    steps(at(1, "ok"), at(2, "ok"), at(1, "changed")),
    ["1 same", "2 same", "1 different"],
  ],
  [
    "what is not supported",
    steps(at(1, "changed")),
    steps(at(1, "failed", { isUnsupported: true })),
    ["1 refused"],
  ],
  [
    "what Ansible's check leaves out",
    steps(at(1, "skipped", { untold: "check" })),
    steps(at(1, "changed")),
    ["1 untold"],
  ],
  [
    "what we leave out and Ansible would do",
    steps(at(1, "skipped", { untold: "check" })),
    steps(at(1, "skipped")),
    ["1 same"],
  ],
  [
    "what is known after apply",
    steps(at(1, "ok")),
    steps(at(1, "deferred", { untold: "needs x" })),
    ["1 untold"],
  ],
  [
    "what rests on earlier tasks",
    steps(at(1, "changed"), at(2, "changed")),
    steps(at(1, "changed"), at(2, "ok", { untold: "rests" })),
    ["1 same", "2 untold"],
  ],
  [
    "what rests on earlier tasks, and is the same",
    steps(at(1, "changed"), at(2, "ok")),
    steps(at(1, "changed"), at(2, "ok", { untold: "rests" })),
    ["1 same", "2 same"],
  ],
  [
    "Ansible's check that fails behind a change",
    steps(at(1, "changed"), at(2, "failed", { message: "m" })),
    steps(at(1, "changed"), at(2, "changed")),
    ["1 same", "2 untold"],
  ],
  [
    "a failure of Ansible alone",
    steps(at(1, "ok"), at(2, "failed", { message: "m" })),
    steps(at(1, "ok"), at(2, "ok")),
    ["1 same", "2 different"],
  ],
  [
    "a handler behind what is not told",
    steps(at(1, "skipped", { untold: "check" })),
    steps(at(1, "changed"), at(9, "ok")),
    ["1 untold", "9 untold"],
  ],
  [
    "a host that Ansible lost",
    ended("no Python", at(1, "ok")),
    steps(at(1, "ok"), at(2, "ok")),
    ["1 same", "2 not reached"],
  ],
  [
    "a host that we lost",
    steps(at(1, "ok"), at(2, "ok")),
    ended("gone", at(1, "ok")),
    ["1 same", "2 not reached"],
  ],
  ["nothing", steps(), steps(), []],
])("%s", (_what, ansible, ours, wanted) => {
  const told = compareSteps("h", ansible, ours).map(
    ({ place, likeness }) => `${place.replace(/.*:/, "")} ${likeness}`,
  );
  expect(told).toEqual(wanted);
});

test("hosts with the same finding are told together, and the sum is last", () => {
  const [theirs, ours] = [
    steps(at(1, "ok"), at(2, "ok")),
    steps(at(1, "ok"), at(2, "changed", item(0))),
  ];
  const compared = ["a", "b"].flatMap((host) => compareSteps(host, theirs, ours));
  expect(renderComparison(compared, false)).toEqual([
    "Different:",
    "  task 2 (item i0)\n    at /site.yml:2\n    Ansible: ok; Hullwright: changed\n    on a, b",
    "",
    "4 tasks on 2 hosts: 2 same, 2 different, 0 not supported, 0 not shown, 0 not reached",
  ]);
  expect(renderComparison(compared, true).join("\n")).toMatch(/Same:\n {2}task 1\n/);
});

test("hosts whose findings differ in their own name alone are told together", () => {
  const compared = ["n1", "n2"].flatMap((host) =>
    compareSteps(host, ended(`cannot resolve ${host}: unknown`), steps(at(1, "ok"))),
  );
  expect(renderComparison(compared, false)).toEqual([
    "Not reached:",
    expect.stringMatching(
      /cannot resolve n1: unknown\n {4}on n1, n2, for example on n1$/,
    ) as string,
    "",
    expect.stringContaining("2 not reached") as string,
  ]);
});

test.each<[string, string | undefined, string | undefined, boolean, string]>([
  ["the same", '["a"]', '["a"]', false, "same"],
  ["another text", '["a"]', '["b"]', false, "different"],
  ["another text in a dry run", '["a"]', '["b"]', true, "same"],
  ["something on one side alone", '["a"]', undefined, false, "same"],
])("debug tasks that print %s", (_what, shows, ours, isDry, likeness) => {
  const step = (text?: string): HostSteps =>
    steps(at(1, "ok", text === undefined ? {} : { shows: text }));
  const [found] = compareSteps("h", step(shows), step(ours), { isDry });
  expect(found!.likeness).toBe(likeness);
});
