import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cellsOf, layBook, withoutCell } from "./book.ts";
import { CONTEXTS } from "./contexts.ts";
import { MARKS } from "./marks.ts";
import { SUBJECTS } from "./subjects.ts";
import { rowOf, unexpected, withRows } from "./table.ts";

const PAGE = "docs/contexts.md";
const relative = CONTEXTS.find(({ id }) => id === "rel")!;

test("contexts and subjects have names of their own, and marks name those that are there", () => {
  const ids = CONTEXTS.map(({ id }) => id);
  const subjects = SUBJECTS.map(({ name }) => name);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(CONTEXTS.map(({ name }) => name)).size).toBe(ids.length);
  expect(new Set(subjects).size).toBe(subjects.length);
  expect(MARKS.flatMap(({ contexts = [] }) => contexts).filter((id) => !ids.includes(id))).toEqual(
    [],
  );
  expect(MARKS.flatMap((mark) => mark.subjects).filter((name) => !subjects.includes(name))).toEqual(
    [],
  );
});

test("the page has rows of known contexts alone, in their order", () => {
  const page = readFileSync(PAGE, "utf8");
  expect(withRows(page, [])).toBe(page);
});

test("a row takes the place of the old one, and says what is not the same and why", () => {
  const cells = cellsOf(relative, SUBJECTS);
  const judged = cells.map((cell) => {
    const isOther = ["copy of a text", "unarchive"].includes(cell.subject.name);
    return { cell, likeness: isOther ? ("different" as const) : ("same" as const), lines: [] };
  });
  const row = rowOf(judged);
  expect(row).toContain(
    `| ${cells.length} | ${cells.length - 2} | copy of a text: a fault; unarchive: Ansible goes into`,
  );
  expect(unexpected(judged).map(({ cell }) => cell.subject.name)).toEqual(["copy of a text"]);
  const once = withRows(readFileSync(PAGE, "utf8"), [row]);
  expect(once.split("\n")).toContain(row);
  expect(withRows(once, [row])).toBe(once);
});

test("the place of a message tells the cell for which a playbook is refused", () => {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-contexts-"));
  try {
    const { lines } = layBook(folder, relative, cellsOf(relative, SUBJECTS));
    const [[line, id]] = [...lines] as [[number, string]];
    expect(withoutCell(`a mistake (play.yml:${line})`, lines)).toBe(id);
    expect(withoutCell(`in 'play.yml': line ${line}, column 7`, lines)).toBe(id);
    expect(withoutCell("a mistake", lines)).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
