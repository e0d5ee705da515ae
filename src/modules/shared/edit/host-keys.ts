import { createHash, createHmac } from "node:crypto";

/** One line of known_hosts: marker, names, kind and key. */
interface HostKey {
  marker: string;
  names: string;
  type: string;
  key: string;
}

/** A line about a host, and its index. */
interface Found extends HostKey {
  index: number;
}

// Reads a line; undefined: it is empty, a comment, or no key.
export function readHostKey(line: string): HostKey | undefined {
  const words = line.trim().split(/\s+/);
  const marker = words[0]!.startsWith("@") ? words.shift()! : "";
  const [names = "", type, key] = words;
  if (names.startsWith("#") || type === undefined || key === undefined) return undefined;
  return { marker, names, type, key };
}

// Whether a line is about a host, as ssh-keygen -F finds it.
export function isAbout({ names }: Pick<HostKey, "names">, host: string): boolean {
  if (names.startsWith("|1|")) {
    const [, , salt = "", digest] = names.split("|");
    const made = createHmac("sha1", Buffer.from(salt, "base64")).update(host).digest("base64");
    return made === digest;
  }
  const patterns = names.toLowerCase().split(",");
  const matches = (pattern: string): boolean => globOf(pattern).test(host);
  if (patterns.some((one) => one.startsWith("!") && matches(one.slice(1)))) return false;
  return patterns.some((one) => !one.startsWith("!") && matches(one));
}

function globOf(pattern: string): RegExp {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\*?]/g, (sign) => {
    if (sign === "*") return ".*";
    return sign === "?" ? "." : `\\${sign}`;
  });
  return new RegExp(`^${source}$`, "s");
}

// A key whose name is hashed. The salt comes from name and key, so that a plan
// says what apply writes.
export function hashedLine(host: string, line: string): string {
  const words = line.trim().split(/\s+/);
  const at = words[0]!.startsWith("@") ? 1 : 0;
  const salt = createHash("sha1").update(`hullwright ${host} ${line.trim()}`).digest();
  const digest = createHmac("sha1", salt).update(host).digest("base64");
  words[at] = `|1|${salt.toString("base64")}|${digest}`;
  return words.join(" ");
}

/** What should be known about a host, or nothing any more. */
export interface HostKeyArgs {
  host: string;
  /** undefined: all keys of the host go. */
  line: string | undefined;
  state: "present" | "absent";
}

// The new text; the same one if there is nothing to do.
export function putHostKey(content: string, { host, line, state }: HostKeyArgs): string {
  const lines = content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const found = lines.flatMap((text, index): Found[] => {
    const key = readHostKey(text);
    return key && isAbout(key, host) ? [{ ...key, index }] : [];
  });
  if (line === undefined) {
    const exact = new Set(
      found.filter(({ names }) => !/[*?]/.test(names)).map(({ index }) => index),
    );
    return lines.filter((_text, index) => !exact.has(index)).join("");
  }
  const wanted = readHostKey(line)!;
  const { index, isSame } = search(found, wanted);
  if (state === "absent") return index === undefined ? content : lines.toSpliced(index, 1).join("");
  if (isSame) return content;
  const kept = index === undefined ? lines : lines.toSpliced(index, 1);
  const text = kept.join("");
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line.endsWith("\n") ? line : `${line}\n`}`;
}

// The line with the same key, or with another key of its kind: the first of either.
function search(
  found: readonly Found[],
  wanted: HostKey,
): { index: number | undefined; isSame: boolean } {
  for (const one of found) {
    const bothHashed = one.names.startsWith("|1|") && wanted.names.startsWith("|1|");
    const sameName = bothHashed || one.names === wanted.names;
    const isSame = sameName && one.key === wanted.key && one.marker === wanted.marker;
    if (one.type === wanted.type) return { index: one.index, isSame };
  }
  return { index: undefined, isSame: false };
}
