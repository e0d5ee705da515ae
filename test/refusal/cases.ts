import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "test/refusal/cases";

/** Something wrong that a user may write, and the whole of what is said to it. */
export interface Case {
  name: string;
  /** The words behind `hullwright`. */
  command: string;
  /** The files, by their names; hosts.yml is there in any case. */
  files: Map<string, string>;
  /** All of stderr, without the folder's path. */
  says: string;
}

/** A file of cases: each begins with "==== NAME", its parts with "---- FILE", and the last part is "---- says". */
export interface CaseFile {
  path: string;
  cases: Case[];
}

// Reads all files of cases.
export function readCases(): CaseFile[] {
  return readdirSync(FOLDER)
    .sort()
    .map((name) => {
      const path = join(FOLDER, name);
      return {
        path,
        cases: readFileSync(path, "utf8")
          .split(/^==== /m)
          .slice(1)
          .map(readCase),
      };
    });
}

// Reads one case; where no command is given, it is the usual one.
function readCase(text: string): Case {
  const [head = "", ...parts] = text.split(/^---- /m);
  const [name = "", command] = head.trimEnd().split("\n$ hullwright ");
  const files = new Map(
    parts.map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n") + 1)]),
  );
  const says = files.get("says") ?? "";
  files.delete("says");
  return { name, command: command ?? USUAL, files, says: says.trimEnd() };
}

const USUAL = "apply site.yml -i hosts.yml";

// Writes cases as they are read.
export function writeCases({ cases }: CaseFile): string {
  return cases
    .map(({ name, command, files, says }) => {
      const parts = [...files, ["says", `${says}\n\n`]].map(
        ([file, text]) => `---- ${file}\n${text}`,
      );
      return `==== ${name}\n${command === USUAL ? "" : `$ hullwright ${command}\n`}${parts.join("")}`;
    })
    .join("");
}
