import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SEED } from "../seed.ts";
import { lint } from "../../src/lint/lint.ts";

const FOLDER = "test/conformance/cases";
const PLAYS = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".yml"))
  .flatMap((name) =>
    readFileSync(join(FOLDER, name), "utf8")
      .split(/^(?=- )/m)
      .filter((text) => text.startsWith("- ")),
  )
  .slice(0, 400);

/** How many mutated plays are read, and with which chance. */
const COUNT = Number(process.env["MUTATIONS"] ?? 600);

// Numbers that look like chance and are the same for a seed (mulberry32).
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const WORDS = [
  "[]",
  "{}",
  "{{ x }}",
  "{{ x",
  "~",
  "- ",
  ": ",
  "\t",
  "'",
  '"',
  "1.10",
  "no",
  "&a",
  "*a",
  "!vault ",
  "!unsafe ",
  "|",
  ">",
  "<<: ",
  "%",
  "{% if %}",
  "\u0000",
  "\ufeff",
  "#",
  "when: ",
  "block: ",
  "loop: ",
  "notify: ",
  "0644",
  "\r",
];

/** What a hand that warnings does to a text. */
const SLIPS: ((text: string, any: (below: number) => number) => string)[] = [
  (text, any) => cut(text, any(text.length), 1, ""),
  (text, any) => cut(text, any(text.length), 0, WORDS[any(WORDS.length)]!),
  (text, any) => cut(text, any(text.length), 1 + any(20), ""),
  (text, any) => cut(text, any(text.length), 1, WORDS[any(WORDS.length)]!),
  (text, any) => ofLines(text, any, (lines, at) => lines.toSpliced(at, 1)),
  (text, any) => ofLines(text, any, (lines, at) => lines.toSpliced(at, 0, lines[at]!)),
  (text, any) => ofLines(text, any, (lines, at) => lines.with(at, ` ${lines[at]!}`)),
  (text, any) =>
    ofLines(text, any, (lines, at) => lines.with(at, lines[at]!.replace(/^ {1,2}/, ""))),
  (text, any) =>
    ofLines(text, any, (lines, at) =>
      lines.with(at, lines[at]!.replace(/:.*/, `: ${WORDS[any(WORDS.length)]!}`)),
    ),
  (text, any) =>
    ofLines(text, any, (lines, at) =>
      lines.with(
        at,
        lines[at]!.replace(/\w+(?=:)/, (key) => `${key.slice(1)}${key[0]!}`),
      ),
    ),
  (text, any) => text.replace(/\{([^{}]*)\}/, any(2) === 0 ? "[$1]" : "$1"),
];

function cut(text: string, at: number, length: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + length);
}

function ofLines(
  text: string,
  any: (below: number) => number,
  change: (lines: string[], at: number) => string[],
): string {
  const lines = text.split("\n");
  return change(lines, any(lines.length)).join("\n");
}

test(`${COUNT} plays in which a hand slipped (seed ${SEED}): each is read, or told with a place in it; nothing breaks`, () => {
  const any = chance(SEED);
  const broken: { text: string; error: string }[] = [];
  for (let i = 0; i < COUNT; i++) {
    let text = PLAYS[any(PLAYS.length)]!;
    for (let times = 1 + any(3); times > 0; times--) text = SLIPS[any(SLIPS.length)]!(text, any);
    try {
      const { findings } = lint(
        text,
        "site.yml",
        { find: () => undefined, read: () => "" },
        { warnings: true },
      );
      for (const { place, message } of findings)
        expect({
          message,
          lines: place.line >= 1 && place.line <= text.split("\n").length + 1,
          column: place.column >= 1,
        }).toEqual({ message, lines: true, column: true });
    } catch (error) {
      broken.push({
        text,
        error: String((error as Error).stack)
          .split("\n")
          .slice(0, 6)
          .join("\n"),
      });
    }
  }
  expect(broken).toEqual([]);
});
