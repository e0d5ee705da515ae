import { existsSync } from "node:fs";
import { UnplacedError } from "../../errors.ts";
import { screen } from "../../report/screen.ts";
import type { Showing } from "../../report/text.ts";
import { colours } from "../../report/visible.ts";
import type { ShowFlags } from "../settings/options.ts";
import { tellPlan } from "../run/tell.ts";
import { readPlan } from "../run/saved-plan.ts";

// `hullwright show PLAN`: shows a saved plan as `plan` did, and answers the exit code that it had.
export function showCommand(file: string, flags: ShowFlags): number {
  const plan = readPlan(file);
  if (!plan)
    throw new UnplacedError(
      existsSync(file) ? `${file} is not a saved plan` : `there is no file ${file}`,
      "a plan is saved with: hullwright plan PLAYBOOK -o FILE",
    );
  const showing: Showing = {
    colours,
    diffs: flags.diffFull ? "full" : "short",
    verbose: 0,
    words: (host) => plan.words[host] ?? [host],
  };
  return tellPlan(plan.report, showing, flags, (lines) =>
    screen.tell("stdout", `${lines.join("\n")}\n`),
  );
}
