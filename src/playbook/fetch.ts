import { TaskFailure } from "../errors.ts";

/** A server that says nothing for so long is given up. */
const SILENCE_MS = 60_000;
/** TLS errors that a missing certificate authority explains. */
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_(UNTRUSTED|SIGNATURE)/;

// Asks for a URL. A name and password in it travel as a header; nothing is to be packed on the way.
export async function get(url: string): Promise<{ body: AsyncIterable<Uint8Array>; text: () => Promise<string> }> {
  const target = new URL(url);
  const login = target.username ? `Basic ${Buffer.from(`${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`).toString("base64")}` : undefined;
  target.username = target.password = "";
  const silence = new AbortController();
  let timer = setTimeout(() => undefined, 0);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error(`the server is silent for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  };
  heard();
  const headers = { "accept-encoding": "identity", "user-agent": "hullwright", ...(login ? { authorization: login } : {}) };
  try {
    const answer = await fetch(target, { headers, signal: silence.signal });
    if (!answer.ok) await answer.body?.cancel();
    if (!answer.ok) throw new TaskFailure(`${target.href} answers ${answer.status} ${answer.statusText}`.trim(), answer.status === 404 ? "check the version and the architecture in the URL" : undefined);
    const body = listen((answer.body ?? []) as AsyncIterable<Uint8Array>, heard, () => clearTimeout(timer));
    return { body, text: () => readAll(body) };
  } catch (error) {
    clearTimeout(timer);
    throw unreachable(target.href, error as Error);
  }
}

// Passes the chunks on, and notes that each came.
async function* listen(chunks: AsyncIterable<Uint8Array>, heard: () => void, ended: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      heard();
      yield chunk;
    }
  } finally {
    ended();
  }
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString("utf8");
}

// Names what kept us from a URL: the network, TLS, or the controller's own disk.
export function unreachable(url: string, error: Error & { code?: string; cause?: unknown }): Error {
  if (error instanceof TaskFailure) return error;
  const cause = (error.cause ?? error) as Error & { code?: string };
  const hint = UNTRUSTED.test(cause.code ?? "") ? "name the file of your certificate authority in NODE_EXTRA_CA_CERTS, or let the host download (from: host)" : undefined;
  return new TaskFailure(`the controller cannot download ${url}: ${cause.message || cause.code || error.message}`, hint);
}
