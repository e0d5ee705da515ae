import { renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeDirectory } from "./make-directory.ts";

// Writes a file for its owner only, completely or not at all, and creates its directory. Throws the system's error.
export function writeWhole(file: string, text: string): void {
  makeDirectory(dirname(file), 0o700);
  const half = `${file}.${process.pid}`;
  writeFileSync(half, text, { mode: 0o600 });
  renameSync(half, file);
}
