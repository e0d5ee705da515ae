import { beforeAll, describe, expect, test } from "vitest";
import { labMissing } from "../lab/packages.ts";
import { readFileSync } from "node:fs";
import { hasPosix, noAnsible } from "./ansible.ts";
import type { Case } from "./cases.ts";
import { isRight, report, type Verdict } from "./compare.ts";
import { conform } from "./conform.ts";

const skipped = labMissing() ?? noAnsible;
const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 1000));
/** One case in so many is run here; `npm run conformance` runs them all. */
const SHARE = 8;

// A share of the cases that the seed names, but for those that Ansible cannot run here.
function sample(cases: readonly Case[]): readonly Case[] {
  return cases.filter((one, index) => (index + SEED) % SHARE === 0 && canRun(one));
}

// Ansible runs a case only where it has the collections that the case names.
function canRun({ file, feature, name }: Case): boolean {
  const needs = /ansible\.posix\.|community\.general\.|with_flattened/;
  if (hasPosix || !needs.test(readFileSync(file, "utf8"))) return true;
  process.stdout.write(`${feature}: ${name}: skipped, it needs Debian's package ansible\n`);
  return false;
}

describe.skipIf(skipped !== undefined)(
  `playbooks under Ansible and under Hullwright (SEED=${SEED})${skipped === undefined ? "" : `: ${skipped}`}`,
  () => {
    let verdicts: Verdict[] = [];
    beforeAll(async () => {
      verdicts = await conform(sample);
      process.stdout.write(`SEED=${SEED}\n${report(verdicts)}\n`);
    });

    test("come to the same, task by task and file by file, but where the case says why not", () => {
      expect(verdicts.length).toBeGreaterThan(0);
      const wrong = verdicts.filter((each) => !isRight(each));
      expect(
        wrong.map(({ one, lines }) => `${one.feature}: ${one.name}\n${lines.join("\n")}`),
      ).toEqual([]);
    });
  },
);
