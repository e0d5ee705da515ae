import { sh, type Script } from "../../../script/sh.ts";
import { Unknown } from "../../../value.ts";
import type { StepOutput } from "../../contract/module.ts";
import type { Argument } from "../../contract/schema.ts";

/** The parameter of modules that replace a file. */
export const BACKUP = {
  type: "bool",
  default: false,
  description: "Saves the old file next to it, with the time in its name.",
} as const satisfies Argument;

// Keeps what is at a path beside it, under a name with the time, which the step
// prints for the result.
export function backup(path: Script): Script {
  return sh`(hw_backup ${path}) || exit 1`;
}

// What the plan of a change says of it: the name has the time of apply in it.
export function plannedBackup(keeps: boolean): { backup_file?: Unknown } {
  return keeps ? { backup_file: new Unknown("the name of the backup") } : {};
}

// What the result says of it.
export function backupResult(outputs: readonly StepOutput[] | undefined): { backup_file?: string } {
  const name = outputs
    ?.map((output) => /^backup (.*)$/m.exec(output.stdout)?.[1])
    .find((found) => found !== undefined);
  return name === undefined ? {} : { backup_file: name };
}
