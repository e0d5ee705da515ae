import { TaskFailure } from "../../../errors.ts";

/** An option of a key; null: it has no value. A name may occur more than once (permitopen). */
export type KeyOption = readonly [name: string, value: string | null];

/** One key in a line; `options`: what comes before it, in the order of the line. */
export interface AuthorizedKey {
  type: string;
  key: string;
  options: readonly KeyOption[];
  comment: string;
}

const TYPES = new Set(
  [
    "ssh-ed25519",
    "ssh-rsa",
    "ssh-dss",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "sk-ssh-ed25519@openssh.com",
  ].flatMap((type) => [type, `${type.replace(/@openssh\.com$/, "")}-cert-v01@openssh.com`]),
);

// Reads one line; undefined: it is no key (empty, a comment, or of no kind that is known).
export function readKey(line: string): AuthorizedKey | undefined {
  const words = line.trim().split(/\s+/);
  const at = words.findIndex((word) => TYPES.has(word));
  const key = words[at + 1];
  if (at < 0 || key === undefined || words[0]!.startsWith("#")) return undefined;
  return {
    type: words[at]!,
    key,
    options: readOptions(words.slice(0, at).join(" ")),
    comment: words.slice(at + 2).join(" "),
  };
}

// Reads options such as from="10.0.0.1",no-pty: commas in quotes are no separators.
export function readOptions(text: string): KeyOption[] {
  const parts = text.match(/(?:"(?:\\.|[^"\\])*"|[^",])+/g) ?? [];
  return parts.map((part) => {
    const at = part.indexOf("=");
    return at < 0 ? [part.trim(), null] : [part.slice(0, at).trim(), part.slice(at + 1)];
  });
}

// The keys that a task names: one a line.
export function wantedKeys(
  text: string,
  options: string | undefined,
  comment: string | undefined,
): AuthorizedKey[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const key = readKey(line);
      if (!key) throw new TaskFailure(`invalid key specified: ${line}`);
      return {
        ...key,
        options: options === undefined ? key.options : readOptions(options),
        comment: comment ?? key.comment,
      };
    });
}

// The line that a key is written as.
function writeKey({ options, type, key, comment }: AuthorizedKey): string {
  const words = options.map(([name, value]) => (value === null ? name : `${name}=${value}`));
  return `${words.length > 0 ? `${words.join(",")} ` : ""}${type} ${key} ${comment}\n`;
}

// Compares two keys; the order of options counts only among those of one name.
function isSame(a: AuthorizedKey, b: AuthorizedKey): boolean {
  return writeKey(sorted(a)) === writeKey(sorted(b));
}

function sorted(key: AuthorizedKey): AuthorizedKey {
  const options = key.options.toSorted(([a], [b]) => Number(a > b) - Number(a < b));
  return { ...key, options };
}

/** A line of the file: what it says, and the key in it, if there is one. */
interface KeyLine {
  text: string;
  key?: AuthorizedKey;
}

// The new text of a file of keys; the same text if there is nothing to do. As in Ansible, a file
// that changes is written again: each key and each comment once, where it comes last.
export function putKeys(
  content: string,
  keys: readonly AuthorizedKey[],
  { state, exclusive }: { state: "present" | "absent"; exclusive: boolean },
): string {
  const lines = new Map<string, KeyLine>();
  for (const text of content.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const key = readKey(text);
    const name = key?.key ?? text;
    lines.delete(name);
    lines.set(name, key ? { text, key } : { text });
  }
  let changed = false;
  for (const key of keys) {
    const found = lines.get(key.key)?.key;
    if (state === "absent" ? !found : found && isSame(found, key)) continue;
    lines.delete(key.key);
    changed = true;
    if (state === "present") lines.set(key.key, { text: writeKey(key), key });
  }
  if (state === "present" && exclusive)
    for (const name of [...lines.keys()])
      if (!keys.some(({ key }) => key === name)) changed = lines.delete(name);
  if (!changed) return content;
  return [...lines.values()].map(({ text, key }) => (key ? writeKey(key) : text)).join("");
}
