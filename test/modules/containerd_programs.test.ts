import { describe, expect, test } from "vitest";
import { questionsOf } from "../../src/probes/probe.ts";
import { argumentsFor, givenWith } from "./case.ts";
import { cases as absent } from "./containerd/containerd_absent.cases.ts";
import { cases as config } from "./containerd/containerd_config.cases.ts";
import { cases as preflight } from "./containerd/containerd_preflight.cases.ts";
import { cases as ready } from "./containerd/containerd_ready.cases.ts";
import { cases as registries } from "./containerd/containerd_registries.cases.ts";
import { cases as registry } from "./containerd/containerd_registry.cases.ts";
import { cases as image } from "./containerd/ctr_image.cases.ts";
import { cases as ctr } from "./containerd/ctr_others.cases.ts";
import { has, shellcheck, skipReason } from "../requires.ts";

// What the host runs for the cases of a table: the questions, and the steps of one change each.
function programs(table: typeof config): string[] {
  return table
    .filter((one) => !one.expect.failure)
    .flatMap((one) => {
      const [args, controller] = [argumentsFor(one.module, one.args), givenWith(one.given)];
      const questions = questionsOf(one.module.observe(args, controller)).map(
        ({ probe: { kind, arg } }) => kind.script([arg as never]).sh,
      );
      const steps = one.module.plan(args, one.before as never, controller)?.steps ?? [];
      return [
        ...questions,
        ...steps.flatMap(({ run, undo }) => [
          `(\n${run.sh}\n)`,
          ...(undo ? [`(\n${undo.sh}\n)`] : []),
        ]),
      ];
    });
}

describe.skipIf(!has("shellcheck"))(
  `what runs on a host for containerd${skipReason("shellcheck")}`,
  () => {
    test.each(
      Object.entries({ absent, config, preflight, ready, registries, registry, image, ctr }),
    )("%s pleases shellcheck", (_name, table) => {
      // many programs in one share their variables and functions, and a list of plugins may hold one
      const stdout = shellcheck([...new Set(programs(table))].join("\n"), [
        "SC2030",
        "SC2031",
        "SC2034",
        "SC2043",
        "SC2154",
        "SC2218",
        "SC2317",
      ]);
      expect(stdout).toBe("");
    });
  },
);
