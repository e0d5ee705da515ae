import { sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** Whether two paths are one file (hard links of each other, or one leads to the other). */
const same: ProbeKind<{ one: string; other: string }, boolean> = {
  name: "same",
  subject: (arg) => `${arg.one}\n${arg.other}`,
  script: (args) => sh`set -- ${args.flatMap((arg) => [arg.one, arg.other])}
# shellcheck disable=SC3013 # dash, bash and busybox know -ef
while [ $# -gt 0 ]; do if [ "$1" -ef "$2" ]; then echo yes; else echo no; fi; shift 2; done`,
  planned: {
    madeOf: ({ one, other }, kind, subject, answer) =>
      answer === true && kind === "path" && (subject === one || subject === other),
  },
  parse(output, args) {
    const words = output.split("\n").filter(Boolean);
    if (words.length !== args.length)
      throw new ProbeError("the answer about hard links is truncated or garbled");
    return words.map((word) => word === "yes");
  },
};

// Asks whether two paths are one file.
export function askSame(one: string, other: string): Probe<boolean> {
  return ask(same, { one, other });
}
