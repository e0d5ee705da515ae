import { expect, test } from "vitest";
import { SKIP_REASON, askOracle, python, renderCase, type Case } from "./oracle.ts";
import { Seeded } from "./seeded.ts";

const ROUNDS = 3000;
const SEED = Number(process.env["JINJA_SEED"] ?? 20260101);
const FILTERS = [
  "to_yaml",
  "to_nice_yaml",
  "to_nice_yaml(indent=2)",
  "to_yaml(default_flow_style=true)",
  "to_nice_yaml(width=30)",
  "to_nice_yaml(sort_keys=false)",
  "to_json",
  "to_nice_json",
  "string",
];
const PIECES = [
  "a",
  "b c",
  " ",
  "  ",
  "\n",
  "\n\n",
  ":",
  ": ",
  " #",
  "#",
  "'",
  '"',
  "-",
  "- ",
  "?",
  "[",
  "]",
  "{",
  "}",
  ",",
  "&",
  "*",
  "!",
  "|",
  ">",
  "%",
  "@",
  "`",
  "\t",
  "\r",
  "é",
  "ü ",
  "\u00a0",
  "\u2028",
  "\x85",
  "\x07",
  "😀",
  "1",
  "0x",
  ".5",
  "~",
  "null",
  "true",
  "=",
  "<<",
  "---",
  "...",
  "2020-01-01",
  "1:2",
  "\\",
  "word word word ",
  "longer text of several words ",
  "x".repeat(30),
];

/** Makes values whose texts are hard to write as YAML. */
class Values extends Seeded {
  value(depth: number): unknown {
    if (depth === 0 || this.chance(0.6))
      return this.chance(0.8) ? this.text() : this.pick([1, 2.5, null, true, false, 1e20, -3]);
    if (this.chance(0.5)) return this.several(3, () => this.value(depth - 1));
    return Object.fromEntries(this.several(3, () => [this.text(), this.value(depth - 1)]));
  }

  private text(): string {
    return this.several(7, () => this.pick(PIECES))
      .join("")
      .repeat(this.chance(0.1) ? 8 : 1);
  }
}

test.skipIf(python === undefined)(
  `the real filters write ${ROUNDS} generated values alike${python === undefined ? ` (${SKIP_REASON})` : ""}`,
  { timeout: 300_000 },
  () => {
    console.log(`generated values: seed ${SEED} (set JINJA_SEED for another)`);
    const values = new Values(SEED);
    const cases: Case[] = Array.from({ length: ROUNDS }, (_, round) => ({
      template: `{{ v | ${FILTERS[round % FILTERS.length]} }}`,
      vars: JSON.stringify({ v: values.value(3) }),
    }));
    const results = askOracle(cases);
    const differences = cases
      .map((one, index) => ({ ...one, wanted: results[index], got: renderCase(one) }))
      .filter(({ wanted, got }) => wanted?.text !== got.text);
    expect(differences.slice(0, 10)).toEqual([]);
  },
);
