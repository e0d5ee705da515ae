import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { LabHost } from "../lab/host.ts";

/** The client's bytes after which there is a point. */
const UPLOADED = 4 * 1024 * 1024;

/** A way to a host that counts the points at which something may happen to it. */
export interface Way {
  port: number;
  /** How many points were come to. */
  points: number;
  /** Reads a line that the tool printed, which may be a point. */
  read(line: string): void;
  /** The connection ends, as if a cable had been pulled out and a firewall had said so. */
  cut(): void;
  /** Nothing arrives any more, and nobody is told. */
  lose(): void;
  close(): Promise<void>;
}

/**
 * Listens on loopback and passes all on to a host. A point is each question and each answer, each
 * task that begins, and each few megabytes that are brought to the host, so that each run of a job
 * has the same ones, however busy the machine is; `at` is called with the number of each, from 1 on.
 */
export async function openWay(
  { name, ip }: Pick<LabHost, "name" | "ip">,
  at: (point: number) => void,
): Promise<Way> {
  // what the tool prints with -vvv when the host is asked, when it has answered, and when a task
  // begins there
  const steps = [`--- ${name} is asked`, `--- ${name} answers`, `${name}: `];
  const sockets = new Set<Socket>();
  let [lost, sent] = [false, 0];
  const way: Way = { port: 0, points: 0, read, cut, lose, close };
  const point = (): void => at(++way.points);

  function read(line: string): void {
    if (steps.some((step) => line.startsWith(step))) point();
  }
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
    const host = connect(22, ip);
    for (const socket of [client, host]) {
      sockets.add(socket);
      socket.setNoDelay(true);
    }
    pass(client, host, (bytes) => {
      sent += bytes;
      if (sent < UPLOADED) return;
      sent -= UPLOADED;
      point();
    });
    pass(host, client, () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  way.port = (server.address() as AddressInfo).port;
  return way;
}
