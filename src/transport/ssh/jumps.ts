import { UnreachableError } from "../../errors.ts";
import type { Connection } from "../transport.ts";
import type { SshConfigs } from "./config/config.ts";
import { resolve } from "./config/resolve.ts";
import type { LoggedIn } from "./login.ts";
import type { Jump } from "./way.ts";

const MAX_DEPTH = 10;

/** Logs in on a jump host; undefined: only the system's ssh can. */
export type LogInOnJump = (connection: Connection) => Promise<LoggedIn | undefined>;

/** The last host of a ProxyJump, and the ones before it. */
interface Hop {
  user: string | undefined;
  host: string;
  port: string | undefined;
  before: string | undefined;
}

/** Logins on jump hosts: one each, however many hosts are behind it. */
export class Jumps {
  readonly #configs: SshConfigs;
  readonly #logIn: LogInOnJump;
  readonly #open = new Map<string, Promise<Jump>>();
  readonly #logins = new Set<LoggedIn>();

  constructor(configs: SshConfigs, logIn: LogInOnJump) {
    this.#configs = configs;
    this.#logIn = logIn;
  }

  /** The login on the last host of a ProxyJump, by way of those before it. */
  jump(jump: string, behind: Connection): Promise<Jump> {
    const hop = parseJump(jump);
    const words = [
      ...configFile(behind.config?.question.words ?? []),
      ...(hop.user === undefined ? [] : ["-l", hop.user]),
      ...(hop.port === undefined ? [] : ["-p", hop.port]),
    ];
    const all = hop.before === undefined ? words : [...words, "-J", hop.before];
    const key = JSON.stringify([all, hop.host]);
    const known = this.#open.get(key);
    if (known) return known;
    const opening = this.#logInOn(hop, all, behind);
    this.#open.set(key, opening);
    // A login that failed may do better the next time that somebody asks.
    opening.catch(() => this.#open.delete(key));
    return opening;
  }

  /** Ends all logins. */
  async close(): Promise<void> {
    this.#open.clear();
    await Promise.all([...this.#logins].map((login) => login.end()));
  }

  async #logInOn(hop: Hop, words: string[], behind: Connection): Promise<Jump> {
    const depth = (behind.depth ?? 0) + 1;
    if (depth > MAX_DEPTH)
      throw new UnreachableError(
        "protocol",
        `the way to ${behind.host} goes through more than ${MAX_DEPTH} jump hosts`,
        "check whether a ProxyJump refers to itself",
      );
    const port = hop.port === undefined ? undefined : Number(hop.port);
    const question = {
      program: behind.config?.question.program,
      words,
      hasOptions: words.some((word) => /^-[FJ]/.test(word)),
      destination: hop.host,
    };
    const resolved = resolve(
      {
        name: behind.name,
        destination: hop.host,
        user: hop.user,
        port,
        timeoutMs: behind.timeoutMs,
        acceptNew: behind.acceptNew,
        question,
      },
      this.#configs,
    );
    const connection = { ...resolved, depth };
    const label = `${connection.user}@${connection.host}${connection.port === 22 ? "" : `:${connection.port}`}`;
    const login = await this.#logIn(connection).catch((error: unknown) => {
      throw error instanceof UnreachableError
        ? new UnreachableError(error.kind, `the jump host ${label}: ${error.message}`, error.hint)
        : error;
    });
    if (!login)
      return {
        command: (host, port) => [
          question.program ?? "ssh",
          ...this.#configs.fileWords(words),
          ...words,
          "-o",
          "BatchMode=yes",
          "-W",
          `[${host}]:${port}`,
          "--",
          hop.host,
        ],
      };
    this.#logins.add(login);
    login.client.once("close", () => {
      this.#logins.delete(login);
      this.#forget(login);
    });
    return { client: login.client, label };
  }

  // A login that has ended is of no use for whoever asks next.
  #forget({ client }: LoggedIn): void {
    for (const [key, jump] of this.#open)
      void jump.then(
        (one) => "client" in one && one.client === client && this.#open.delete(key),
        () => undefined,
      );
  }
}

// The options that select ssh's configuration file: the only thing that jump hosts share
// with the hosts behind them.
function configFile(words: readonly string[]): string[] {
  const at = words.findIndex((word) => word.startsWith("-F"));
  if (at < 0) return [];
  return words[at] === "-F" ? words.slice(at, at + 2) : [words[at]!];
}

// Reads `[user@]host[:port]` or `ssh://...`, the last of several with commas between.
function parseJump(text: string): Hop {
  const comma = text.lastIndexOf(",");
  const last = text
    .slice(comma + 1)
    .trim()
    .replace(/^ssh:\/\//, "")
    .replace(/\/$/, "");
  const [, user, bracketed, plain, port] =
    /^(?:(.*)@)?(?:\[([^\]]+)\]|([^:]*|[^:]*:.*:[^:]*))(?::(\d+))?$/.exec(last) ?? [];
  return {
    user,
    host: bracketed ?? plain ?? last,
    port,
    before: comma < 0 ? undefined : text.slice(0, comma),
  };
}
