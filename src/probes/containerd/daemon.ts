import { lines, sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

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
  script: (args) =>
    lines(
      args.map(
        ({ ctr, address, namespace }) =>
          sh`hw_l=; [ -S ${address} ] && hw_l=$(${ctr} -a ${address} -n ${namespace} images ls -q) && echo 'images yes' || echo 'images no'; printf '%s\n' "$hw_l"`,
      ),
    ),
  parse(output, args) {
    const found = output.split(/^(?=images )/m).filter((part) => part.startsWith("images "));
    if (found.length !== args.length)
      throw new ProbeError("the answer about images is cut or garbled");
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
