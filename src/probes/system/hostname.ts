import { sh } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";

/** A host's name: the one it boots with (/etc/hostname), "" if none; and the kernel's. */
export type HostnameState = { static: string; current: string };

const READ = String.raw`hw_n=; while read -r hw_l || [ -n "$hw_l" ]; do case $hw_l in ''|'#'*) ;; *) hw_n=$hw_l; break ;; esac; done < /etc/hostname
hw_l=; read -r hw_l < /proc/sys/kernel/hostname`;

/** Read by the shell itself: no process at all. */
export const hostnameKind: ProbeKind<null, HostnameState> = {
  name: "hostname",
  subject: () => "",
  script: () => sh`${{ sh: READ }}; printf '%s\n' "$hw_n" "$hw_l"`,
  parse(output, args) {
    const [fixed = "", current = ""] = output.split("\n");
    return args.map(() => ({ static: fixed, current }));
  },
  look: {
    script: () => sh`${{ sh: `{ ${READ}\n} 2>/dev/null` }}; printf '%s %s\n' "$hw_n" "$hw_l"`,
    words: ({ static: fixed, current }) => [fixed, current],
  },
};

// Asks for the host's names.
export function askHostname(): Probe<HostnameState> {
  return ask(hostnameKind, null);
}
