import { expect, test } from "vitest";
import { FUZZ_VARS, Generator } from "./generator.ts";
import { SKIP_REASON, askOracle, python, renderCase, type Case } from "./oracle.ts";

const ROUNDS = 10_000;
const SEED = Number(process.env["JINJA_SEED"] ?? 20260101);

test.skipIf(python === undefined)(
  `the real Jinja2 agrees over ${ROUNDS} generated templates${python === undefined ? ` (${SKIP_REASON})` : ""}`,
  { timeout: 300_000 },
  () => {
    console.log(`generated templates: seed ${SEED} (set JINJA_SEED for another)`);
    const generator = new Generator(SEED);
    const cases: Case[] = Array.from({ length: ROUNDS }, () => ({
      template: generator.template(),
      vars: FUZZ_VARS,
    }));
    const results = askOracle(cases);
    const differences = cases.flatMap((one, index) => {
      const [wanted, got] = [results[index]!, renderCase(one)];
      const same = wanted.error === undefined ? got.text === wanted.text : got.error !== undefined;
      return same ? [] : [{ template: one.template, wanted, got }];
    });
    const rendered = results.filter(({ text }) => text !== undefined).length;
    console.log(
      `generated templates: ${rendered} rendered, ${ROUNDS - rendered} were errors on both sides`,
    );
    expect(differences.slice(0, 10)).toEqual([]);
    expect(rendered).toBeGreaterThan(ROUNDS / 2);
  },
);
