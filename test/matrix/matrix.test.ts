import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { allCells, drawnCells, nameOf, STAGES, type Stage } from "./cells.ts";
import { withTable } from "./page.ts";
import { tableOf, type StageResult } from "./table.ts";

const page = readFileSync("docs/matrix.md", "utf8");
const [cell] = allCells();
const result = (stages: [Stage, StageResult][]) => ({
  cell: cell!,
  version: "1.4.13",
  stages: new Map(stages),
});

describe("the table", () => {
  test("has a line for each cell, and says what was not tried", () => {
    const table = tableOf([result([["fresh", { words: "15 changes", wrong: [] }]])]);
    expect(table).toContain("| 1.4.13 | overlayfs on ext4 | 15 changes | – | – | – | – | – |");
  });

  test("names below it what was wrong, the first line of each", () => {
    const wrong = ["plan has nothing", "apply ends with 2\nand more"];
    const table = tableOf([result([["drift", { words: "9 of 11", wrong }]])]);
    expect(table).toContain("| **wrong** (9 of 11) |");
    expect(table).toMatch(
      /\n\n- 1\.4\.13, overlayfs, drift: plan has nothing\n- .*: apply ends with 2$/,
    );
  });

  test.each([
    ["a good one", [] as string[]],
    ["a bad one", ["one", "two"]],
  ])("replaces the one of the page, and nothing else: %s", (_name, wrong) => {
    const table = tableOf([result([["fresh", { words: "x", wrong }]])]);
    const once = withTable(page, "2030-01-01", table);
    expect(once).toContain(`On 2030-01-01:\n\n${table}\n\nA round is`);
    expect(withTable(once, "2031-01-01", table)).toBe(once.replace("2030-01-01", "2031-01-01"));
  });
});

test("a seed draws the same cells, each once", () => {
  expect(drawnCells(7, 5)).toEqual(drawnCells(7, 5));
  expect(new Set(drawnCells(7, 99).map(nameOf)).size).toBe(allCells().length);
});

test("the page has a line of every cell, and nothing in it was wrong", () => {
  const rows = page.split("\n").filter((line) => /^\| \d/.test(line));
  const cells = rows.map((row) => row.split(" | ").slice(0, 2).join(", ").replace("| ", ""));
  expect(cells.map((name) => name.replace(/^(\d+\.\d+)\.\d+/, "$1"))).toEqual(
    allCells().map(nameOf),
  );
  expect(rows.filter((row) => row.split(" | ").length !== STAGES.length + 2)).toEqual([]);
  expect(page).not.toContain("**wrong**");
});
