import LEAVE from "./leave.sh?raw";
import { sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** What whoever asks may do with a path. */
export interface Leave {
  /**
   * Create, replace and remove names in the nearest existing directory above it; null: this cannot
   * be determined without following links.
   */
  writes: boolean | null;
  /** That directory. */
  directory: string;
  /** Change the permissions of what is there. */
  owns: boolean;
}

/** Whether files may be written: asked only as users other than root. */
export const leave: ProbeKind<{ path: string }, Leave> = {
  name: "leave",
  subject: (arg) => `leave ${arg.path}`,
  script: (args) => sh`${{ sh: LEAVE }}
for hw_p in ${args.map((arg) => arg.path)}; do hw_leave "$hw_p"; done`,
  parse(output, args) {
    const words = output.split("\0");
    return args.map((_arg, at) => {
      const found = /^([yn-])([yn]) (\/[^]*)$/.exec(words[at] ?? "");
      if (!found) throw new ProbeError(`leave: ${words[at]}`);
      const [, writes, owns, directory] = found;
      return {
        writes: writes === "-" ? null : writes === "y",
        owns: owns === "y",
        directory: directory!,
      };
    });
  },
};

// Asks what may be done with a path.
export function askLeave(path: string): Probe<Leave> {
  return ask(leave, { path });
}
