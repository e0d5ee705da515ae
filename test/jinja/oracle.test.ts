import { describe, expect, test } from "vitest";
import { readExpressions, readTemplates } from "./cases.ts";
import { SKIP_REASON, askOracle, python, renderCase, type Case } from "./oracle.ts";

const TABLES: [string, Case[]][] = [
  ["expressions", readExpressions("expressions.txt")],
  ["Ansible's filters and tests", readExpressions("ansible.txt")],
  ["templates", readTemplates("templates.txt")],
];
const all = TABLES.flatMap(([, cases]) => cases);
const oracle = python === undefined ? undefined : askOracle(all);

describe.each(TABLES)("the real Jinja2 gives the same for %s", (_name, cases) => {
  for (const one of cases) {
    const name = `${one.template}${python === undefined ? ` (${SKIP_REASON})` : ""}`;
    test.skipIf(oracle === undefined)(name, () => {
      const wanted = oracle![all.indexOf(one)]!;
      const got = renderCase(one);
      if (wanted.error !== undefined)
        expect(got.error, `the oracle says ${wanted.error}`).toBeDefined();
      else expect(got).toEqual(wanted);
    });
  }
});
