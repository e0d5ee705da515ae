import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { defined } from "../../src/defined.ts";

/** How a path is to misbehave: answer with a status, end after so many bytes, or send so many bytes a second. */
export interface Fault {
  status?: number;
  truncateAt?: number;
  bytesPerSecond?: number;
  /** Milliseconds before the first byte of the answer. */
  delay?: number;
  /** Other content than the file's, as a tampered mirror would send. */
  body?: string;
}

/** One request as it was answered. */
export interface Request {
  method: string;
  path: string;
  range?: string;
  status: number;
  bytes: number;
}

/** What the server is told, and what it tells. */
interface Told {
  requests: Request[];
  faults: Map<string, Fault>;
}

/** A running file server; `faults` may be changed while it runs, by path (or '*' for all). */
export interface FileServer extends Told {
  url: string;
  close(): Promise<void>;
}

// Serves the files of a folder over HTTP on an address of this machine, such as the lab's.
export async function serveReleases(dir: string, address: string): Promise<FileServer> {
  const requests: Request[] = [];
  const faults = new Map<string, Fault>();
  const server = createServer((request, response) => {
    answer(dir, { faults, requests }, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://${address}:${String(port)}`, requests, faults, close };
}

// Answers one request and keeps it in the log, with the bytes that were really sent.
async function answer(
  dir: string,
  state: Told,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { faults, requests } = state;
  const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname));
  const fault = faults.get(path) ?? faults.get("*") ?? {};
  const range = request.headers.range;
  const entry: Request = {
    method: request.method ?? "GET",
    path,
    status: 0,
    bytes: 0,
    ...defined({ range }),
  };
  requests.push(entry);
  if (fault.delay !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delay));
  const size = statSync(join(dir, path), { throwIfNoEntry: false });
  entry.status = fault.status ?? (size?.isFile() === true ? 200 : 404);
  if (entry.status !== 200)
    return void response.writeHead(entry.status).end(`${String(entry.status)}\n`);
  if (fault.body !== undefined) {
    return void response
      .writeHead(200, { "content-length": Buffer.byteLength(fault.body) })
      .end(fault.body);
  }
  await send(join(dir, path), size?.size ?? 0, fault, entry, response);
}

// Sends a file, or the part that was asked for, as badly as the fault says.
async function send(
  file: string,
  size: number,
  fault: Fault,
  entry: Request,
  response: ServerResponse,
): Promise<void> {
  const start = Number(/^bytes=(\d+)-$/.exec(entry.range ?? "")?.[1] ?? 0);
  entry.status = start > 0 ? 206 : 200;
  const partial =
    start > 0
      ? { "content-range": `bytes ${String(start)}-${String(size - 1)}/${String(size)}` }
      : {};
  response.writeHead(entry.status, {
    "content-length": size - start,
    "accept-ranges": "bytes",
    ...partial,
  });
  if (entry.method === "HEAD") return void response.end();
  await pipeline(createReadStream(file, { start }), worsen(fault, entry), response);
}

// Lets bytes through at the fault's rate, and breaks the connection where it ends.
function worsen(fault: Fault, entry: Request): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const left = (fault.truncateAt ?? Infinity) - entry.bytes;
      const part = chunk.subarray(0, Math.max(0, Math.min(chunk.length, left)));
      entry.bytes += part.length;
      const wait =
        fault.bytesPerSecond === undefined ? 0 : (part.length / fault.bytesPerSecond) * 1000;
      this.push(part);
      if (part.length < chunk.length)
        setTimeout(() => {
          done(new Error("cut off as asked"));
        }, 50);
      else if (wait > 0) setTimeout(done, wait);
      else done();
    },
  });
}
