import { LOGIN_FUNCTION } from "../../script/login.ts";
import { lines, sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** The umask that a login begins with: what files are not given when nobody says their mode. */
const umask: ProbeKind<Record<never, never>, number> = {
  name: "umask",
  subject: () => "login",
  script: () => lines([{ sh: LOGIN_FUNCTION }, sh`printf '%s\n' "$hw_umask"`]),
  parse(output) {
    const digits = output.trim();
    if (!/^[0-7]{1,4}$/.test(digits))
      throw new ProbeError("the answer about the login's umask is truncated or garbled");
    return [Number.parseInt(digits, 8)];
  },
};

// Asks with which umask a login begins.
export function askUmask(): Probe<number> {
  return ask(umask, {});
}
