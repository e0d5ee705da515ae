import type { ServerHostKeyAlgorithm } from "ssh2";
import { UnreachableError } from "../../../errors.ts";
import type { Connection } from "../../transport.ts";
import { type Allowed, allowed } from "../algorithms.ts";
import { configIs, configValue } from "../config/config.ts";
import {
  fingerprint,
  judgeKey,
  keyType,
  type KeyVerdict,
  type KnownHost,
  knownHostsLine,
  linesOf,
  listedName,
} from "./known-hosts.ts";
import type { KnownHostsFiles } from "./known-hosts-files.ts";

/** ssh2's own order, but for SHA-1 signatures and DSA, which OpenSSH no longer takes either. */
const ALGORITHMS: Allowed<ServerHostKeyAlgorithm> = {
  usual: [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
  ],
  onDemand: ["ssh-rsa", "ssh-dss"],
};

/** Knows which key a host must show, and judges the one that it shows. */
export interface HostKeyCheck {
  /**
   * For the handshake: the types that are known first, else another key would
   * look like a changed one.
   */
  algorithms: ServerHostKeyAlgorithm[];
  /** A certificate authority vouches for the host, which only the system's ssh can check. */
  hasAuthority: boolean;
  /** Some key of the host is known. */
  isKnown: boolean;
  /**
   * Remembers a new key if wanted. Throws UnreachableError for a key that must not be trusted.
   * False: the key has changed and that is allowed, so no password may be sent to the host.
   */
  verify(key: Buffer): boolean;
}

/** The name under which a host's key is known. */
interface KnownName {
  host: string;
  port: number;
}

export function hostKeyCheck(
  connection: Connection,
  files: KnownHostsFiles,
  warn: (message: string) => void = () => undefined,
): HostKeyCheck {
  const name = knownName(connection);
  const hosts = files.lines(connection.knownHostsFiles);
  const own = linesOf(hosts, name.host, name.port);
  const lines = own.length > 0 ? own : linesOf(hosts, name.host, 22);
  const known = new Set(lines.filter(({ marker }) => marker === "").map(({ type }) => type));
  const isKnown = (algorithm: string): boolean =>
    known.has(algorithm.startsWith("rsa-") ? "ssh-rsa" : algorithm);
  const offered = allowed(
    ALGORITHMS,
    connection.config && configValue(connection.config, "hostkeyalgorithms"),
  );
  const strict = strictness(connection);
  return {
    algorithms: [...offered.filter(isKnown), ...offered.filter((algorithm) => !isKnown(algorithm))],
    hasAuthority: known.size === 0 && lines.some(({ marker }) => marker === "@cert-authority"),
    isKnown: known.size > 0,
    verify(key) {
      const verdict = judgeKey(hosts, name.host, name.port, key);
      if (verdict.verdict === "known") return true;
      if (verdict.verdict === "changed" && strict === "no") return false;
      if (verdict.verdict !== "unknown") throw untrusted(name, key, verdict.verdict, verdict.entry);
      if (strict === "ask" || !hasOwnFile(connection))
        throw unknown(connection, name, key, verdict);
      // another login of this run may have met the same host meanwhile
      const now = judgeKey(files.lines(connection.knownHostsFiles), name.host, name.port, key);
      if (now.verdict === "known") return true;
      if (now.verdict !== "unknown" && strict !== "no")
        throw untrusted(name, key, now.verdict, now.entry);
      remember(connection, name, files, key, warn);
      return true;
    },
  };
}

function knownName({ host, port, config }: Connection): KnownName {
  const alias = config && configValue(config, "hostkeyalias");
  return alias === undefined ? { host, port } : { host: alias, port: 22 };
}

// What becomes of keys that are not known: refused, taken, or taken even where they have changed.
function strictness({ acceptNew, config }: Connection): "ask" | "accept-new" | "no" {
  const said = (config?.values.get("stricthostkeychecking")?.[0] ?? "ask").toLowerCase();
  if (["no", "off", "false"].includes(said)) return "no";
  return acceptNew || said === "accept-new" ? "accept-new" : "ask";
}

// Whether there is a file of the user's own to remember keys in. Without one (UserKnownHostsFile
// none) ssh takes no new key at all, and what it knows of all users' file is not for us to add to.
function hasOwnFile({ config }: Connection): boolean {
  return config?.values.get("userknownhostsfile")?.[0] !== "none";
}

// Saves a new host's key. As with ssh, a file that cannot be written is reported, but
// does not prevent the login.
function remember(
  { knownHostsFiles: [file], config }: Connection,
  { host, port }: KnownName,
  files: KnownHostsFiles,
  key: Buffer,
  warn: (message: string) => void,
): void {
  try {
    if (file !== undefined)
      files.add(
        file,
        knownHostsLine(host, port, key, config !== undefined && configIs(config, "hashknownhosts")),
      );
  } catch (error) {
    warn(`the key of ${listedName(host, port)} cannot be remembered: ${(error as Error).message}`);
  }
}

// The key is not the known one, or is known to be stolen.
function untrusted(
  { host, port }: KnownName,
  key: Buffer,
  verdict: "changed" | "revoked",
  entry: KnownHost,
): UnreachableError {
  const name = listedName(host, port);
  const place = `${entry.file}:${entry.line}`;
  if (verdict === "revoked") {
    const message = `${name} presents a key that is revoked in ${place}: ${showKey(key)}`;
    return new UnreachableError(
      "hostkey-changed",
      message,
      "give the host new keys: whoever has this one can impersonate it",
    );
  }
  const message = `${name} presents the key ${showKey(key)}, which is not the known one from ${place}: ${showKey(entry.key)}`;
  const hint = `someone may be impersonating the host. If its key was changed on purpose: ssh-keygen -f '${entry.file}' -R '${name}'`;
  return new UnreachableError("hostkey-changed", message, hint);
}

// Nobody has vouched for the key yet.
function unknown(
  connection: Connection,
  { host, port }: KnownName,
  key: Buffer,
  { authority }: KeyVerdict & { verdict: "unknown" },
): UnreachableError {
  const name = listedName(host, port);
  const named =
    authority && `${authority.file}:${authority.line} names a certificate authority for it`;
  const certificate = named
    ? ` (${named}, but the system's ssh, which checks certificates, is not installed)`
    : "";
  return new UnreachableError(
    "hostkey-unknown",
    `the key of ${name} is not known: ${showKey(key)}${certificate}`,
    `compare the fingerprint with the host's own (ssh-keygen -lf), then ${howToRemember(connection)}`,
  );
}

// How a key becomes known: by this run, or by ssh-keyscan, which knows no other name
// of a host (HostKeyAlias).
function howToRemember(connection: Connection): string {
  const { host, port, knownHostsFiles, config } = connection;
  if (!hasOwnFile(connection))
    return "add it to a file of known hosts: UserKnownHostsFile is none, so none is remembered";
  const hasAlias = config !== undefined && configValue(config, "hostkeyalias") !== undefined;
  const [file] = knownHostsFiles;
  if (hasAlias || file === undefined) return "run with --accept-new";
  const scan = port === 22 ? `ssh-keyscan ${host}` : `ssh-keyscan -p ${port} ${host}`;
  return `run with --accept-new, or: ${scan} >> '${file}'`;
}

// A key as people compare it.
function showKey(key: Buffer): string {
  return `${keyType(key)} ${fingerprint(key)}`;
}
