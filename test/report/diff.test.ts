import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pc from "picocolors";
import { afterAll, describe, expect, test } from "vitest";
import type { Diff } from "../../src/modules/contract/module.ts";
import { renderDiff } from "../../src/report/diff.ts";
import { visible } from "../../src/report/visible.ts";

const plain = pc.createColors(false);

const cases: { name: string; diff: Diff; lines: string[] }[] = [
  {
    name: "a field that changes",
    diff: { kind: "field", title: "mode", before: "0600", after: "0644" },
    lines: ["~ mode: 0600 -> 0644"],
  },
  {
    name: "a field that is new",
    diff: { kind: "field", title: "link", before: null, after: "/a" },
    lines: ["+ link: /a"],
  },
  {
    name: "a field that goes",
    diff: { kind: "field", title: "link", before: "/a", after: null },
    lines: ["- link: /a"],
  },
  {
    name: "a text",
    diff: { kind: "text", title: "/etc/x", before: "a\nb\nc\n", after: "a\nB\nc\n" },
    lines: ["/etc/x", "@@ -1,3 +1,3 @@", " a", "-b", "+B", " c"],
  },
  {
    name: "control characters of a host",
    diff: { kind: "field", title: "x", before: null, after: "a\u001b[2Jb" },
    lines: ["+ x: a\\x1b[2Jb"],
  },
];

test.each(cases)("shows $name", ({ diff, lines }) => {
  expect(renderDiff(diff, plain)).toEqual(lines);
});

const long: Diff = { kind: "text", title: "t", before: "", after: "x\n".repeat(200) };
const wide: Diff = { kind: "field", title: "restart", before: "x".repeat(300), after: "y" };

test("what is long is cut, and says by how much, and how to see all of it", () => {
  expect(renderDiff(long, plain).slice(-2)).toEqual([
    "+x",
    "... 141 more lines (--diff=full shows all)",
  ]);
  expect(renderDiff(wide, plain)).toEqual([
    `~ restart: ${"x".repeat(160)}... (140 more characters, --diff=full shows all) -> y`,
  ]);
});

test("where all is wanted, nothing is cut", () => {
  expect(renderDiff(long, plain, true)).toHaveLength(202);
  expect(renderDiff(wide, plain, true)).toEqual([`~ restart: ${"x".repeat(300)} -> y`]);
});

describe("hunks are as diff -u writes them", () => {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-diff-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const numbers = (count: number, but: Record<number, string> = {}): string =>
    Array.from({ length: count }, (_, number) => `${but[number] ?? number}\n`).join("");

  test.each<[what: string, before: string, after: string]>([
    ["one line of many", numbers(20), numbers(20, { 9: "nine" })],
    ["two places", numbers(30), numbers(30, { 2: "two", 25: "x" })],
    ["a new file", "", "a\nb\n"],
    ["a file that gets empty", "a\nb\n", ""],
    ["seven lines to one", numbers(7), "one\n"],
    ["one line to one", "a\n", "b\n"],
    ["no newline before", "a\nb", "a\nb\n"],
    ["no newline after", "a\n", "a"],
    ["no newline at all", "a\nb", "a\nc"],
    ["a line that is added at the end", numbers(5), numbers(6)],
  ])("%s", (_what, before, after) => {
    writeFileSync(join(folder, "before"), before);
    writeFileSync(join(folder, "after"), after);
    const oracle = spawnSync("diff", ["-u", join(folder, "before"), join(folder, "after")], {
      encoding: "utf8",
    })
      .stdout.trimEnd()
      .split("\n")
      .slice(2);
    expect(renderDiff({ kind: "text", title: "t", before, after }, plain).slice(1)).toEqual(oracle);
  });
});

test("newlines and tabs stay, other control characters do not", () => {
  expect(visible("a\tb\nc\rd\u0000\u009b")).toBe("a\tb\nc\\x0dd\\x00\\x9b");
});
