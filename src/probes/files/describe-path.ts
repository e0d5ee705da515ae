import type { LookWord } from "../probe.ts";

/** Types of files, by the first digit of their mode in hexadecimal. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  "8": "a file",
  "4": "a directory",
  a: "a link",
  "2": "a character device",
  "6": "a block device",
  "1": "a named pipe",
  c: "a socket",
};

/** The word that a look prints for a path with nothing there. */
export const ABSENT = "absent";

/** Whether the words of a look at a path, or what they begin with, are those of a directory. */
export function isDirectory([first]: readonly LookWord[]): boolean {
  const word = typeof first === "string" ? first : (first?.begins ?? "");
  return /^4([0-9a-f]{3})?( |$)/.test(word);
}

/**
 * What the words of a look at a path say: "is a file (0644 root:root)".
 * Undefined: not all of it is known.
 */
export function describePath(words: readonly LookWord[]): string | undefined {
  if (!words.every((word) => typeof word === "string" || word === null)) return undefined;
  const [mode, owner, group, ...rest] = words;
  if (mode === ABSENT) return "is not there";
  if (typeof mode !== "string") return undefined;
  const type = TYPE_NAMES[mode[0]!];
  if (type === undefined) return undefined;
  if (type === "a link") return `is a link to ${rest.join(" ")}`;
  const bits = (Number.parseInt(mode, 16) & 0o7777).toString(8).padStart(4, "0");
  return `is ${type} (${bits} ${owner}:${group})`;
}
