import { posix } from "node:path";
import { UnreachableError } from "../../../errors.ts";

// The line that makes a login shell a program. A restricted shell knows no exec
// and no program by its path.
export function commandLine(
  [program = "", ...words]: readonly string[],
  isRestricted = false,
): string {
  const line = [isRestricted ? posix.basename(program) : program, ...words]
    .map(quoteForAnyShell)
    .join(" ");
  return isRestricted ? line : `exec ${line}`;
}

// One word for dash, bash, csh, fish and busybox alike. What they read differently
// inside quotes is refused.
export function quoteForAnyShell(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (/['\\!\n\r\0]/.test(word))
    throw new UnreachableError(
      "become",
      `${JSON.stringify(word)} cannot be passed through every login shell`,
    );
  return `'${word}'`;
}
