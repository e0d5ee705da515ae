import { LOGIN_FUNCTION } from "../../script/login.ts";
import { lines, sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** The directory in which a login's commands run, where relative paths begin. */
const cwd: ProbeKind<Record<never, never>, string> = {
  name: "cwd",
  subject: () => "login",
  script: () => lines([{ sh: LOGIN_FUNCTION }, sh`(hw_login && pwd)`]),
  parse(output) {
    const directory = output.replace(/\n$/, "");
    if (!directory.startsWith("/"))
      throw new ProbeError("the answer about the login's directory is truncated or garbled");
    return [directory];
  },
};

// Asks in which directory commands run.
export function askCwd(): Probe<string> {
  return ask(cwd, {});
}
