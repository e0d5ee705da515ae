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
  /** Until then hosts may be connected to, but nobody logs in on them. */
  mayLogIn?: Promise<void>;
}

/**
 * The way to all hosts. Make one a run: keys, known hosts and configurations are read once for all.
 */
export function createTransport(
  configs = new SshConfigs(),
  {
    ask,
    say = () => undefined,
    warn = () => undefined,
    mayLogIn = Promise.resolve(),
  }: Terminal = {},
): Transport {
  const keys = new KeyRing(ask);
  const openssh = new Openssh(configs, keys);
  const hosts = new SshHosts({
    keys,
    agents: new Agents(),
    knownHosts: new KnownHostsFiles(),
    configs,
    openssh,
    mayLogIn,
    say,
    warn,
  });
  return {
    open: async (connection) => {
      if (connection.kind !== "local") return hosts.open(connection);
      await mayLogIn;
      return openLocal(connection);
    },
    close: () => hosts.close(),
  };
}
