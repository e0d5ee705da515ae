import { setTimeout as sleep } from "node:timers/promises";
import { TaskFailure, UnreachableError } from "../../errors.ts";
import type { StepOutput } from "../../modules/contract/module.ts";
import type { Bring, Reconnect, RunnerStep } from "../../modules/contract/controller-step.ts";
import type { ControllerFiles } from "../../controller/files.ts";
import { sh, type Script } from "../../script/sh.ts";
import type { Become, Session } from "../../transport/transport.ts";
import type { OpenSession } from "../../plan/model/session.ts";
import { defined } from "../../defined.ts";
import { timerMs } from "../../timer.ts";

/** A file is transferred in pieces of this many bytes, each of them held in memory as a whole. */
const PIECE = 32 * 1024 * 1024;
/**
 * A host that is going down may take a question and never answer it: seconds to
 * wait unless the task says.
 */
const ANSWER_SECONDS = 10;

/** What the runner works with. */
export interface RunnerTools {
  session: OpenSession;
  files: ControllerFiles;
  become: Become | undefined;
}

// Does what no program on the host can do. Throws TaskFailure where it fails,
// UnreachableError where the host is lost.
export async function runRunnerStep(
  step: RunnerStep,
  outputs: readonly StepOutput[],
  tools: RunnerTools,
): Promise<StepOutput> {
  const stdout =
    step.kind === "bring"
      ? await bring(step, tools)
      : await reconnect(step, outputs[0]?.stdout.trim(), tools);
  return { code: 0, stdout, stderr: "" };
}

// Brings a file, piece by piece.
async function bring(
  { from, to, mode, sha256 }: Bring,
  { session, files, become }: RunnerTools,
): Promise<string> {
  const login = await session();
  return JSON.stringify(await files.bring(to, pieces(login, from, become), { mode, sha256 }));
}

// The file from its begin on, until a piece is not full.
async function* pieces(
  login: Session,
  path: string,
  become: Become | undefined,
): AsyncGenerator<Buffer> {
  for (let from = 1; ; from += PIECE) {
    const { code, stdout, stderr } = await login.run(
      sh`exec 3<${path} && tail -c +${from} <&3 | head -c ${PIECE}`.sh,
      { become },
    );
    if (code !== 0) throw new TaskFailure(`${path} cannot be read: ${stderr.trim()}`);
    yield stdout;
    if (stdout.length < PIECE) return;
  }
}

// Tries logins until one finds the host as wanted.
async function reconnect(
  step: Reconnect,
  before: string | undefined,
  { session, become }: RunnerTools,
): Promise<string> {
  const begin = Date.now();
  const elapsed = (): number => (Date.now() - begin) / 1000;
  await sleep(timerMs(step.delay));
  for (;;) {
    const why = await notBack(step, before, session, become);
    if (why === undefined) return String(Math.floor(elapsed()));
    if (elapsed() >= step.timeout)
      throw new TaskFailure(
        `Timed out waiting for ${step.what} (timeout=${step.timeout}): ${why}`,
        "look at the host's console, or increase the timeout",
      );
    await sleep(timerMs(step.sleep));
  }
}

// Why the host is not as wanted yet; undefined: it is.
async function notBack(
  { renewed, test, connectTimeout }: Reconnect,
  before: string | undefined,
  session: OpenSession,
  become: Become | undefined,
): Promise<string | undefined> {
  try {
    const login = await session({
      anew: true,
      ...defined({ timeoutMs: connectTimeout === undefined ? undefined : timerMs(connectTimeout) }),
    });
    const ask = (script: Script): ReturnType<Session["run"]> =>
      login.run(script.sh, { become, timeoutMs: timerMs(connectTimeout ?? ANSWER_SECONDS) });
    const now = renewed && (await ask(renewed));
    if (now && (now.code !== 0 || now.stdout.toString("utf8").trim() === before))
      return "it has not shut down yet";
    const { code, stdout, stderr } = await login.run(test.sh, { become });
    return code === 0
      ? undefined
      : `the test command failed: ${stderr.trim() || stdout.toString("utf8").trim() || `code ${code}`}`;
  } catch (error) {
    if (error instanceof UnreachableError) return error.message;
    throw error;
  }
}
