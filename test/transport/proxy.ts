import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy to a port on loopback, that can delay, cut and freeze what goes through it. */
export interface Proxy {
  port: number;
  connections: number;
  /** How often the client spoke after the host had spoken: what a distant host makes one wait for. */
  turns: number;
  /** Breaks all connections. */
  cut(): void;
  stop(): void;
}

export interface ProxySettings {
  /** So many connections are hung up on before anything is said. */
  hangUps?: number;
  /** Delay of each direction, in milliseconds. */
  delayMs?: number;
}

export async function startProxy(
  target: number,
  { hangUps = 0, delayMs = 0 }: ProxySettings = {},
): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket
      .setNoDelay(true)
      .on("error", () => undefined)
      .on("close", () => sockets.delete(socket));
  };
  const pass = (from: Socket, to: Socket): void => {
    from.on("data", (chunk) =>
      delayMs > 0 ? setTimeout(() => to.write(chunk), delayMs) : to.write(chunk),
    );
    from.on("close", () => setTimeout(() => to.destroy(), delayMs));
  };
  let last: Socket | undefined;
  const count = (client: Socket, host: Socket): void => {
    client.on("data", () => {
      if (last !== client) proxy.turns += 1;
      last = client;
    });
    host.on("data", () => (last = host));
  };
  const server = createServer((client) => {
    proxy.connections += 1;
    keep(client);
    if (proxy.connections <= hangUps) return void client.end();
    const host = keep(connect(target, "127.0.0.1"));
    count(client, host);
    pass(client, host);
    pass(host, client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: Proxy = {
    port: (server.address() as AddressInfo).port,
    connections: 0,
    turns: 0,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    stop() {
      proxy.cut();
      server.close();
    },
  };
  return proxy;
}
