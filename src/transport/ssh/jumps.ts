import { UnreachableError } from "../../errors.ts";
import type { Connection } from "../transport.ts";
import type { SshConfigs, SshQuestion } from "./config/config.ts";
import { resolve } from "./config/resolve.ts";
import type { LoggedIn } from "./login.ts";
import { jumpOf, type Jump } from "./way.ts";

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

/** What is asked of a jump host's configuration, and how it is reached by what that says. */
interface Way {
  question: SshQuestion;
  connection: Connection;
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
    const way = this.#resolve(jump, behind);
    const key = JSON.stringify([way.question.words, way.question.destination]);
    const known = this.#open.get(key);
    if (known) return known;
    this.#refuseEndless(behind, way);
    const opening = this.#logInOn(way);
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

  // Refuses jump hosts that lead to each other: shared logins would wait for themselves.
  #refuseEndless(behind: Connection, way: Way): void {
    let at: Way | undefined = way;
    for (let depth = 1; at !== undefined; depth++) {
      if (depth > MAX_DEPTH)
        throw new UnreachableError(
          "protocol",
          `the way to ${behind.host} goes through more than ${MAX_DEPTH} jump hosts`,
          "check whether a ProxyJump refers to itself",
        );
      const next = jumpOf(at.connection);
      at = next === undefined ? undefined : this.#resolve(next, at.connection);
    }
  }

  // What ssh's configuration says of the last host of a ProxyJump.
  #resolve(jump: string, { name, timeoutMs, acceptNew, config }: Connection): Way {
    const { user, host: destination, port, before } = parseJump(jump);
    const words = [
      ...configFile(config?.question.words ?? []),
      ...(user === undefined ? [] : ["-l", user]),
      ...(port === undefined ? [] : ["-p", port]),
      ...(before === undefined ? [] : ["-J", before]),
    ];
    const question = {
      program: config?.question.program,
      words,
      hasOptions: words.some((word) => /^-[FJ]/.test(word)),
      destination,
    };
    const wanted = { name, destination, user, timeoutMs, acceptNew, question };
    const connection = resolve(
      { ...wanted, port: port === undefined ? undefined : Number(port) },
      this.#configs,
    );
    return { question, connection };
  }

  async #logInOn({ question, connection }: Way): Promise<Jump> {
    const { program, words, destination } = question;
    const label = `${connection.user}@${connection.host}${connection.port === 22 ? "" : `:${connection.port}`}`;
    const login = await this.#logIn(connection).catch((error: unknown) => {
      throw error instanceof UnreachableError
        ? new UnreachableError(error.kind, `the jump host ${label}: ${error.message}`, error.hint)
        : error;
    });
    if (!login)
      return {
        command: (host, port) => [
          program ?? "ssh",
          ...this.#configs.fileWords(words),
          ...words,
          "-o",
          "BatchMode=yes",
          "-W",
          `[${host}]:${port}`,
          "--",
          destination,
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
