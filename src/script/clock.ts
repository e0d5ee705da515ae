import type { Script } from "./sh.ts";

/**
 * How long the host is up, in whole seconds, as a word for the shell. Whatever waits measures with
 * it: the host's clock may be set meanwhile, as by the time service of a host that has just booted.
 */
export const UPTIME: Script = { sh: "$(cut -d. -f1 /proc/uptime)" };
