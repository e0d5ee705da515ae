import { sh } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";

/**
 * Whether an earlier task of this run may put a new file at a path, if it is not known which files
 * it brings (an archive that is not unpacked yet). On the host itself the answer is always no.
 */
export const renewed: ProbeKind<{ path: string }, boolean> = {
  name: "renewed",
  subject: (arg) => arg.path,
  script: () => sh`:`,
  parse: (_output, args) => args.map(() => false),
  planned: {
    implied(subject, changed) {
      for (let at = subject.lastIndexOf("/"); at > 0; at = subject.lastIndexOf("/", at - 1))
        if (changed.get(subject.slice(0, at))) return { after: true };
      return undefined;
    },
  },
};

// Asks whether a path may be renewed.
export function askRenewed(path: string): Probe<boolean> {
  return ask(renewed, { path });
}

// Marks a path, and everything below it, as renewed by a change.
export function markRenewed(path: string): { kind: string; subject: string; after: true } {
  return { kind: renewed.name, subject: path, after: true };
}
