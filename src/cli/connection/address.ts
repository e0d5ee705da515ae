import { configValue } from "../../transport/ssh/config/config.ts";
import type { Connection } from "../../transport/transport.ts";

// What tells one machine from all others: the same address behind two jump hosts is two machines.
export function addressOf({ user, host, port, config }: Connection): string {
  const way = config && (configValue(config, "proxyjump") ?? configValue(config, "proxycommand"));
  return `${user}@${host}:${port}${way === undefined ? "" : ` by ${way}`}`;
}
