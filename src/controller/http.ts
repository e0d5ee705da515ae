import {
  type ClientRequest,
  type IncomingMessage,
  request as askHttp,
  type RequestOptions,
} from "node:http";
import { request as askHttps } from "node:https";
import { connect } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { TaskFailure } from "../errors.ts";
import { basic, type Proxy, proxyFor } from "./web-proxy.ts";
import { defined } from "../defined.ts";

/** A server that says nothing for so long is given up. */
const SILENCE_MS = 60_000;
/**
 * How often a server is asked that does not answer, or whose answer breaks off, and how long is
 * waited after the first time.
 */
const TRIES = 4;
const WAIT_MS = 250;
const MOST_REDIRECTS = 10;
/** TLS errors that a missing certificate authority explains. */
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_(UNTRUSTED|SIGNATURE)/;

/** Where the bytes of a download go. */
export interface Sink {
  /** Takes more bytes. */
  write(chunk: Uint8Array): Promise<void>;
  /** Forgets all of them: the server starts again. */
  reset(): Promise<void>;
  /** How many there are. */
  size(): number;
}

// Downloads a URL through the proxy that the environment names. An interrupted download is retried,
// and continues where it stopped.
export async function fetchTo(url: string, sink: Sink): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await receive(await follow(new URL(url), sink.size()), sink);
    } catch (error) {
      const isFinal =
        attempt === TRIES ||
        error instanceof DiskError ||
        (error instanceof TaskFailure && !(error instanceof Passing));
      if (isFinal)
        throw error instanceof DiskError
          ? error.cause
          : unreachable(withoutLogin(url), error as Error);
      await sleep(WAIT_MS * 2 ** (attempt - 1));
    }
  }
}

// Takes the rest of a file, or all of it where the server does not send the rest alone.
async function receive(answer: IncomingMessage, sink: Sink): Promise<void> {
  if (answer.statusCode !== 206 && sink.size() > 0) await sink.reset();
  if (answer.statusCode === 416) {
    answer.destroy();
    throw new Error("the server has less than it had before");
  }
  for await (const chunk of answer as AsyncIterable<Uint8Array>) await sink.write(chunk);
  if (!answer.complete) throw new Error("the response ended early");
}

// Downloads a small text.
export async function fetchText(url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  await fetchTo(url, {
    write: async (chunk) => void chunks.push(chunk),
    reset: async () => void (chunks.length = 0),
    size: () => chunks.reduce((sum, { length }) => sum + length, 0),
  });
  return Buffer.concat(chunks).toString("utf8");
}

/** An error of this machine's own disk: no server is to blame, and none is asked again. */
export class DiskError extends Error {}

/** An answer that may be another one in a moment. */
class Passing extends TaskFailure {}

// Sends the request, and follows redirects. A login is only sent to the server that the URL names.
async function follow(target: URL, from: number): Promise<IncomingMessage> {
  let login = target.username === "" ? undefined : basic(target);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const answer = await ask(target, {
      ...defined({ authorization: login, range: from > 0 ? `bytes=${from}-` : undefined }),
    });
    const status = answer.statusCode ?? 0;
    const { location } = answer.headers;
    if (status < 300 || (status === 416 && from > 0)) return answer;
    answer.destroy();
    if (status >= 400 || location === undefined) throw refusal(target, answer);
    const next = new URL(location, target);
    if (next.host !== target.host) login = undefined;
    refuseDowngrade(target, next);
    target = next;
  }
  throw new TaskFailure(`${withoutLogin(target.href)} redirects without end`);
}

// What was asked for by https is not taken over a connection that anybody can read and change.
function refuseDowngrade(from: URL, to: URL): void {
  if (from.protocol === "https:" && to.protocol !== "https:")
    throw new TaskFailure(
      `${withoutLogin(from.href)} leads to ${to.protocol}//${to.host}, which is not encrypted`,
    );
}

/** What to do about an answer, by its status. */
const HINTS: { readonly [status: number]: string } = {
  404: "check the version and the architecture in the URL",
  407: "the proxy requires a login: http://NAME:PASSWORD@HOST:PORT",
};

function refusal(
  target: URL,
  { statusCode = 0, statusMessage = "" }: IncomingMessage,
): TaskFailure {
  const text = `${withoutLogin(target.href)} answers ${statusCode} ${statusMessage}`.trim();
  const isPassing = statusCode >= 500 || statusCode === 429 || statusCode === 408;
  const hint = HINTS[statusCode];
  return isPassing ? new Passing(text, hint) : new TaskFailure(text, hint);
}

// Asks one server once, itself or by way of a proxy.
async function ask(target: URL, more: Record<string, string>): Promise<IncomingMessage> {
  if (target.protocol !== "http:" && target.protocol !== "https:")
    throw new TaskFailure(`${target.href} is neither http nor https`);
  const headers = {
    host: target.host,
    "accept-encoding": "identity",
    "user-agent": "hullwright",
    ...more,
  };
  const proxy = proxyFor(target);
  const plain: RequestOptions & { host: string } = {
    host: target.hostname.replace(/^\[|\]$/g, ""),
    port: target.port,
    path: `${target.pathname}${target.search}`,
    headers,
    agent: false,
  };
  if (!proxy) return answerOf(target.protocol === "https:" ? askHttps(plain) : askHttp(plain));
  if (target.protocol === "http:") {
    const login = proxy.login === undefined ? {} : { "proxy-authorization": proxy.login };
    const bare = new URL(target);
    bare.username = bare.password = bare.hash = "";
    return answerOf(
      askHttp({
        host: proxy.host,
        port: proxy.port,
        path: bare.href,
        headers: { ...headers, ...login },
        agent: false,
      }),
    );
  }
  const socket = await tunnel(target, proxy);
  const { agent: _agent, ...options } = plain; // with an agent, the connection would be one of its own
  const name = isIP(plain.host) === 0 ? { servername: plain.host } : {};
  return answerOf(
    askHttps({
      ...options,
      createConnection: () =>
        connect({ socket, host: plain.host, ALPNProtocols: ["http/1.1"], ...name }),
    }),
  );
}

// A way through the proxy to the server.
async function tunnel(target: URL, { host, port, login }: Proxy): Promise<Duplex> {
  const to = `${target.hostname}:${target.port || 443}`;
  const headers = { host: to, ...defined({ "proxy-authorization": login }) };
  const request = askHttp({ host, port, method: "CONNECT", path: to, headers, agent: false });
  return new Promise((resolve, reject) => {
    request.setTimeout(SILENCE_MS, () =>
      request.destroy(new Error(`the proxy sent nothing for ${SILENCE_MS / 1000} s`)),
    );
    request.on("connect", (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      return reject(
        new TaskFailure(
          `the proxy ${host}:${port} answers ${answer.statusCode ?? 0} for ${to}`,
          "it is set in the environment: https_proxy; list hosts that need none in no_proxy",
        ),
      );
    });
    request.on("error", (error) =>
      reject(
        new Error(
          `the proxy ${host}:${port}: ${error.message || String((error as NodeJS.ErrnoException).code)}`,
        ),
      ),
    );
    request.end();
  });
}

function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.setTimeout(SILENCE_MS, () =>
      request.destroy(new Error(`the server sent nothing for ${SILENCE_MS / 1000} s`)),
    );
    request.on("response", resolve);
    request.on("error", reject);
    request.end();
  });
}

// A URL without its login.
function withoutLogin(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

// Names what kept us from a URL: the network, TLS, or the controller's own disk.
export function unreachable(url: string, error: Error & { code?: string; cause?: unknown }): Error {
  if (error instanceof TaskFailure) return error;
  const cause = (error.cause ?? error) as Error & { code?: string };
  const hint = UNTRUSTED.test(cause.code ?? "")
    ? "name the file of your certificate authority in NODE_EXTRA_CA_CERTS, or let the host download (from: host)"
    : undefined;
  return new TaskFailure(
    `the controller cannot download ${url}: ${cause.message || cause.code || error.message}`,
    hint,
  );
}
