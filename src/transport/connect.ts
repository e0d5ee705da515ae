import { openLocal } from "./local.ts";
import { KeyRing } from "./ssh/auth.ts";
import { KnownHostsFiles } from "./ssh/known-hosts-files.ts";
import { openSsh } from "./ssh/ssh.ts";
import type { Transport } from "./transport.ts";

/** The way to all hosts. Make one a run: keys and known hosts are read once for all. */
export function createTransport(): Transport {
  const shared = { keys: new KeyRing(), knownHosts: new KnownHostsFiles() };
  return {
    async open(connection) {
      return connection.kind === "local" ? openLocal(connection) : openSsh(connection, shared);
    },
  };
}
