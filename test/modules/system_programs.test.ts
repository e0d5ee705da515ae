import { describe, expect, test } from "vitest";
import { questionsOf, type Look } from "../../src/probes/probe.ts";
import { askInstalled, askServices } from "../../src/probes/system/listing.ts";
import { cases as apt } from "./packages/apt.cases.ts";
import { allAnswers, argumentsFor, givenWith, type Case } from "./case.ts";
import { cases as dnf } from "./packages/dnf.cases.ts";
import { cases as group } from "./system/group.cases.ts";
import { cases as hostname } from "./system/hostname.cases.ts";
import { cases as mount } from "./files/mount.cases.ts";
import { cases as sysctl } from "./system/sysctl.cases.ts";
import { cases as user } from "./system/user.cases.ts";
import { has, shellcheck, skipReason } from "../requires.ts";

// Left out: variables of other functions and subshells, fields that are read past, functions that only some questions
// call, and formats of dpkg in single quotes.
const EXCEPTIONS = ["SC2016", "SC2030", "SC2031", "SC2034", "SC2154", "SC2164", "SC2317"];

// Every question, look, step and undo of a table.
function programs(table: readonly Case[]): string[] {
  return table
    .filter((one) => !one.expect.failure)
    .flatMap((one) => {
      const [args, controller] = [argumentsFor(one.module, one.args), givenWith(one.given)];
      const first = one.module.observe(args, controller);
      const known = allAnswers(first, one.before);
      const probes = one.module.observeAgain?.(args, known) ?? first;
      const questions = questionsOf(probes)
        .filter(({ probe }) => probe.kind.name !== "path")
        .flatMap(({ probe: { kind, arg } }) => [
          kind.script([arg as never]).sh,
          (kind.look as Look<unknown, unknown> | undefined)?.script(arg).sh ?? ":",
        ]);
      const steps = one.module.plan(args, allAnswers(probes, one.before), controller)?.steps ?? [];
      return [...questions, ...steps.flatMap(({ run, undo }) => [run.sh, undo?.sh ?? ":"])];
    });
}

describe.skipIf(!has("shellcheck"))(
  `what runs on a host for its system${skipReason("shellcheck")}`,
  () => {
    const facts = [askInstalled(), askServices()].map(
      ({ kind }) => kind.script([null as never]).sh,
    );
    test.each(
      Object.entries({
        apt: programs(apt),
        dnf: programs(dnf),
        group: programs(group),
        hostname: programs(hostname),
        mount: programs(mount),
        sysctl: programs(sysctl),
        user: programs(user),
        facts,
      }),
    )("%s pleases shellcheck", (_name, all) => {
      const input = [...new Set(all)].map((program) => `(\n${program}\n)`).join("\n");
      expect(shellcheck(input, EXCEPTIONS)).toBe("");
    });
  },
);
