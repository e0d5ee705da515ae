import { expect, test } from "vitest";
import { fit, widthOf } from "../../src/report/width.ts";

const CASES: [text: string, columns: number, shown: string][] = [
  ["short", 10, "short"],
  ["exactly ten", 11, "exactly ten"],
  ["exactly ten", 10, "exactly t…"],
  ["亀亀亀", 6, "亀亀亀"],
  ["亀亀亀", 5, "亀亀…"],
  ["亀亀亀", 4, "亀…"],
  ["e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"],
  ["", 0, ""],
];

test.each(CASES)("%j in %i columns", (text, columns, shown) => {
  expect(fit(text, columns)).toBe(shown);
  expect(widthOf(fit(text, columns))).toBeLessThanOrEqual(columns);
});

test("a terminal without such letters gets dots", () =>
  expect(fit("a long text", 8, "...")).toBe("a lon..."));
