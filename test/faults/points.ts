import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** The client's bytes after which a point stands, where the host says nothing in between. */
const UPLOADED = 4 * 1024 * 1024;
/** The host has begun to speak anew if it said nothing for so long, in milliseconds. */
const SILENCE = 10;

/** A way to a host that counts the points at which something may happen to it. */
export interface Way {
  port: number;
  /** How many points were come to. */
  points: number;
  /** The connection ends, as if a cable had been pulled out and a firewall had said so. */
  cut(): void;
  /** Nothing arrives any more, and nobody is told. */
  lose(): void;
  close(): Promise<void>;
}

/**
 * Listens on loopback and passes all on to a host. A point is each time that the host begins to speak (an answer, or the word about
 * a change), and each few megabytes that are brought to it; `at` is called with its number, from 1 on.
 */
export async function openWay(address: string, at: (point: number) => void): Promise<Way> {
  const sockets = new Set<Socket>();
  let [lost, sent, spoke] = [false, 0, 0];
  const way: Way = { port: 0, points: 0, cut, lose, close };
  const point = (): void => at(++way.points);

  function cut(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }
  function lose(): void {
    lost = true;
  }
  async function close(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
  // What the other side says goes on, unless all is lost.
  function pass(from: Socket, to: Socket, heard: (bytes: number) => void): void {
    from.on("data", (bytes: Buffer) => {
      heard(bytes.length);
      if (!lost) to.write(bytes);
    });
    from.on("error", () => undefined);
    from.on("close", () => {
      sockets.delete(from);
      if (!lost) to.destroy();
    });
  }
  const server = createServer((client) => {
    const host = connect(22, address);
    for (const socket of [client, host]) {
      sockets.add(socket);
      socket.setNoDelay(true);
    }
    pass(client, host, (bytes) => {
      sent += bytes;
      if (sent < UPLOADED) return;
      sent = 0;
      point();
    });
    pass(host, client, () => {
      const now = performance.now();
      if (now - spoke > SILENCE) point();
      spoke = now;
      sent = 0;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  way.port = (server.address() as AddressInfo).port;
  return way;
}
