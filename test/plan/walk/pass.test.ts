import { expect, test } from "vitest";
import { testFleet } from "../fleet.ts";

/** A play whose first hosts fail, and why each host is not reached; "": it is. */
const cases: [name: string, keywords: string, fails: string, cut: string[]][] = [
  ["nobody is stopped where the hosts are each by themselves", "", "a", ["", "", "", ""]],
  [
    "hosts of later batches are not reached once a batch is lost",
    "serial: 1",
    "a",
    ["", "no host is left", "no host is left", "no host is left"],
  ],
  [
    "hosts of later batches are reached while one of the batch is left",
    "serial: 2",
    "a",
    ["", "", "", ""],
  ],
  [
    "as many as max_fail_percentage says may fail",
    "max_fail_percentage: 25",
    "a",
    ["", "", "", ""],
  ],
  [
    "one more than max_fail_percentage stops the others",
    "max_fail_percentage: 24",
    "a",
    [
      "",
      "more than 24 % of the hosts failed",
      "more than 24 % of the hosts failed",
      "more than 24 % of the hosts failed",
    ],
  ],
];

test.each(cases)("%s", async (_name, keywords, fails, cut) => {
  const fleet = testFleet(
    `
- hosts: all
  gather_facts: false
  ${keywords}
  tasks:
    - { name: stop, fail: , when: inventory_hostname == "${fails}" }
    - { name: go on, debug: { msg: x } }`,
    { all: ["a", "b", "c", "d"] },
  );
  await fleet.run.plan(() => {});
  expect(fleet.run.hosts.map((run) => run.cut ?? "")).toEqual(cut);
  const reached = fleet.lines().filter((line) => line.endsWith("go on: x"));
  expect(reached).toHaveLength(cut.filter((why) => why === "").length - 1);
  await fleet.close();
});
