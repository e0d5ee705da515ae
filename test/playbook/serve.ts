import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A web server on loopback that counts what it is asked for. */
export interface Served {
  url: string;
  /** Paths in the order in which they were asked for. */
  asked: string[];
  close(): Promise<void>;
}

// Serves what `answer` makes of a path: bytes, a status, or a deed of its own.
export async function serve(
  answer: (
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ) => Uint8Array | string | number | undefined,
): Promise<Served> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const found = answer(request.url!, request, response);
    if (typeof found === "number") response.writeHead(found).end();
    else if (found !== undefined) response.end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, asked, close };
}
