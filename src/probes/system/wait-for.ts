import { lines, sh, type Script } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/**
 * Something that may come or go by itself: something at a path (links are followed), or a
 * listener on a port of the host.
 */
export type Awaited = { path: string } | { port: number };

/** Whether it is there now. Anything that is started or stopped may change that. */
export const waiting: ProbeKind<Awaited, boolean> = {
  name: "waiting",
  subject: (arg) => JSON.stringify(arg),
  holds: { unknownBehind: "starts" },
  script: (args) =>
    lines(args.map((arg) => sh`if ${isThere(arg)}; then echo yes; else echo no; fi`)),
  parse(output, args) {
    const words = output.split("\n").filter((line) => line === "yes" || line === "no");
    if (words.length !== args.length)
      throw new ProbeError("the answer about what is waited for is truncated or garbled");
    return words.map((word) => word === "yes");
  },
};

// Asks whether something is there.
export function askWaiting(what: Awaited): Probe<boolean> {
  return ask(waiting, what);
}

// The test for it.
export function isThere(what: Awaited): Script {
  return "path" in what
    ? sh`[ -e ${what.path} ]`
    : sh`grep -qsE ${socketPattern(what.port, "[0-9A-F:]+ 0A")} /proc/net/tcp /proc/net/tcp6`;
}

/**
 * Addresses that reach the host from itself, as the kernel writes them: any,
 * loopback, both also as IPv6.
 */
const LOCAL = ["00000000", "0100007F", "0{32}", "0{24}01000000", "0{16}FFFF0000(0{8}|0100007F)"];

// Lines of the kernel's tables about sockets of a port; `rest`: the other side and the state.
export function socketPattern(port: number, rest: string): string {
  return ` (${LOCAL.join("|")}):${port.toString(16).toUpperCase().padStart(4, "0")} ${rest} `;
}
