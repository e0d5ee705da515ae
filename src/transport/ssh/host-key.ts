import type { ServerHostKeyAlgorithm } from "ssh2";
import { UnreachableError } from "../../errors.ts";
import type { Connection } from "../transport.ts";
import { fingerprint, judgeKey, type KeyVerdict, keyType, type KnownHost, knownHostsLine, linesOf, listedName } from "./known-hosts.ts";
import type { KnownHostsFiles } from "./known-hosts-files.ts";

// ssh2's own order, but for SHA-1 signatures and DSA, which OpenSSH no longer takes either.
const ALGORITHMS: ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

/** Knows which key a host must show, and judges the one that it shows. */
export interface HostKeyCheck {
  /** For the handshake: the types that are known first, else another key would look like a changed one. */
  algorithms: ServerHostKeyAlgorithm[];
  /** Remembers a new key where that is wanted. Throws UnreachableError for a key that is not to be trusted. */
  verify(key: Buffer): void;
}

export function hostKeyCheck(connection: Connection, files: KnownHostsFiles): HostKeyCheck {
  const { host, port, knownHostsFiles } = connection;
  const hosts = files.lines(knownHostsFiles);
  const own = linesOf(hosts, host, port);
  const lines = own.length > 0 ? own : linesOf(hosts, host, 22);
  const known = new Set(lines.filter(({ marker }) => marker === "").map(({ type }) => type));
  const isKnown = (algorithm: string): boolean => known.has(algorithm.startsWith("rsa-") ? "ssh-rsa" : algorithm);
  return {
    algorithms: [...ALGORITHMS.filter(isKnown), ...ALGORITHMS.filter((algorithm) => !isKnown(algorithm))],
    verify(key) {
      const verdict = judgeKey(hosts, host, port, key);
      if (verdict.verdict === "known") return;
      if (verdict.verdict !== "unknown") throw untrusted(connection, key, verdict.verdict, verdict.entry);
      if (!connection.acceptNew) throw unknown(connection, key, verdict);
      remember(connection, files, key);
    },
  };
}

// Writes a new host's key down. What cannot be remembered is not accepted: the next run would not notice a change.
function remember({ host, port, knownHostsFiles: [file] }: Connection, files: KnownHostsFiles, key: Buffer): void {
  try {
    if (file !== undefined) files.add(file, knownHostsLine(host, port, key));
  } catch (error) {
    throw new UnreachableError("hostkey-unknown", `the key of ${listedName(host, port)} cannot be remembered: ${(error as Error).message}`);
  }
}

// The key is not the known one, or is known to be stolen.
function untrusted({ host, port }: Connection, key: Buffer, verdict: "changed" | "revoked", entry: KnownHost): UnreachableError {
  const name = listedName(host, port);
  const place = `${entry.file}:${entry.line}`;
  if (verdict === "revoked") {
    const message = `${name} shows a key that was revoked in ${place}: ${shown(key)}`;
    return new UnreachableError("hostkey-changed", message, "give the host new keys: whoever has this one can pose as it");
  }
  const message = `${name} shows another key than the known one: ${shown(key)}, known from ${place}: ${shown(entry.key)}`;
  const hint = `someone may be posing as the host. If its key was changed on purpose: ssh-keygen -f '${entry.file}' -R '${name}'`;
  return new UnreachableError("hostkey-changed", message, hint);
}

// Nobody has vouched for the key yet.
function unknown({ host, port }: Connection, key: Buffer, { authority }: KeyVerdict & { verdict: "unknown" }): UnreachableError {
  const name = listedName(host, port);
  const named = authority && `${authority.file}:${authority.line} names a certificate authority for it`;
  const certificate = named ? ` (${named}, but host certificates are not supported)` : "";
  const scan = port === 22 ? `ssh-keyscan ${host}` : `ssh-keyscan -p ${port} ${host}`;
  const hint = `compare the fingerprint with the host's own (ssh-keygen -lf), then run with --accept-new, or: ${scan} >> ~/.ssh/known_hosts`;
  return new UnreachableError("hostkey-unknown", `the key of ${name} is not known: ${shown(key)}${certificate}`, hint);
}

// A key as people compare it.
function shown(key: Buffer): string {
  return `${keyType(key)} ${fingerprint(key)}`;
}
