import { describe, expect, test } from "vitest";
import { unpacked } from "../../src/probes/files/unpacked.ts";
import { allAnswers, argumentsFor, givenWith, type Case } from "./case.ts";
import { cases as downloads } from "./files/get_url.cases.ts";
import { cases as archives } from "./files/unarchive.cases.ts";
import { has, shellcheck, skipReason } from "../requires.ts";

// Left out: what is set in one function and read in another, words that are split on purpose (lists of names, one a line).
const EXCEPTIONS = ["SC2030", "SC2031", "SC2034", "SC2043", "SC2086", "SC2154", "SC2164"];

// Every step and every undo of a table.
function programs(table: readonly Case[]): string[] {
  return table
    .filter((one) => !one.expect.failure && !one.expect.unchanged)
    .flatMap((one) => {
      const args = argumentsFor(one.module, one.args);
      const controller = givenWith(one.given);
      const before = allAnswers(one.module.observe(args, controller), one.before);
      const change = one.module.plan(args, before, controller)!;
      return change.steps.flatMap((step) => [step.run.sh, step.undo?.sh ?? ":"]);
    });
}

describe.skipIf(!has("shellcheck"))(
  `what downloads and unpacks on a host${skipReason("shellcheck")}`,
  () => {
    const unpackedProgram = unpacked.script([{ name: "a", list: true }]).sh;
    test.each(
      Object.entries({
        downloads: programs(downloads),
        archives: programs(archives),
        unpacked: [unpackedProgram],
      }),
    )("%s please shellcheck", (_name, all) => {
      for (const program of new Set(all)) {
        expect(shellcheck(`${program}\n`, EXCEPTIONS)).toBe("");
      }
    });
  },
);
