import pc from "picocolors";
import { expect, test } from "vitest";
import type { Diff } from "../../src/modules/module.ts";
import { renderDiff } from "../../src/report/diff.ts";
import { visible } from "../../src/report/visible.ts";

const plain = pc.createColors(false);

const cases: { name: string; diff: Diff; lines: string[] }[] = [
  { name: "a field that changes", diff: { kind: "field", title: "mode", before: "0600", after: "0644" }, lines: ["~ mode: 0600 -> 0644"] },
  { name: "a field that is new", diff: { kind: "field", title: "link", before: null, after: "/a" }, lines: ["+ link: /a"] },
  { name: "a field that goes", diff: { kind: "field", title: "link", before: "/a", after: null }, lines: ["- link: /a"] },
  { name: "a text", diff: { kind: "text", title: "/etc/x", before: "a\nb\nc\n", after: "a\nB\nc\n" }, lines: ["/etc/x", "@@ -1,3 +1,3 @@", " a", "-b", "+B", " c"] },
  { name: "control characters of a host", diff: { kind: "field", title: "x", before: null, after: "a\u001b[2Jb" }, lines: ["+ x: a\\x1b[2Jb"] },
];

test.each(cases)("shows $name", ({ diff, lines }) => {
  expect(renderDiff(diff, plain)).toEqual(lines);
});

test("a long text is cut, and says by how much", () => {
  const lines = renderDiff({ kind: "text", title: "t", before: "", after: "x\n".repeat(200) }, plain);
  expect(lines.length).toBeLessThan(70);
  expect(lines.at(-1)).toMatch(/\.\.\. \d+ more lines/);
});

test("newlines and tabs stay, other control characters do not", () => {
  expect(visible("a\tb\nc\rd\u0000\u009b")).toBe("a\tb\nc\\x0dd\\x00\\x9b");
});
