import { extname, join } from "node:path";
import { readdirSync, statSync } from "../../disk/reading.ts";

/** The endings that a file of variables may have. */
const ENDINGS = ["", ".yml", ".yaml", ".json"];

// The files of variables in a directory and those in it, in the order of their names; hidden files
// and backups are passed over. Undefined: it is no directory.
export function listVariables(path: string): string[] | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  return readdirSync(path)
    .toSorted()
    .filter((name) => !name.startsWith(".") && !name.endsWith("~"))
    .flatMap((name) => {
      const inner = join(path, name);
      const below = extname(name) === "" ? listVariables(inner) : undefined;
      return (
        below ??
        (ENDINGS.includes(extname(name)) && statSync(inner, { throwIfNoEntry: false })?.isFile()
          ? [inner]
          : [])
      );
    });
}
