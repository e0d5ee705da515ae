import { configValue } from "../../transport/ssh/config/config.ts";
import type { WantedLogin } from "./connection.ts";
import type { Connection } from "../../transport/transport.ts";

/** Where the connection `local` leads, whatever the host is called. */
const HERE = "this machine";

// The key that distinguishes logins on machines.
export function addressOf(connection: Connection): string {
  return `${connection.user}@${wayTo(connection)}`;
}

// The key that distinguishes machines, whoever logs in there.
export function machineAddress(connection: Connection): string {
  return connection.kind === "local" ? HERE : wayTo(connection);
}

// The same, as far as a login says before ssh is asked.
export function machineOf(login: WantedLogin): string {
  return "isLocal" in login ? HERE : `${login.destination}:${login.port}`;
}

// The same address behind two jump hosts means two machines.
function wayTo({ host, port, config }: Connection): string {
  const way = config && (configValue(config, "proxyjump") ?? configValue(config, "proxycommand"));
  return `${host}:${port}${way === undefined ? "" : ` by ${way}`}`;
}
