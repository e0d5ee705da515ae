import { expect, test } from "vitest";
import { ownProgram, startedAs, workersFor } from "../../../src/cli/cores/workers.ts";
import type { RunFlags } from "../../../src/cli/settings/options.ts";

test("a program that does not know how it was started has no worker processes", () => {
  expect(ownProgram("part")).toBeUndefined();
  expect(workersFor({ verbose: 0, workers: 4 }, 1000, 4)).toBe(1);
});

const CASES: [what: string, flags: Partial<RunFlags>, hosts: number, workers: number][] = [
  ["few hosts are done by one", {}, 999, 1],
  ["from 1,000 hosts on there are two", {}, 1000, 2],
  ["and at last as many as processors", {}, 5000, 4],
  ["as many as wanted", { workers: 6 }, 10, 6],
  ["but no more than hosts", { workers: 6 }, 3, 3],
  ["nor than hosts at once", { forks: 2 }, 5000, 2],
  ["one, if that is wanted", { workers: 1 }, 5000, 1],
  ["a rollback looks at all hosts", { rollback: "1" }, 5000, 1],
  ["workers of a queue do it", { queue: "redis://a" }, 5000, 1],
];

test.each(CASES)("%s", (_what, flags, hosts, workers) => {
  startedAs("/main.js");
  expect(workersFor({ verbose: 0, ...flags }, hosts, 4)).toBe(workers);
});
