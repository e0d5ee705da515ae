import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { attempt } from "../instead-of.ts";

/**
 * Makes a directory on the controller with all missing parents. Throws the system's error. Node's
 * own `recursive` never returns on a file system that cannot create names, such as /proc.
 */
export function makeDirectory(path: string, mode = 0o777): void {
  if (isDirectory(path)) return;
  const above = dirname(path);
  if (above !== path) makeDirectory(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // another process may have made it in between
    if (!isDirectory(path)) throw error;
  }
}

function isDirectory(path: string): boolean {
  return attempt(() => statSync(path).isDirectory()) ?? false;
}
