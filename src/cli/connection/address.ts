import { configValue } from "../../transport/ssh/config/config.ts";
import type { WantedLogin } from "./connection.ts";
import type { Connection } from "../../transport/transport.ts";

// The key that distinguishes logins on machines.
export function addressOf(connection: Connection): string {
  return `${connection.user}@${wayTo(connection)}`;
}

// The key that distinguishes machines, whoever logs in there.
export function machineAddress(connection: Connection): string {
  return connection.kind === "local" ? "this machine" : wayTo(connection);
}

// The same, as far as a login says before ssh is asked.
export function machineOf(login: WantedLogin): string {
  return "isLocal" in login ? "this machine" : `${login.destination}:${login.port}`;
}

// The same address behind two jump hosts means two machines.
function wayTo({ host, port, config }: Connection): string {
  const way = config && (configValue(config, "proxyjump") ?? configValue(config, "proxycommand"));
  return `${host}:${port}${way === undefined ? "" : ` by ${way}`}`;
}
