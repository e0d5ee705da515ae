import type { CipherAlgorithm, KexAlgorithm, MacAlgorithm } from "ssh2";
import { configValue, type SshConfig } from "./config/config.ts";

/**
 * Algorithms that can be used: those that are offered anyway, and those that are offered where a
 * configuration names them.
 */
export interface Allowed<T extends string> {
  usual: readonly T[];
  onDemand: readonly T[];
}

/**
 * Without diffie-hellman-group-exchange, which computes for over a second and stops
 * all other hosts meanwhile.
 */
const KEX: Allowed<KexAlgorithm> = {
  usual: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
  ],
  onDemand: ["diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"],
};
const CIPHERS: Allowed<CipherAlgorithm> = {
  usual: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
    "chacha20-poly1305@openssh.com",
  ],
  onDemand: ["aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc"],
};
const MACS: Allowed<MacAlgorithm> = {
  usual: [
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha1-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1",
  ],
  onDemand: ["hmac-md5"],
};

// The algorithms to offer, in our order, of those that a configuration leaves.
export function allowed<T extends string>(
  { usual, onDemand }: Allowed<T>,
  list: string | undefined,
): T[] {
  if (list === undefined) return [...usual];
  const names = new Set(list.split(","));
  return [...usual, ...onDemand].filter((name) => names.has(name));
}

/** What the handshake offers, beside the types of host keys. */
export interface Offer {
  kex: KexAlgorithm[];
  cipher: CipherAlgorithm[];
  hmac: MacAlgorithm[];
}

// What is offered to a host.
export function offerOf(config: SshConfig | undefined): Offer {
  const list = (key: string): string | undefined => config && configValue(config, key);
  return {
    kex: allowed(KEX, list("kexalgorithms")),
    cipher: allowed(CIPHERS, list("ciphers")),
    hmac: allowed(MACS, list("macs")),
  };
}

// The kind of algorithm of which a configuration leaves none that can be used here.
export function emptyOffer({ kex, cipher, hmac }: Offer): string | undefined {
  if (kex.length === 0) return "KexAlgorithms";
  if (cipher.length === 0) return "Ciphers";
  return hmac.length === 0 ? "MACs" : undefined;
}
