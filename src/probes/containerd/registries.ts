import FUNCTIONS from "./registries.sh?raw";
import { lines, sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** A registry's directory below config_path. */
export interface RegistryDirectory {
  name: string;
  /** Who wrote its hosts.toml; null: there is none. */
  file: "ours" | "foreign" | null;
  /**
   * Certificates and keys that lie there in Docker's way: containerd reads them only
   * where there is no hosts.toml.
   */
  certificates: string[];
}

/** The first words of each hosts.toml that is written by us. */
export const OUR_TITLE = "Written by Hullwright";

/** The directories of all registries; costs no process. */
export const registries: ProbeKind<{ config_path: string }, RegistryDirectory[]> = {
  name: "registries",
  subject: (arg) => arg.config_path,
  holds: { unknownBehind: "commands" },
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.map(({ config_path }) => sh`hw_registries ${config_path} ${`# ${OUR_TITLE}`}`),
    ]),
  parse(output, args) {
    const answers = output.split(/^registries\n/m).slice(1);
    if (answers.length !== args.length)
      throw new ProbeError("the answer about registries is truncated or garbled");
    return answers.map(readDirectories);
  },
};

// Asks for the directories of all registries.
export function askRegistries(config_path: string): Probe<RegistryDirectory[]> {
  return ask(registries, { config_path });
}

function readDirectories(answer: string): RegistryDirectory[] {
  return answer
    .split(/^directory /m)
    .slice(1)
    .map((part) => {
      const [name = "", ...words] = part.split("\n");
      const file =
        words.find((word): word is "ours" | "foreign" => word === "ours" || word === "foreign") ??
        null;
      const certificates = words
        .filter((word) => word.startsWith("certificate "))
        .map((word) => word.slice("certificate ".length));
      return { name, file, certificates };
    });
}
