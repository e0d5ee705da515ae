import { createHash, createHmac, randomBytes } from "node:crypto";

/** One line of a known_hosts file. The format is that of sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
export interface KnownHost {
  file: string;
  line: number;
  marker: "" | "@revoked" | "@cert-authority";
  /** The names as written: patterns, or one hash. */
  names: string;
  type: string;
  /** The key's blob. */
  key: Buffer;
}

/** What the files say of a key that a host shows. */
export type KeyVerdict =
  | { verdict: "known" }
  | { verdict: "unknown"; authority: KnownHost | undefined }
  | { verdict: "changed" | "revoked"; entry: KnownHost };

// Reads the lines of a known_hosts file. A line that is none is passed over, as OpenSSH does.
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split("\n").flatMap((line, index) => parseLine(line, file, index + 1) ?? []);
}

function parseLine(text: string, file: string, line: number): KnownHost | undefined {
  const fields = text.trim().split(/[ \t]+/);
  if (!fields[0] || fields[0].startsWith("#")) return undefined;
  const marker = fields[0].startsWith("@") ? fields.shift() : "";
  if (marker !== "" && marker !== "@revoked" && marker !== "@cert-authority") return undefined;
  const [names, type, blob] = fields;
  if (!names || !type || !blob) return undefined;
  const key = Buffer.from(blob, "base64");
  return keyType(key) === type ? { file, line, marker, names, type, key } : undefined;
}

// The name a host is listed under: bare on port 22, else bracketed with its port.
export function listedName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

// The lines that speak of a host on a port.
export function linesOf(hosts: KnownHost[], host: string, port: number): KnownHost[] {
  return hosts.filter(({ names }) => matchesNames(names, listedName(host, port)));
}

// Judges the key that a host offers. As in OpenSSH, a host on another port may also be
// known without its port; but a different key there means nothing, because another port
// may lead to another machine.
export function judgeKey(hosts: KnownHost[], host: string, port: number, key: Buffer): KeyVerdict {
  const own = judgeByLines(linesOf(hosts, host, port), key);
  if (own.verdict !== "unknown" || port === 22) return own;
  const bare = judgeByLines(linesOf(hosts, host, 22), key);
  return bare.verdict === "changed" ? own : bare;
}

// A key of another type than the known ones counts as changed: those types were asked for first, so
// the host no longer has them.
function judgeByLines(lines: KnownHost[], key: Buffer): KeyVerdict {
  const same = lines.filter((entry) => entry.key.equals(key));
  const revoked = same.find(({ marker }) => marker === "@revoked");
  if (revoked) return { verdict: "revoked", entry: revoked };
  if (same.some(({ marker }) => marker === "")) return { verdict: "known" };
  const plain = lines.filter(({ marker }) => marker === "");
  const other = plain.find(({ type }) => type === keyType(key)) ?? plain[0];
  if (other) return { verdict: "changed", entry: other };
  return {
    verdict: "unknown",
    authority: lines.find(({ marker }) => marker === "@cert-authority"),
  };
}

// The line that makes a host known, its name hashed where that is wanted.
export function knownHostsLine(host: string, port: number, key: Buffer, isHashed = false): string {
  const name = listedName(host, port);
  return `${isHashed ? hashedName(name) : name} ${keyType(key)} ${key.toString("base64")}\n`;
}

function hashedName(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
}

// The type that a key's blob names in its first field (RFC 4253, 6.6).
export function keyType(blob: Buffer): string {
  if (blob.length < 4) return "";
  return blob.toString("latin1", 4, 4 + blob.readUInt32BE(0));
}

// The fingerprint as ssh-keygen -l writes it.
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

// Whether a name is among comma-separated patterns, or is the one that was hashed. A negated
// pattern that matches excludes it.
export function matchesNames(names: string, name: string): boolean {
  if (names.startsWith("|")) return matchesHash(names, name);
  let matched = false;
  for (const pattern of names.toLowerCase().split(",")) {
    const negated = pattern.startsWith("!");
    if (!matchesGlob(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

// A hashed name is `|1|SALT|HMAC-SHA1 of the name under the salt`, both in base64.
function matchesHash(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split("|");
  if (version !== "1" || !salt || !hash) return false;
  const digest = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
  return digest.equals(Buffer.from(hash, "base64"));
}

// `*` is any run of characters, `?` one; brackets are themselves, for they
// enclose names with ports.
export function matchesGlob(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s").test(name);
}
