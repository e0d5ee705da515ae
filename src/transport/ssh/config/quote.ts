import { UnreachableError } from "../../../errors.ts";

// One word for dash, bash, csh, fish and busybox alike. What they read differently inside quotes is refused.
export function quoteForAnyShell(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (/['\\!\n\r\0]/.test(word))
    throw new UnreachableError(
      "become",
      `${JSON.stringify(word)} cannot be told to every login shell`,
    );
  return `'${word}'`;
}
