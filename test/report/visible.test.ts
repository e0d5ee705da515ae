import { describe, expect, test } from "vitest";
import { colours, paint, visible, visibleJson } from "../../src/report/visible.ts";

describe("text", () => {
  const CASES: [text: string, shown: string][] = [
    ["a\tb\nc", "a\tb\nc"],
    ["c\rd\u0000\u009b", String.raw`c\x0dd\x00\x9b`],
    ["\u001b[31mred", String.raw`\x1b[31mred`],
    ["a\u202eb\u2066c\u200fd\u061c", String.raw`a\u202eb\u2066c\u200fd\u061c`],
    ["line\u2028break\ufeff", String.raw`line\u2028break\ufeff`],
    ["żółw 亀 👩‍👩‍👧 עברית", "żółw 亀 👩‍👩‍👧 עברית"],
  ];
  test.each(CASES)("%j", (text, shown) => expect(visible(text)).toBe(shown));
});

test("JSON on a terminal means what JSON means", () => {
  const value = { "k\u009b": ["\u001b]0;t\u0007", "\u202e", "\u007f"] };
  expect(visibleJson(value)).toMatch(/^[\n\u0020-\u007e]*$/);
  expect(JSON.parse(visibleJson(value))).toEqual(value);
});

describe("colours", () => {
  test("those of our own are the terminal's, and are gone where none are wanted", () => {
    expect(paint(colours.red("a"), true)).toBe("\u001b[31ma\u001b[39m");
    expect(paint(colours.bold(`a ${colours.green("b")}`), true)).toBe(
      "\u001b[1ma \u001b[32mb\u001b[39m\u001b[22m",
    );
    expect(paint(colours.red("a"), false)).toBe("a");
  });
  test("those of others are spelled out, also inside of ours", () => {
    expect(paint(`${colours.red("a\u001b[0mb")}\u001b[8m`, true)).toBe(
      String.raw`${"\u001b"}[31ma\x1b[0mb${"\u001b"}[39m\x1b[8m`,
    );
  });
  test("no text can guess how ours are marked", () => {
    const mark = colours.red("|").split("31m|")[0]!;
    expect(mark).toMatch(/^[\ue000-\uf8ff]{8}$/);
  });
});
