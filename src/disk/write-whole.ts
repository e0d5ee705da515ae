import { chmodSync, linkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeDirectory } from "./make-directory.ts";

// Writes a file for its owner only, completely or not at all, and creates its directory.
// Throws the system's error.
export function writeWhole(file: string, text: string): void {
  makeDirectory(dirname(file), 0o700);
  replaceFile(file, text, 0o600);
}

// Writes a file beside its place and renames it, so that no half-written file is ever there.
// Throws the system's error.
export function replaceFile(file: string, content: string | Uint8Array, mode: number): void {
  const half = `${file}.${process.pid}.new`;
  writeFileSync(half, content, { mode: 0o600 });
  chmodSync(half, mode);
  renameSync(half, file);
}

// Creates a file for its owner only, so that nobody ever finds a part of it; false: there is one
// already. Throws the system's error.
export function createFile(file: string, text: string): boolean {
  const half = `${file}.${process.pid}.new`;
  writeFileSync(half, text, { mode: 0o600 });
  try {
    linkSync(half, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(half, { force: true });
  }
}
