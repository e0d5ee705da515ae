import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Fault } from "../../../src/jinja/core/fault.ts";
import {
  compileRegex,
  type PythonMatch,
  type RegexFlags,
} from "../../../src/jinja/python/regex.ts";
import { Seeded } from "../seeded.ts";
import { has, skipReason } from "../../requires.ts";
import { SEED } from "../../seed.ts";
import { RegexGenerator, type RegexCase } from "./regex-generator.ts";

const ROUNDS = Number(process.env["REGEX_ROUNDS"] ?? 600);
const ORACLE = fileURLToPath(new URL("regex.py", import.meta.url));

type Span = [number, number];

interface Answer {
  error?: true;
  all?: Span[][];
  match?: Span[] | null;
  full?: Span[] | null;
  replaced?: [string, number] | null;
}

// What Python finds in all cases, in one process.
function askPython(cases: RegexCase[]): Answer[] {
  const { stdout, stderr, status } = spawnSync("python3", [ORACLE], {
    input: JSON.stringify(cases),
    maxBuffer: 1 << 28,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Answer[];
}

function spansOf(match: PythonMatch): Span[] {
  return Array.from({ length: match.spans.length / 2 }, (_, group) => [
    match.spans[2 * group]!,
    match.spans[2 * group + 1]!,
  ]);
}

// What we find.
function answer({ pattern, flags, text, replacement }: RegexCase): Answer {
  const set = Object.fromEntries(flags.map((flag) => [flag, true])) as Partial<RegexFlags>;
  const regex = orFault(() => compileRegex(pattern, set));
  if (!regex) return { error: true };
  const [match, full] = [regex.match(text), regex.match(text, true)];
  const replaced = orFault(() => regex.replace(text, replacement));
  return {
    all: regex.findAll(text).map(spansOf),
    match: match ? spansOf(match) : null,
    full: full ? spansOf(full) : null,
    replaced: replaced ? [replaced.text, replaced.count] : null,
  };
}

function orFault<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

const PYTHON = "python3 of 3.11 to 3.13";

describe.skipIf(!has(PYTHON))(`patterns as Python's re has them${skipReason(PYTHON)}`, () => {
  it(`finds the same in ${ROUNDS} patterns (SEED=${SEED})`, () => {
    const generator = new RegexGenerator(new Seeded(SEED));
    const cases = Array.from({ length: ROUNDS }, () => generator.make());
    const answers = askPython(cases);
    const different = answers
      .map((theirs, index) => ({ case: cases[index]!, theirs, ours: answer(cases[index]!) }))
      .filter(({ theirs, ours }) => JSON.stringify(theirs) !== JSON.stringify(ours));
    expect(different.slice(0, 5).map((one) => JSON.stringify(one))).toEqual([]);
    expect(answers.filter(({ error }) => !error).length).toBeGreaterThan(ROUNDS / 2);
  });
});
