import type { Duplex } from "node:stream";
import ssh2, { type Client } from "ssh2";
import { UnreachableError } from "../../errors.ts";
import { type Patience, patience } from "../patience.ts";
import type { Connection } from "../transport.ts";
import { emptyOffer, offerOf } from "./algorithms.ts";
import { type AttemptWalk, walkAttempts } from "./attempt-walk.ts";
import type { LoginAttempt } from "./auth.ts";
import { configValue } from "./config/config.ts";
import type { ConnectError } from "./failures.ts";
import type { HostKeyCheck } from "./host-keys/host-key.ts";
import { type HeadStart, HELD_MS, openWay, ProxyError, type Ways } from "./way.ts";
import { defined } from "../../defined.ts";
import { timerMs } from "../../timer.ts";

const KEEPALIVE_MS = 15_000;
const KEEPALIVE_COUNT = 3;
/**
 * How long a host may take over the login itself, once it is reached: sshd's own LoginGraceTime.
 */
const LOGIN_MS = 120_000;

/** What a login needs; it serves for every try. */
export interface LoginOptions {
  connection: Connection;
  /** `user@host`, for messages. */
  label: string;
  attempts: readonly LoginAttempt[];
  hostKey: HostKeyCheck;
  ways: Ways;
  headStart: HeadStart | undefined;
  /** Until then the connection is made, but no way to log in is tried. */
  mayLogIn: Promise<void>;
}

/** An established login. */
export interface LoggedIn {
  client: Client;
  /** Ends it, and does not wait long for a host that no longer answers. */
  end(): Promise<void>;
}

/** Every way to log in was refused. */
export class LoginRefused extends UnreachableError {
  /** What the host would take. */
  readonly offered: readonly string[];

  constructor(message: string, hint: string, offered: readonly string[]) {
    super("auth", message, hint);
    this.offered = offered;
  }
}

/**
 * The connection was made too long before anybody was allowed to log in: the
 * host may be about to end it.
 */
export class HeldTooLong extends Error {}

/**
 * Connects and logs in, once. Rejects with an UnreachableError, or with ssh2's
 * error if another try may do.
 */
export async function logIn(options: LoginOptions, timeoutMs: number): Promise<LoggedIn> {
  const { connection, label, hostKey, ways } = options;
  const { config } = connection;
  const offer = offerOf(config);
  const empty = emptyOffer(offer);
  if (empty !== undefined)
    throw Object.assign(
      new Error(`no matching algorithm: ${empty} leaves none that can be used here`),
      { level: "handshake" },
    );
  const stream = options.headStart?.take() ?? (await openWay(connection, ways));
  const client = new ssh2.Client();
  const walk = walkAttempts(options.attempts);
  const trust = trustOnce(hostKey, () => walk.withoutPasswords());
  const begun = performance.now();
  let heldTooLong = (): void => undefined;
  const ready = new Promise<Client>((resolve, reject) => {
    heldTooLong = () => reject(new HeldTooLong(`${label} waited for too long`));
    client.on("ready", () => resolve(client));
    client.on("error", (error: ConnectError) => {
      // A key or the agent could not sign: ssh2 tries the next method by itself.
      if (error.level === "agent" || /signing/.test(error.message)) return walk.note(error.message);
      const inLogin = walk.tried.length > 0 && error.level !== "client-socket";
      reject(trust.refusal ?? (inLogin ? loginRefused(label, walk, error) : error));
    });
    client.on("close", () =>
      reject(trust.refusal ?? loginRefused(label, walk, new Error("it closed the connection"))),
    );
  });
  ready.catch(() => undefined);
  const seconds = Number((config && configValue(config, "serveraliveinterval")) ?? 0);
  client.connect({
    sock: stream,
    username: connection.user,
    readyTimeout: 0,
    keepaliveInterval: seconds > 0 ? timerMs(seconds) : KEEPALIVE_MS,
    keepaliveCountMax:
      seconds > 0
        ? Number((config && configValue(config, "serveralivecountmax")) ?? KEEPALIVE_COUNT)
        : KEEPALIVE_COUNT,
    algorithms: {
      kex: offer.kex,
      serverHostKey: hostKey.algorithms,
      ...defined({
        cipher: config ? offer.cipher : undefined,
        hmac: config ? offer.hmac : undefined,
      }),
    },
    hostVerifier: trust.verify,
    authHandler: (left, partial, next) =>
      void options.mayLogIn.then(() => {
        if (walk.tried.length > 0 || performance.now() - begun < HELD_MS)
          void walk.next(left, partial).then(next);
        else heldTooLong();
      }),
  });
  hearRefusals(client, walk);
  await withinTime({ client, stream, ready, label, timeoutMs });
  return { client, end: () => endClient(client, stream) };
}

/** What ssh2 keeps to itself: the answers of the host to each way to log in. */
interface Inside {
  _protocol?: {
    _handlers?: {
      USERAUTH_FAILURE?: (protocol: unknown, left: string[], partial: boolean) => void;
    };
  };
}

// Hears every refusal before ssh2 acts on it: after a key of an agent it
// forgets what the host said.
function hearRefusals(client: Client, walk: AttemptWalk): void {
  const handlers = (client as unknown as Inside)._protocol?._handlers;
  const before = handlers?.USERAUTH_FAILURE;
  if (!handlers || !before) return;
  handlers.USERAUTH_FAILURE = (protocol, left, partial) => {
    walk.hear(left, partial);
    before(protocol, left, partial);
  };
}

interface Waiting {
  client: Client;
  stream: Duplex;
  ready: Promise<Client>;
  label: string;
  timeoutMs: number;
}

// Gives up when the time is over, and leaves nothing behind after a failure. A host that has been
// reached gets more time for its login.
async function withinTime({ client, stream, ready, label, timeoutMs }: Waiting): Promise<void> {
  let stage = "it does not answer";
  client.on("connect", () => {
    stage = "it accepted the connection, but the login did not complete";
  });
  let limit: Patience | undefined;
  const late = new Promise<never>((_, reject) => {
    const giveUp = (after: number): void => {
      const hint =
        "check that the host is up and no firewall drops the packets; --timeout gives it more time";
      reject(
        new UnreachableError(
          "timeout",
          `cannot reach ${label} within ${after / 1000} s: ${stage}`,
          hint,
        ),
      );
    };
    limit = patience(timeoutMs, () => giveUp(timeoutMs));
    client.on("handshake", () => {
      limit?.end();
      limit = patience(LOGIN_MS, () => giveUp(LOGIN_MS));
    });
  });
  late.catch(() => undefined);
  try {
    await Promise.race([ready, late]);
  } catch (error) {
    stream.destroy();
    throw (stream.errored instanceof ProxyError ? stream.errored : error) as Error;
  } finally {
    limit?.end();
  }
}

// Says goodbye. The stream itself is ended where the host does not answer: ssh2 would wait for it.
async function endClient(client: Client, stream: Duplex): Promise<void> {
  if (stream.closed) return;
  const gone = new Promise<void>((resolve) => stream.once("close", () => resolve()));
  const timer = setTimeout(() => stream.destroy(), 1000);
  client.end();
  await gone;
  clearTimeout(timer);
}

/** The host key's check in the form that ssh2 wants: yes or no, with the reason kept. */
interface Trust {
  refusal: UnreachableError | undefined;
  verify(key: Buffer): boolean;
}

function trustOnce(hostKey: HostKeyCheck, distrust: () => void): Trust {
  const trust: Trust = {
    refusal: undefined,
    verify(key) {
      try {
        if (!hostKey.verify(key)) distrust();
        return true;
      } catch (error) {
        trust.refusal = error as UnreachableError;
        return false;
      }
    },
  };
  return trust;
}

// Every way was refused, or the host had enough of trying.
function loginRefused(
  label: string,
  { tried, offered, notes }: AttemptWalk,
  { level, message }: ConnectError,
): LoginRefused {
  const takes = offered.length > 0 ? `; it accepts ${offered.join(", ")}` : "";
  const said = level === "client-authentication" ? notes : [...notes, message];
  const why = said.length > 0 ? ` (${said.join("; ")})` : "";
  const usual =
    "check that the public key is in the user's ~/.ssh/authorized_keys, and ansible_user";
  const hint = notes.some((note) => note.includes("passphrase"))
    ? "load the key into an agent: eval $(ssh-agent); ssh-add FILE"
    : usual;
  return new LoginRefused(
    `${label} refused the login: tried ${tried.join(", ") || "nothing"}${takes}${why}`,
    hint,
    offered,
  );
}
