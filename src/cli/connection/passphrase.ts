import { spawnSync } from "node:child_process";
import { Interrupted } from "../../errors.ts";
import { askText } from "../ask.ts";

let asked: Promise<unknown> = Promise.resolve();

// Asks for a passphrase as ssh does: with the program in SSH_ASKPASS, or on the terminal; one
// question after another. Undefined: nobody is there to answer.
export function askPassphrase(prompt: string): Promise<string | undefined> {
  const answer = asked.then(() => passphrase(prompt)).catch(interruptRun);
  asked = answer.catch(() => undefined);
  return answer;
}

// Ctrl-C at the question is meant for the whole run, and no reason why a host refuses a login.
function interruptRun(error: unknown): undefined {
  if (!(error instanceof Interrupted)) throw error;
  process.kill(process.pid, error.signal);
}

function passphrase(
  prompt: string,
  environment = process.env,
): Promise<string | undefined> | string | undefined {
  const { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: require, DISPLAY: display } = environment;
  const isWanted =
    require === "force" || require === "prefer" || (display !== undefined && !process.stdin.isTTY);
  if (program === undefined || require === "never" || !isWanted) return askText(prompt, true);
  const { status, stdout } = spawnSync(program, [prompt], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return status === 0 ? stdout.replace(/\r?\n$/, "") : undefined;
}
