import ssh2, { type AnyAuthMethod, type Client, type KexAlgorithm } from "ssh2";
import { UnreachableError } from "../../errors.ts";
import type { Connection } from "../transport.ts";
import type { Attempt } from "./auth.ts";
import type { ConnectError } from "./failures.ts";
import type { HostKeyCheck } from "./host-key.ts";

// Without diffie-hellman-group-exchange, which computes for over a second and stops all other hosts meanwhile.
const KEX: KexAlgorithm[] = [
  "curve25519-sha256",
  "curve25519-sha256@libssh.org",
  "ecdh-sha2-nistp256",
  "ecdh-sha2-nistp384",
  "ecdh-sha2-nistp521",
  "diffie-hellman-group14-sha256",
  "diffie-hellman-group16-sha512",
  "diffie-hellman-group18-sha512",
];
const KEEPALIVE_MS = 15_000;

/** What a login needs; it serves for every try. */
export interface LoginOptions {
  connection: Connection;
  /** `user@host`, for messages. */
  label: string;
  attempts: Attempt[];
  hostKey: HostKeyCheck;
}

/** Connects and logs in, once. Rejects with an UnreachableError, or with ssh2's error if another try may do. */
export function logIn(options: LoginOptions, timeoutMs: number): Promise<Client> {
  const { connection, label, hostKey } = options;
  const client = new ssh2.Client();
  const walk = walkAttempts(options.attempts);
  const trust = trustOnce(hostKey);
  const ready = new Promise<Client>((resolve, reject) => {
    client.on("ready", () => resolve(client));
    client.on("error", (error: ConnectError) => {
      // A key or the agent could not sign: ssh2 goes on with the next way by itself.
      if (error.level === "agent" || /signing/.test(error.message)) return;
      const inLogin = walk.tried.length > 0 && error.level !== "client-socket";
      reject(trust.refusal ?? (inLogin ? loginRefused(label, walk, error) : error));
    });
    client.on("close", () => reject(trust.refusal ?? loginRefused(label, walk, new Error("it hung up"))));
  });
  client.on("connect", () => client.setNoDelay(true));
  client.connect({
    host: connection.host,
    port: connection.port,
    username: connection.user,
    readyTimeout: 0,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: 3,
    algorithms: { kex: KEX, serverHostKey: hostKey.algorithms },
    hostVerifier: trust.verify,
    authHandler: (left, _partial, next) => next(walk.next(left)),
  });
  return withinTime(client, ready, label, timeoutMs);
}

// Gives up after the time, and leaves nothing behind after a failure.
async function withinTime(client: Client, ready: Promise<Client>, label: string, timeoutMs: number): Promise<Client> {
  let stage = "it does not answer";
  client.on("connect", () => {
    stage = "it took the connection, but the login did not end";
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const hint = "is the host up, and does a firewall drop the packets?";
    timer = setTimeout(() => reject(new UnreachableError("timeout", `cannot reach ${label} within ${timeoutMs} ms: ${stage}`, hint)), timeoutMs);
  });
  try {
    return await Promise.race([ready, late]);
  } catch (error) {
    client.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The host key's check in the form that ssh2 wants: yes or no, with the reason kept. */
interface Trust {
  refusal: UnreachableError | undefined;
  verify(key: Buffer): boolean;
}

function trustOnce(hostKey: HostKeyCheck): Trust {
  const trust: Trust = {
    refusal: undefined,
    verify(key) {
      try {
        hostKey.verify(key);
        return true;
      } catch (error) {
        trust.refusal = error as UnreachableError;
        return false;
      }
    },
  };
  return trust;
}

/** A walk through the ways to log in. */
interface Walk {
  tried: string[];
  /** What the host takes, once it has said so. */
  offered: string[];
  next(left: string[] | null): AnyAuthMethod;
}

// Goes through the ways to log in, without those that the host does not take.
function walkAttempts(attempts: Attempt[]): Walk {
  const waiting = [...attempts];
  const walk: Walk = {
    tried: [],
    offered: [],
    next(left) {
      walk.offered = left ?? [];
      for (let attempt = waiting.shift(); attempt; attempt = waiting.shift()) {
        const type = attempt.method.type === "agent" ? "publickey" : attempt.method.type;
        if (left && !left.includes(type)) continue;
        walk.tried.push(attempt.label);
        return attempt.method;
      }
      // ssh2 takes false for "no more", which its types leave out.
      return false as unknown as AnyAuthMethod;
    },
  };
  return walk;
}

// Every way was refused, or the host had enough of trying.
function loginRefused(label: string, { tried, offered }: Walk, { level, message }: ConnectError): UnreachableError {
  const takes = offered.length > 0 ? `; it takes ${offered.join(", ")}` : "";
  const said = level === "client-authentication" ? "" : ` (${message})`;
  const hint = "is the public key in the user's ~/.ssh/authorized_keys, and is ansible_user right?";
  return new UnreachableError("auth", `${label} refused the login: tried ${tried.join(", ") || "nothing"}${takes}${said}`, hint);
}
