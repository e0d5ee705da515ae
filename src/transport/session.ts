import { NoUserError, type UnreachableError } from "../errors.ts";
import { type Footing, OtherFooting } from "./become.ts";
import type { OpenChannel } from "./channel.ts";
import { putFile } from "./put.ts";
import type {
  Become,
  PutContent,
  Output,
  PutOptions,
  ExecuteOptions,
  Session,
} from "./transport.ts";
import { RestrictedShell } from "./shell.ts";
import { type Question, Wire } from "./wire.ts";

/**
 * How long a host may take until a shell runs: PAM, the directory of users, or
 * a profile may be slow.
 */
const SHELL_MS = 60_000;

/** A login that is ready to start shells. */
export interface Login {
  open: OpenChannel;
  /** Whom a program runs as without become. */
  user: string;
  /** `user@host`, for messages. */
  label: string;
  /** How long a shell may take to start; a minute unless said. */
  shellMs?: number | undefined;
  end(): Promise<void>;
}

/** One login, and on it one shell for each user that programs run as. */
export class ShellSession implements Session {
  rounds = 0;
  readonly #login: Login;
  readonly #wires = new Map<string, Wire>();
  /** Of users whose become method would not do it the usual way. */
  readonly #footings = new Map<string, Footing>();
  #isRestricted = false;

  constructor(login: Login) {
    this.#login = login;
  }

  /**
   * Waits for the shell without become, where logging in is its business. It is
   * no question to the host.
   */
  async ready(): Promise<void> {
    await this.#ask(undefined, { program: ":" });
  }

  async run(program: string, options: ExecuteOptions = {}): Promise<Output> {
    this.rounds += 1;
    return this.#ask(options.become, { program, ...options });
  }

  async aside(program: string, options: Pick<ExecuteOptions, "become"> = {}): Promise<Output> {
    this.rounds += 1;
    const { become } = options;
    return this.#onAnyFooting(become, async () => {
      const wire = this.#newWire(become);
      try {
        return await wire.ask({ program });
      } finally {
        wire.close();
      }
    });
  }

  async put(file: PutContent, remotePath: string, options: PutOptions = {}): Promise<void> {
    const { become, signal, onProgress } = options;
    const ask = (program: string, feed?: AsyncIterable<Buffer>): Promise<Output> => {
      this.rounds += 1;
      return this.#ask(become, { program, feed, signal });
    };
    await putFile(ask, file, remotePath, onProgress ?? (() => undefined));
  }

  async close(): Promise<void> {
    for (const wire of this.#wires.values()) wire.close();
    await this.#login.end();
  }

  #ask(become: Become | undefined, question: Question): Promise<Output> {
    return this.#onAnyFooting(become, () => this.#wire(become).ask(question));
  }

  // Asks again where a shell would not start the usual way; nothing has run then.
  // The other way is remembered.
  async #onAnyFooting<T>(become: Become | undefined, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof OtherFooting) this.#footings.set(this.#key(become), error.footing);
      else if (error instanceof RestrictedShell) this.#isRestricted = true;
      else throw error;
      return this.#onAnyFooting(become, ask);
    }
  }

  // The shell of a user: an existing one, or a new one. A refused become is not tried again:
  // it would be refused again, and count towards locking the account. A user who did not
  // exist may have been created.
  #wire(become: Become | undefined): Wire {
    const key = this.#key(become);
    const known = this.#wires.get(key);
    if (known && (!known.failure || isFinal(known.failure))) return known;
    const wire = this.#newWire(become);
    this.#wires.set(key, wire);
    return wire;
  }

  #newWire(become: Become | undefined): Wire {
    const { open, label, shellMs = SHELL_MS } = this.#login;
    const footing = this.#footings.get(this.#key(become));
    return new Wire({
      open,
      become: this.#wanted(become),
      footing,
      isRestricted: this.#isRestricted,
      login: label,
      timeoutMs: shellMs,
    });
  }

  // Whom a shell must become; undefined: the login is that user already.
  #wanted(become: Become | undefined): Become | undefined {
    return become?.user === this.#login.user ? undefined : become;
  }

  // The key that distinguishes the shells of a login.
  #key(become: Become | undefined): string {
    const wanted = this.#wanted(become);
    return wanted
      ? JSON.stringify([wanted.user, wanted.password, wanted.method, wanted.exe, wanted.flags])
      : "";
  }
}

// Whether it would fail in the same way again.
function isFinal(failure: UnreachableError): boolean {
  return (
    failure.kind === "become" &&
    !(failure instanceof NoUserError) &&
    !(failure instanceof OtherFooting)
  );
}
