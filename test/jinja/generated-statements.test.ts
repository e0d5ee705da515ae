import { expect, test } from "vitest";
import { StatementGenerator } from "./generator-statements.ts";
import { FUZZ_VARS } from "./generator.ts";
import { SKIP_REASON, askOracle, python, renderCase, type Case } from "./oracle.ts";

const ROUNDS = Number(process.env["JINJA_ROUNDS"] ?? 1000);
const SEED = Number(process.env["JINJA_SEED"] ?? 20260103);
/** Errors of ours that are meant: Jinja2 prints what a macro is. */
const MEANT = /is a function, not a value/;

test.skipIf(python === undefined)(
  `the real Jinja2 agrees over ${ROUNDS} generated templates with statements and files${python === undefined ? ` (${SKIP_REASON})` : ""}`,
  { timeout: 900_000 },
  () => {
    console.log(
      `generated statements: seed ${SEED}, ${ROUNDS} rounds (set JINJA_SEED and JINJA_ROUNDS for others)`,
    );
    const generator = new StatementGenerator(SEED);
    const cases: Case[] = Array.from({ length: ROUNDS }, () => ({
      ...generator.made(),
      vars: FUZZ_VARS,
    }));
    const wanted = askOracle(cases);
    const differences = cases.flatMap((one, index) => {
      const [want, got] = [wanted[index]!, renderCase(one)];
      const same =
        want.error === undefined
          ? got.text === want.text || MEANT.test(got.error ?? "")
          : got.error !== undefined;
      return same ? [] : [{ template: one.template, files: one.files, want, got }];
    });
    const rendered = wanted.filter(({ text }) => text !== undefined).length;
    console.log(
      `generated statements: ${rendered} rendered, ${ROUNDS - rendered} were errors on both sides`,
    );
    expect(differences.slice(0, 5)).toEqual([]);
    expect(rendered).toBeGreaterThan(ROUNDS / 4);
  },
);
