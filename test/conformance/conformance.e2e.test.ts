import { beforeAll, describe, expect, test } from "vitest";
import { labMissing } from "../lab/packages.ts";
import { canAsk, noAnsible } from "./ansible.ts";
import type { Case } from "./cases.ts";
import { isRight, report, type Verdict } from "./compare.ts";
import { SEED } from "../seed.ts";
import { conform } from "./conform.ts";

const skipped = labMissing() ?? noAnsible;
/** One case in so many is run here; `npm run conformance` runs them all. */
const SHARE = 12;

// A share of the cases that the seed names, but for those that Ansible cannot run here.
function sample(cases: readonly Case[]): readonly Case[] {
  return cases.filter((one, index) => (index + SEED) % SHARE === 0 && canAsk(one));
}

describe.skipIf(skipped !== undefined)(
  `playbooks under Ansible and under Hullwright (SEED=${SEED})${skipped === undefined ? "" : `: ${skipped}`}`,
  () => {
    let verdicts: Verdict[] = [];
    beforeAll(async () => {
      verdicts = await conform(sample);
      process.stdout.write(`SEED=${SEED}\n${report(verdicts)}\n`);
    });

    test("have the same results, task by task and file by file, except where the case says why not", () => {
      expect(verdicts.length).toBeGreaterThan(0);
      const wrong = verdicts.filter((each) => !isRight(each));
      expect(
        wrong.map(({ one, lines }) => `${one.feature}: ${one.name}\n${lines.join("\n")}`),
      ).toEqual([]);
    });
  },
);
