import BROUGHT from "./brought.sh?raw";
import { sh, type Script } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** What an archive of a journal brought, and how it is now. */
export type ArchivePaths = {
  /** All paths that came from it; some may be directories, with all that is in them. */
  paths: string[];
  /** The files that somebody has changed since, or taken away. */
  changed: string[];
  gone: string[];
};

/** Which list: of which change of which journal. */
interface BroughtArg {
  journal: string;
  number: string;
  list: string;
}

/** How what an archive brought is now, by the list that the journal of the change has. */
const brought: ProbeKind<BroughtArg, ArchivePaths> = {
  name: "brought",
  subject: ({ journal, number, list }) => `${journal}/${number} ${list}`,
  holds: { unknownBehind: "commands" },
  script: (args) => sh`${{ sh: BROUGHT }}
for hw_l in ${args.map(({ journal, number, list }) => `${journal}/${number}/unpacked.${list}`)}; do
printf -- '--list\n'; hw_brought "$HW_STATE_DIR/journal/$hw_l"; done`,
  parse(output, args) {
    const lists = output.split("--list\n").slice(1);
    if (lists.length !== args.length)
      throw new ProbeError("the answer about what archives brought is truncated or garbled");
    return lists.map(readBrought);
  },
};

// The script that fails, with their names, if files of archives are not as they were unpacked: by
// lists in the journal of this very run, the newest first. Files at `restored` are restored
// before, so they do not count.
export function checkBrought(lists: readonly Script[], restored: readonly string[]): Script {
  const files = lists.map((list) => list.sh).join(" ");
  return sh`${{ sh: BROUGHT }}
hw_but=${restored.join("\n")}
hw_as_brought ${{ sh: files }}`;
}

// Asks how what an archive brought is now.
export function askBrought(arg: BroughtArg): Probe<ArchivePaths> {
  return ask(brought, arg);
}

// Reads the lines of one list.
function readBrought(text: string): ArchivePaths {
  const lines = text.split("\n");
  const all = (word: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`${word} /`) ? line.slice(word.length + 1) : []));
  return { paths: all("path"), changed: all("changed"), gone: all("gone") };
}
