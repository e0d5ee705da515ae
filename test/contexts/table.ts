import { CONTEXTS } from "./contexts.ts";
import { markOf } from "./marks.ts";
import type { Judged } from "./run.ts";

/** The head of the table, and the words that come before it in the page. */
const HEAD = [
  "| Context | Tasks | The same | Not the same, and why |",
  "| --- | --- | --- | --- |",
];

// The row of a context.
export function rowOf(judged: readonly Judged[]): string {
  const [{ cell }] = judged as [Judged];
  const same = judged.filter(({ likeness }) => likeness === "same");
  return `| ${cell.context.name} | ${judged.length} | ${same.length} | ${whysOf(judged).join("; ")} |`;
}

// What is not the same, by its reason.
function whysOf(judged: readonly Judged[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { cell, likeness } of judged) {
    if (likeness === "same") continue;
    const why = markOf(cell.context.id, cell.subject.name)?.why ?? "a fault";
    byReason.set(why, [...(byReason.get(why) ?? []), cell.subject.name]);
  }
  return [...byReason].map(([why, names]) => `${names.join(", ")}: ${why}`);
}

// The page with new rows; rows of contexts that were not run stay.
export function withRows(page: string, rows: readonly string[]): string {
  const nameOf = (row: string): string => row.split(" | ")[0]!.slice(2);
  const [before = "", table = ""] = page.split(`${HEAD[0]}\n`);
  const all = new Map(
    table
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"))
      .map((row) => [nameOf(row), row]),
  );
  for (const row of rows) all.set(nameOf(row), row);
  const known = CONTEXTS.flatMap(({ name }) => all.get(name) ?? []);
  return `${before}${[...HEAD, ...known].join("\n")}\n`;
}

// Cells that differ without a mark, and marks of contexts that were run whole and showed no difference.
export function unexpected(judged: readonly Judged[]): Judged[] {
  return judged.filter(
    ({ cell, likeness }) =>
      likeness !== "same" && markOf(cell.context.id, cell.subject.name) === undefined,
  );
}
