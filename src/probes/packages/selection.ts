import { sh } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, ask, type Probe, type ProbeKind } from "../probe.ts";

/**
 * What dpkg should do with a package (install, hold, deinstall, purge); "": dpkg does not know it;
 * null: the host has no dpkg.
 */
export type SelectionState = string | null;

/** One `dpkg --get-selections` for all packages. */
export const selectionKind: ProbeKind<{ name: string }, SelectionState> = {
  name: "selection",
  subject: ({ name }) => name,
  script: (args) =>
    sh`command -v dpkg >/dev/null || { echo '-'; exit 0; }; dpkg --get-selections ${args.map(({ name }) => name)} 2>/dev/null; :`,
  parse(output, args) {
    if (output.startsWith("-")) return args.map(() => null);
    const rows = new Map(output.split("\n").map((line) => line.split(/\t+/) as [string, string]));
    return args.map(({ name }) => rows.get(name) ?? found(rows, name));
  },
  planned: {
    madeOf: ({ name }, kind, subject) => kind === "package" && subject === name,
  },
  holds: { unknownBehind: "commands", asked: AFTER_EACH_CHANGE },
  look: {
    script: ({ name }) =>
      sh`dpkg --get-selections ${name} 2>/dev/null | { hw_l=-; read -r _ hw_l || :; echo "${{ sh: "${hw_l:--}" }}"; }`,
    words: (state) => [state === "" ? "-" : state],
  },
};

// The selection of a package that is reported with its architecture appended.
function found(rows: ReadonlyMap<string, string>, name: string): string {
  const key = [...rows.keys()].find((one) => one.split(":")[0] === name);
  return key === undefined ? "" : (rows.get(key) ?? "");
}

// Asks what dpkg should do with a package.
export function askSelection(name: string): Probe<SelectionState> {
  return ask(selectionKind, { name });
}
