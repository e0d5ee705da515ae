import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Transform } from "node:stream";

/** A delaying proxy: `turns` counts how often the direction of the talk changed to the server, over all connections. */
export interface Proxy {
  port: number;
  connections: number;
  /** Bytes from the client to the server, and back. */
  sent: number;
  received: number;
  turns: number;
  close(): Promise<void>;
}

// Holds each chunk back for a fixed time and keeps the order; other chunks may be under way meanwhile.
function delayed(milliseconds: number, count: (bytes: number) => void): Transform {
  let last = Promise.resolve();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count(chunk.length);
      const due = new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
      last = Promise.all([last, due]).then(() => void this.push(chunk));
      done();
    },
    flush(done) {
      void last.then(() => setTimeout(done, 0));
    },
  });
}

// Joins two sockets through the delay, both ways.
function join(client: Socket, server: Socket, milliseconds: number, proxy: Proxy): void {
  let answered = true;
  const out = delayed(milliseconds, (bytes) => {
    proxy.sent += bytes;
    if (answered) proxy.turns += 1;
    answered = false;
  });
  const back = delayed(milliseconds, (bytes) => {
    proxy.received += bytes;
    answered = true;
  });
  client.pipe(out).pipe(server);
  server.pipe(back).pipe(client);
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.setNoDelay(true);
    one.on("error", () => other.destroy());
    one.on("close", () => setTimeout(() => other.destroy(), milliseconds * 2));
  }
}

// Listens on loopback and passes every connection on to the target, each direction so many milliseconds late.
export async function startProxy(
  target: { host: string; port?: number },
  milliseconds: number,
): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const proxy: Proxy = {
    port: 0,
    connections: 0,
    sent: 0,
    received: 0,
    turns: 0,
    close: async () => undefined,
  };
  const server = createServer((client) => {
    proxy.connections += 1;
    const onward = connect(target.port ?? 22, target.host);
    for (const socket of [client, onward]) sockets.add(socket);
    join(client, onward, milliseconds, proxy);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  proxy.port = (server.address() as AddressInfo).port;
  proxy.close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return proxy;
}
