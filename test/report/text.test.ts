import pc from "picocolors";
import { expect, test } from "vitest";
import { jsonReport, type HostReport } from "../../src/report/summary.ts";
import { renderChanges, renderPlanSum, renderRecap } from "../../src/report/text.ts";

const plain = pc.createColors(false);
const ok: HostReport = { status: "ok", changes: [], failed: null, deferred: [], rounds: 1 };
const changed: HostReport = { ...ok, status: "changed", changes: [{ task: "link", module: "file", item: "/usr/bin/runc", diff: [{ kind: "field", title: "type", before: null, after: "link" }], undo: "rm x" }, { task: "run", module: "command", diff: [], undo: null }] };
const failed: HostReport = { ...ok, status: "failed", failed: { task: "check", message: "no room\nat all", hint: "make room", place: "site.yml:3:5" } };
const away: HostReport = { ...ok, status: "unreachable", failed: { task: "", message: "connection refused", hint: "is sshd running?" } };

const report = jsonReport("plan", new Map([["a", changed], ["b", ok], ["c", changed], ["d", failed], ["e", away]]));

test("hosts with the same changes stand together, failures say why and what mends them", () => {
  expect(renderChanges(report, plain, true)).toEqual([
    "", "a, c: changed", "  ~ link [/usr/bin/runc] (file)", "      + type: link", "  ~ run (command, no undo)",
    "", "b: ok",
    "", "d: failed", "  x check: no room", "    at all", "    at site.yml:3:5", "    mend: make room",
    "", "e: unreachable", "  x connection refused", "    mend: is sshd running?",
  ]);
});

test("the totals count hosts by status, and changes over all hosts", () => {
  expect(report.totals).toEqual({ hosts: 5, ok: 1, changed: 2, failed: 1, unreachable: 1, changes: 4 });
  expect(renderPlanSum(report)).toBe("4 changes on 2 hosts (5 hosts looked at: 1 failed, 1 unreachable).");
  expect(renderRecap(report, plain).at(-1)).toBe("5 hosts: 1 ok, 2 changed, 1 failed, 1 unreachable; 4 changes");
});

test("a plan that is not exact says so", () => {
  expect(renderPlanSum(jsonReport("plan", new Map([["a", { ...ok, deferred: ["x: known after apply, it needs y"] }]])))).toMatch(/inexact/);
});
