import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { askProgram } from "../../../src/probes/system/program.ts";
import type { ProbeKind } from "../../../src/probes/probe.ts";

const kind = askProgram("sh").kind as ProbeKind<unknown, boolean>;

test("a host says which programs are in its search path", () => {
  const asked = ["sh", "no such program", "cat"].map((name) => ({ name }));
  const output = execFileSync("sh", { input: kind.script(asked).sh, encoding: "utf8" });
  expect(kind.parse(output, asked)).toEqual([true, false, true]);
  expect(() => kind.parse("+\n", asked)).toThrow(/no such program/);
});

test.each([
  ["package", "cron", false, true],
  ["path", "/usr/bin/crontab", false, true],
  ["path", "/usr/bin/other", false, false],
  ["package", "cron", true, false],
])("one that is missing may come with a planned %s %s", (of, subject, answer, expected) => {
  expect(kind.planned!.madeOf!({ name: "crontab" }, of, subject, answer)).toBe(expected);
});
