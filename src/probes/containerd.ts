import { lines, sh } from "../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "./probe.ts";

/** A daemon as its traces in /run show it, without asking it. */
export interface Daemon {
  /** systemd's id of this start; null: the unit does not run, or systemd is too old to tell. */
  invocation: string | null;
  socket: boolean;
}

/** Whether a daemon runs, and which start of it: one process on the host, no call to the daemon. */
export const daemon: ProbeKind<{ unit: string; address: string }, Daemon> = {
  name: "daemon",
  subject: (arg) => `${arg.unit} ${arg.address}`,
  volatile: true,
  script: (args) => lines(args.map(({ unit, address }) => sh`hw_l=$(readlink /run/systemd/units/invocation:${unit}); hw_s=no; [ -S ${address} ] && hw_s=yes; printf 'daemon %s %s\n' "$hw_s" "$hw_l"`)),
  parse(output, args) {
    const found = [...output.matchAll(/^daemon (yes|no) ([0-9a-f]*)$/gm)];
    if (found.length !== args.length) throw new ProbeError("the answer about a daemon is cut or garbled");
    return found.map(([, socket, id]) => ({ invocation: id || null, socket: socket === "yes" }));
  },
};

// Asks for one daemon; the unit's name has its ".service".
export function askDaemon(unit: string, address: string): Probe<Daemon> {
  return ask(daemon, { unit, address });
}

/** Where images are looked for. */
export interface ImagesArg {
  ctr: string;
  address: string;
  namespace: string;
}

/** The names of all images of a namespace; null: containerd does not answer. */
export const images: ProbeKind<ImagesArg, string[] | null> = {
  name: "images",
  subject: (arg) => `${arg.address} ${arg.namespace}`,
  volatile: true,
  script: (args) => lines(args.map(({ ctr, address, namespace }) =>
    sh`hw_l=; [ -S ${address} ] && hw_l=$(${ctr} -a ${address} -n ${namespace} images ls -q) && echo 'images yes' || echo 'images no'; printf '%s\n' "$hw_l"`)),
  parse(output, args) {
    const found = output.split(/^(?=images )/m).filter((part) => part.startsWith("images "));
    if (found.length !== args.length) throw new ProbeError("the answer about images is cut or garbled");
    return found.map((part) => {
      const [head, ...names] = part.split("\n").filter(Boolean);
      return head === "images yes" ? names : null;
    });
  },
};

// Asks for the images of one namespace.
export function askImages(arg: ImagesArg): Probe<string[] | null> {
  return ask(images, arg);
}
