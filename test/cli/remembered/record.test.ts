import { mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { saveRecord, touchRecord, type RunRecord } from "../../../src/cli/remembered/record.ts";
import { jsonReport } from "../../../src/report/summary.ts";

let folder: string;
const fileOf = (name: string): string => join(folder, "runs", name);

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "hullwright-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const REPORT = {
  command: "plan",
  playbook: "play.yml",
  started: "2026-01-01T00:00:00Z",
  ended: "2026-01-01T00:00:01Z",
  seconds: 1,
  warnings: [],
  left_out_by_tags: [],
};
const RECORD: RunRecord = {
  readings: [],
  forks: 5,
  plays: [],
  report: jsonReport(REPORT, new Map()),
  hosts: [],
};

test("of more than thirty runs, those kept or recalled longest ago are forgotten", () => {
  const names = Array.from({ length: 30 }, (_, i) => `run${String(i)}`);
  names.forEach((name, i) => {
    saveRecord(fileOf(name), RECORD);
    utimesSync(fileOf(name), 1000 + i, 1000 + i);
  });
  touchRecord(fileOf("run0"));
  saveRecord(fileOf("new"), RECORD);
  expect(new Set(readdirSync(join(folder, "runs")))).toEqual(
    new Set([...names.filter((name) => name !== "run1"), "new"]),
  );
});

test("a record that is gone by now cannot be touched, which is no reason to fail", () => {
  expect(() => touchRecord(fileOf("none"))).not.toThrow();
});
