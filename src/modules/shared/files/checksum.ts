import text from "./sums.sh?raw";
import { TaskFailure } from "../../../errors.ts";

/** Hexadecimal digits of each digest that coreutils can compute. */
const DIGITS = { md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 } as const;

export type Algorithm = keyof typeof DIGITS;

/**
 * What a download is checked against: a digest, or a file of digests (`sums`: its URL, or
 * a path on the controller).
 */
export interface Checksum {
  algorithm: Algorithm;
  hex?: string;
  sums?: string;
}

// Reads Ansible's "ALGORITHM:HEX" or "ALGORITHM:URL".
export function parseChecksum(text: string): Checksum {
  const [, name = "", rest = ""] = /^([^:]*):\s*([^]*?)\s*$/.exec(text.trim()) ?? [];
  const algorithm = name.toLowerCase();
  if (!isAlgorithm(algorithm))
    throw new TaskFailure(
      `checksum "${text}" has an unknown algorithm`,
      `write it as sha256:HEX or sha256:URL; known algorithms: ${Object.keys(DIGITS).join(", ")}`,
    );
  const hex = rest.replace(/\W+/g, ""); // as Ansible takes it
  if (isDigest(hex, algorithm)) return { algorithm, hex: hex.toLowerCase() };
  if (rest !== "" && !/^[0-9a-f]+$/i.test(rest)) return { algorithm, sums: rest };
  throw new TaskFailure(
    `checksum "${text}" is not a ${algorithm} digest`,
    `one has ${DIGITS[algorithm]} hexadecimal digits, this has ${rest.length} characters`,
  );
}

// Writes a checksum as users do.
export function showChecksum({ algorithm, hex, sums }: Checksum): string {
  return `${algorithm}:${hex ?? sums}`;
}

function isAlgorithm(name: string): name is Algorithm {
  return Object.hasOwn(DIGITS, name);
}

function isDigest(text: string, algorithm: Algorithm): boolean {
  return text.length === DIGITS[algorithm] && /^[0-9a-f]+$/i.test(text);
}

/**
 * Finds the digest of a file in a checksum file: `HASH  name`, `HASH *name`, `SHA256
 * (name) = HASH`, or just a hash; other lines (PGP signatures) are skipped. undefined:
 * it has none for this file.
 */
export function findSum(text: string, name: string, algorithm: Algorithm): string | undefined {
  const lines = text.split(/\r?\n/).map((line) => readWords(line));
  const bare = lines
    .filter((words) => words.length === 1 && isDigest(words[0]!, algorithm))
    .map(([hash]) => hash!);
  const named = lines
    .map((words) => readNamed(words, algorithm))
    .filter((line) => line !== undefined);
  const found = named.find((line) => line.name === name || line.name.endsWith(`/${name}`))?.hash;
  return (found ?? (named.length === 0 && bare.length === 1 ? bare[0] : undefined))?.toLowerCase();
}

// The words of a line; what is neither letter nor digit behind a digest does not count.
function readWords(line: string): string[] {
  return line
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^([0-9a-f]{32,})\W+$/i, "$1"));
}

// Reads a line that names its file, as GNU or BSD tools write it.
function readNamed(
  words: string[],
  algorithm: Algorithm,
): { hash: string; name: string } | undefined {
  const [first = "", second = "", equals, last = ""] = words;
  if (words.length === 2 && isDigest(first, algorithm))
    return { hash: first, name: second.replace(/^\*/, "") };
  if (words.length === 4 && equals === "=" && isDigest(last, algorithm))
    return { hash: last, name: second.replace(/^\((.*)\)$/, "$1") };
  return undefined;
}

// How many hexadecimal digits a digest has.
export function digits(algorithm: Algorithm): number {
  return DIGITS[algorithm];
}

// What to say where a file of digests has none for a file.
export function noSum(sums: string, name: string): TaskFailure {
  return new TaskFailure(
    `${sums} has no checksum for ${name}`,
    "check that it belongs to the same release, and that the URL ends with the file name that is in it",
  );
}

/** `findSum` for the host: hw_sum FILE NAME DIGITS prints the digest, or fails. */
export const SUM_FUNCTIONS = text;
