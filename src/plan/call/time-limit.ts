import { InputError, TaskFailure, UnsupportedError } from "../../errors.ts";
import type { StepOutput } from "../../modules/contract/module.ts";
import { sh, type Script } from "../../script/sh.ts";
import { wantKnown } from "../scope/arguments.ts";
import { keywordValue } from "../scope/flags.ts";
import type { Invocation } from "../model/invocation.ts";

/** How long a program may take to end by itself once its time is over, in seconds. */
const GRACE = 2;

// The seconds that a task may take (`timeout`); undefined: as many as it wants.
function limitOf(item: Invocation): number | undefined {
  const found = keywordValue(item, "timeout");
  const value = found && wantKnown(found.value);
  if (value === undefined || value === null) return undefined;
  const seconds = typeof value === "boolean" ? Number.NaN : Number(value);
  if (!Number.isInteger(seconds) || seconds < 0)
    throw new InputError(
      `"timeout" takes whole seconds, but here it is ${JSON.stringify(value)}`,
      found!.node.place,
    );
  return seconds === 0 ? undefined : seconds;
}

// Gives what a user wrote the time that its task may take. What a module does by itself cannot be stopped half-way.
export function withLimit(item: Invocation, run: Script, isCommand: boolean): Script {
  const limit = limitOf(item);
  if (limit === undefined) return run;
  if (isCommand) return sh`timeout -k ${GRACE} ${limit} /bin/sh -c ${run.sh}`;
  const { task } = item;
  const place = keywordValue(item, "timeout")?.node.place ?? task.place;
  throw new UnsupportedError(
    `timeout is supported for commands only, not for "${task.module.name}"`,
    place,
    "remove it, or use the module's own parameter for it",
  );
}

// What a program that was ended for its time is told as, in Ansible's words; undefined: it ended by itself.
export function overtime(
  item: Invocation,
  output: StepOutput | undefined,
): TaskFailure | undefined {
  const limit = output?.code === 124 || output?.code === 137 ? limitOf(item) : undefined;
  if (limit === undefined) return undefined;
  return new TaskFailure(
    `The ${item.task.action} action failed to execute in the expected time frame (${limit}) and was terminated`,
  );
}
