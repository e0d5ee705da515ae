import { lstatSync } from "node:fs";

// Whether only this user can have written what is in a directory.
export function isOurs(directory: string): boolean {
  const state = lstatSync(directory, { throwIfNoEntry: false });
  return (
    state?.isDirectory() === true && state.uid === process.getuid?.() && (state.mode & 0o022) === 0
  );
}
