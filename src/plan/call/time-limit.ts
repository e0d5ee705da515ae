import { InputError, JudgedFailure } from "../../errors.ts";
import type { StepOutput } from "../../modules/contract/module.ts";
import { EXEC_FUNCTIONS } from "../../script/exec.ts";
import { GRACE, within } from "../../script/limit.ts";
import { sh, type Script } from "../../script/sh.ts";
import { wantKnown } from "../scope/arguments.ts";
import { keywordValue } from "../scope/flags.ts";
import type { Invocation } from "../model/invocation.ts";

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

// Gives a script the time that its task may take: what a user wrote, or one of several steps
// of a module, by its number.
export function withLimit(
  item: Invocation,
  run: Script,
  kind: "command" | "look" | { step: number; of: number },
): Script {
  const limit = limitOf(item);
  if (limit === undefined) return run;
  if (kind === "command")
    return sh`timeout -k ${GRACE} ${limit} /bin/sh -c ${EXEC_FUNCTIONS + run.sh}`;
  if (kind === "look" || kind.of === 1) return within(limit, run);
  return within(limit, run, { file: sh`"$HW_RUN_DIR/limit"`, isFirst: kind.step === 0 });
}

// The message for a program that was ended because its time was up, in Ansible's words;
// undefined: it ended by itself. As in Ansible, `failed_when` is not asked.
export function overtime(
  item: Invocation,
  output: StepOutput | undefined,
): JudgedFailure | undefined {
  const limit = output?.code === 124 || output?.code === 137 ? limitOf(item) : undefined;
  if (limit === undefined) return undefined;
  return new JudgedFailure(
    `The ${item.task.action} action failed to execute in the expected time frame (${limit}) and was terminated`,
  );
}
