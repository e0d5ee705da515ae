import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPlan, writePlan, type PlanParts } from "../../../src/cli/run/saved-plan.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-saved-"));
const file = join(folder, "plan");
const diff = [{ kind: "text" as const, title: "/etc/a", before: "", after: "1\n" }];
const promised = { id: "0", task: "t", module: "copy", before: "b", after: "a", steps: "s", diff };
const parts: PlanParts = {
  files: [],
  hosts: { "10": { changes: [promised], deferred: [] }, a: { changes: [], deferred: [] } },
  unplanned: [],
  report: {} as PlanParts["report"],
  words: {},
};
beforeAll(() =>
  writePlan(file, [join(folder, "p.yml")], { verbose: 0, extraVars: ["a=1"] }, parts),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// What is said of the file of a plan with a text like this one.
function said(text: string): string {
  const other = join(folder, "other");
  writeFileSync(other, text);
  try {
    return readPlan(other) ? "a plan" : "no plan";
  } catch (error) {
    return (error as Error).message.replace(other, "FILE");
  }
}

test.each<[what: string, edit: (text: string) => string, said: string]>([
  ["as it was written", (text) => text, "a plan"],
  ["in another form", (text) => JSON.stringify(JSON.parse(text)), "a plan"],
  [
    "with another text in what is shown",
    (text) => text.replace("/etc/a", "/etc/b"),
    "FILE has been edited since it was saved",
  ],
  [
    "with a change less",
    (text) => text.replace('"deferred": []', '"deferred": ["0"]'),
    "FILE has been edited since it was saved",
  ],
  ["cut off", (text) => text.slice(0, -20), "FILE is not whole"],
  [
    "of another version",
    (text) => text.replace('"version": 3', '"version": 2'),
    "FILE was not written by this version of hullwright",
  ],
  ["which is a playbook", () => "- hosts: all\n", "no plan"],
])("a saved plan %s", (_what, edit, wanted) => {
  expect(said(edit(readFileSync(file, "utf8")))).toBe(wanted);
});
