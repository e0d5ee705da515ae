import { TaskFailure, describeError, UnreachableError } from "../../errors.ts";
import type { Entry, Outcome } from "../../plan/model/entry.ts";
import { stateFolder } from "../../script/state-folder.ts";
import { lines, type Script } from "../../script/sh.ts";
import type { Output, ExecuteOptions, Session } from "../../transport/transport.ts";
import { forgetNotice, type ProgramResult } from "./build.ts";
import { runRunnerStep, type RunnerTools } from "./controller-step.ts";
import { sessionThrough } from "../session-through.ts";

/** Of a program that breaks off, no more than this is read to see what had been done. */
const MAX_HEARD = 8 * 1024 * 1024;

// Runs a program. If its last entry makes the host go away, the answer is what came before the
// connection was lost; otherwise `lost` receives what had come.
export async function runPatiently(
  session: Session,
  program: Script,
  last: Entry,
  onLost: (heard: Buffer) => void,
  options: ExecuteOptions,
): Promise<Pick<Output, "stdout" | "stderr">> {
  const heard: Buffer[] = [];
  const returns = last.change?.runner?.kind === "reconnect";
  let size = 0;
  try {
    return await session.run(program.sh, {
      ...options,
      onStdout: (chunk) => {
        size += chunk.length;
        if (size <= MAX_HEARD || returns) heard.push(chunk);
        options.onStdout?.(chunk);
      },
    });
  } catch (error) {
    const isAway = error instanceof UnreachableError && error.kind === "lost";
    if (isAway && returns) return { stdout: Buffer.concat(heard), stderr: "" };
    onLost(Buffer.concat(heard));
    throw error;
  }
}

// What had been done by the time that a program's answer broke off.
export function doneIn({ outcomes }: ProgramResult, ready: readonly Entry[]): Map<string, Outcome> {
  const done = [...outcomes].filter(([, { status }]) => status !== "failed");
  return new Map(done.map(([index, outcome]) => [ready[index]!.id, outcome]));
}

// Does what a change leaves to the runner, where its steps have not failed, and answers what the
// entry came to in the end.
export async function conclude(
  entry: Entry,
  outcome: Outcome,
  tools: RunnerTools,
): Promise<Outcome> {
  const runner = entry.change?.runner;
  if (!runner || (outcome.status !== "done" && !wasCutOff(entry, outcome))) return outcome;
  const quiet = entry.noLog ? untold(tools) : tools;
  try {
    const output = await runRunnerStep(runner, outcome.outputs, quiet);
    await forgetNotices(entry, tools);
    return { ...outcome, status: "done", outputs: [...outcome.outputs, output] };
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    return { ...outcome, status: "failed", ...describeError(error) };
  }
}

// Forgets the notices of handlers that have run.
async function forgetNotices(
  { crossesOff, identity }: Entry,
  { session, become }: RunnerTools,
): Promise<void> {
  if (crossesOff.length === 0) return;
  const script = lines([stateFolder(identity.user === "root"), ...crossesOff.map(forgetNotice)]);
  await (await session()).run(script.sh, { become });
}

// The same tools; nothing of what they ask and hear is shown in a trace.
function untold(tools: RunnerTools): RunnerTools {
  return {
    ...tools,
    session: async (again) => {
      const session = await tools.session(again);
      const run: Session["run"] = (program, options) =>
        session.run(program, { ...options, traceText: () => "" });
      return sessionThrough(session, run);
    },
  };
}

// Whether the host went away while the last step ran, as it was to do.
function wasCutOff({ change }: Entry, { outputs, message }: Outcome): boolean {
  return (
    change?.runner?.kind === "reconnect" &&
    message === undefined &&
    outputs.length === change.steps.length &&
    outputs.at(-1)?.code === -1
  );
}
