import { configValue } from "../../transport/ssh/config/config.ts";
import type { Connection } from "../../transport/transport.ts";

// The key that distinguishes machines: the same address behind two jump hosts means two machines.
export function addressOf({ user, host, port, config }: Connection): string {
  const way = config && (configValue(config, "proxyjump") ?? configValue(config, "proxycommand"));
  return `${user}@${host}:${port}${way === undefined ? "" : ` by ${way}`}`;
}
