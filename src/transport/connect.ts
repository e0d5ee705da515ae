import { openLocal } from "./local.ts";
import { Agents } from "./ssh/agent.ts";
import { SshConfigs } from "./ssh/config/config.ts";
import { type AskSecret, KeyRing } from "./ssh/keys.ts";
import { KnownHostsFiles } from "./ssh/host-keys/known-hosts-files.ts";
import { Openssh } from "./ssh/openssh.ts";
import { SshHosts } from "./ssh/ssh.ts";
import type { Transport } from "./transport.ts";

/** How a transport speaks to the person at the terminal. */
export interface Terminal {
  /** Asks for a passphrase. */
  ask?: AskSecret;
  /** What is worth knowing with -v. */
  say?(message: string): void;
  warn?(message: string): void;
}

/** The way to all hosts. Make one a run: keys, known hosts and configurations are read once for all. */
export function createTransport(
  configs = new SshConfigs(),
  { ask, say = () => undefined, warn = () => undefined }: Terminal = {},
): Transport {
  const keys = new KeyRing(ask);
  const openssh = new Openssh(configs, keys);
  const hosts = new SshHosts({
    keys,
    agents: new Agents(),
    knownHosts: new KnownHostsFiles(),
    configs,
    openssh,
    say,
    warn,
  });
  return {
    open: async (connection) =>
      connection.kind === "local" ? openLocal(connection) : hosts.open(connection),
    close: () => hosts.close(),
  };
}
