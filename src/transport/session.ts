import { NoUserError } from "../errors.ts";
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
import { Wire } from "./wire.ts";

/** A login that is ready to start shells. */
export interface Login {
  open: OpenChannel;
  /** Whom a program runs as without become. */
  user: string;
  /** `user@host`, for messages. */
  label: string;
  timeoutMs: number;
  end(): Promise<void>;
}

/** One login, and on it one shell for each user that programs run as. */
export class ShellSession implements Session {
  rounds = 0;
  readonly #login: Login;
  readonly #wires = new Map<string, Wire>();

  constructor(login: Login) {
    this.#login = login;
  }

  /** Waits for the shell without become, where logging in is its business. It is no question to the host. */
  async ready(): Promise<void> {
    await this.#wire(undefined).ask({ program: ":" });
  }

  async run(program: string, options: ExecuteOptions = {}): Promise<Output> {
    this.rounds += 1;
    return this.#wire(options.become).ask({ program, ...options });
  }

  async aside(program: string, options: Pick<ExecuteOptions, "become"> = {}): Promise<Output> {
    this.rounds += 1;
    const wire = this.#newWire(options.become);
    try {
      return await wire.ask({ program });
    } finally {
      wire.close();
    }
  }

  async put(file: PutContent, remotePath: string, options: PutOptions = {}): Promise<void> {
    const { become, signal, onProgress } = options;
    const ask = (program: string, feed?: AsyncIterable<Buffer>): Promise<Output> => {
      this.rounds += 1;
      return this.#wire(become).ask({ program, feed, signal });
    };
    await putFile(ask, file, remotePath, onProgress ?? (() => undefined));
  }

  async close(): Promise<void> {
    for (const wire of this.#wires.values()) wire.close();
    await this.#login.end();
  }

  // The shell of a user: the one that is there, or a new one. A refused become is not tried again: it would
  // be refused again, and count towards a locked account. A user who was not there may be made.
  #wire(become: Become | undefined): Wire {
    const wanted = this.#wanted(become);
    const key = wanted
      ? JSON.stringify([wanted.user, wanted.password, wanted.method, wanted.exe, wanted.flags])
      : "";
    const known = this.#wires.get(key);
    if (
      known &&
      (!known.failure ||
        (known.failure.kind === "become" && !(known.failure instanceof NoUserError)))
    )
      return known;
    const wire = this.#newWire(become);
    this.#wires.set(key, wire);
    return wire;
  }

  #newWire(become: Become | undefined): Wire {
    const { open, label, timeoutMs } = this.#login;
    return new Wire({ open, become: this.#wanted(become), login: label, timeoutMs });
  }

  // Whom a shell must become; undefined: the login is that user already.
  #wanted(become: Become | undefined): Become | undefined {
    return become?.user === this.#login.user ? undefined : become;
  }
}
