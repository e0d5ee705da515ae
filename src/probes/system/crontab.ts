import { sh, type Script } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { sha256Hex } from "../../sha256.ts";

/** A user's own crontab as text ("": none); null: the host has no crontab command. */
export type CrontabState = string | null;

/** One `crontab -l` per user; that a user has no table is only reported on stderr. */
export const crontabKind: ProbeKind<{ user: string }, CrontabState> = {
  name: "crontab",
  subject: ({ user }) => user,
  script: (args) =>
    sh`hw_n=-; command -v crontab >/dev/null && hw_n=+; for hw_u in ${args.map(({ user }) => user)}; do
printf '%s' "$hw_n"; [ "$hw_n" = - ] || ${list(sh`"$hw_u"`)} 2>/dev/null | base64 | tr -d '\n'; echo; done`,
  parse(output, args) {
    const lines = output.split("\n");
    return args.map((_arg, index) => {
      const line = lines[index] ?? "";
      if (!/^[+-]/.test(line)) throw new ProbeError(`crontab answered ${line}`);
      return line.startsWith("-") ? null : Buffer.from(line.slice(1), "base64").toString("utf8");
    });
  },
  holds: { unknownBehind: "commands", asked: AFTER_EACH_CHANGE },
  planned: {
    madeOf: (_arg, kind, subject, answer) =>
      answer === null && (["package", "deb"].includes(kind) || subject.endsWith("/crontab")),
  },
  look: {
    script: ({ user }) =>
      sh`${list(sh`${user}`)} 2>/dev/null | sha256sum | { read -r hw_l _; echo "$hw_l"; }`,
    words: (state) => [sha256Hex(state ?? "")],
  },
};

// Prints a user's table; one's own needs no right to name a user.
function list(user: Script): Script {
  return sh`{ if [ ${user} = "$(id -un)" ]; then crontab -l; else crontab -u ${user} -l; fi; }`;
}

// Asks for a user's crontab.
export function askCrontab(user: string): Probe<CrontabState> {
  return ask(crontabKind, { user });
}
