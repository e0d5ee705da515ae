import { existsSync } from "node:fs";
import { InputError } from "../errors.ts";
import { screen } from "../report/screen.ts";
import { tellPlan } from "./run.ts";
import { readPlan } from "./saved-plan.ts";

// `hullwright show PLAN`: shows a saved plan as `plan` did, and answers the exit code that it had.
export function showCommand(file: string, flags: { json?: true }): number {
  const plan = readPlan(file);
  if (!plan) throw new InputError(existsSync(file) ? `${file} is not a saved plan` : `there is no file ${file}`, undefined, "a plan is saved with: hullwright plan PLAYBOOK -o FILE");
  return tellPlan(plan.report, plan.said, flags, (lines) => screen.tell("stdout", `${lines.join("\n")}\n`));
}
