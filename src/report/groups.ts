/**
 * Hosts whose lines are the same, or, if `isExample` is set, differ only in
 * their own names and addresses.
 */
export interface HostGroup {
  names: string[];
  lines: readonly string[];
  isExample: boolean;
}

/** The fingerprint of a host's key, which is its own. */
const FINGERPRINT = /\bSHA256:[A-Za-z0-9+/]{43}/g;

/** Words shorter than this turn up in any text. */
const SHORTEST = 2;

/**
 * Puts hosts together whose lines are the same, or would be if each host's own words (its names and
 * addresses) were. `words` answers these words of a host.
 */
export function groupHosts(
  hosts: ReadonlyMap<string, readonly string[]>,
  words: (host: string) => readonly string[],
): HostGroup[] {
  const same = new Map<string, HostGroup>();
  for (const [name, lines] of hosts) {
    const key = lines.join("\n");
    const group = same.get(key) ?? { names: [], lines, isExample: false };
    group.names.push(name);
    same.set(key, group);
  }
  const alike = new Map<string, HostGroup>();
  for (const [key, group] of same) {
    const common = withoutWords(key, words(group.names[0]!));
    const other = alike.get(common);
    if (other) Object.assign(other, { names: [...other.names, ...group.names], isExample: true });
    else alike.set(common, group);
  }
  return [...alike.values()];
}

// A text with a sign in the place of each of the words, the longest first, and of fingerprints.
export function withoutWords(written: string, words: readonly string[]): string {
  const text = written.replaceAll(FINGERPRINT, "\u0000");
  const told = [...new Set(words)]
    .filter((word) => word.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  if (told.length === 0) return text;
  const pattern = told.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return text.replace(new RegExp(`(?<![\\w-])(?:${pattern})(?![\\w-])`, "g"), "\u0000");
}

/** Longer lists of names are cut. */
const MAX_LENGTH = 50;

// The names of hosts; of many, some.
export function listNames(names: readonly string[], isFull: boolean): string {
  if (names.length <= 6 || isFull) return names.join(", ");
  const first =
    [4, 3, 2].find((count) => names.slice(0, count).join(", ").length <= MAX_LENGTH) ?? 1;
  return `${names.slice(0, first).join(", ")} ... ${names.at(-1)} (${names.length} hosts)`;
}
