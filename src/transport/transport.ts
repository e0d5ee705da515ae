import type { SshConfig } from "./ssh/config/config.ts";

/** How a host is reached, and as which user. Nothing in here is ever put in an argument list. */
export interface Connection {
  /** The host's name in the inventory, for messages. */
  name: string;
  host: string;
  port: number;
  user: string;
  /** A private key file; without it the agent and the usual files of ~/.ssh are tried. */
  privateKeyFile?: string | undefined;
  password?: string | undefined;
  kind: "ssh" | "local";
  /** How long the way to a ready login may take, in milliseconds. */
  timeoutMs: number;
  /** How long a shell may take to start once logged in, in milliseconds; generous by default. */
  shellMs?: number | undefined;
  /** Files of known host keys; a new key is written to the first. */
  knownHostsFiles: string[];
  /**
   * Take and remember the key of a host that is not known yet. A changed key is
   * refused all the same.
   */
  acceptNew: boolean;
  /** What the user's own ssh configuration and options say beside this; undefined: nothing. */
  config?: SshConfig | undefined;
  /** Whether the system's ssh carries the connection, whatever the configuration says. */
  byOpenssh?: boolean | undefined;
  /** How often to retry a login that failed because of the network. */
  retries?: number | undefined;
}

export type BecomeMethod = "sudo" | "su" | "doas" | "runuser";

/** Run as another user: through sudo, unless another method is named. */
export interface Become {
  user: string;
  password?: string | undefined;
  method?: BecomeMethod | undefined;
  /** The program, where it is not the method's own of the PATH. */
  exe?: string | undefined;
  /** Its options, instead of the usual ones. */
  flags?: readonly string[] | undefined;
}

/**
 * What a program answered. A program ended by a signal has code 128 + signal, as in every shell.
 */
export interface Output {
  code: number;
  stdout: Buffer;
  stderr: string;
}

export interface ExecuteOptions {
  become?: Become | undefined;
  /**
   * It runs in the persistent shell itself, so that what it sets is there for later programs;
   * it must not end that shell.
   */
  keep?: boolean | undefined;
  /** Bytes of stdout as they come; they are in the output too. */
  onStdout?: ((chunk: Buffer) => void) | undefined;
  /**
   * After this many milliseconds the program is ended on the host, and the
   * error is of kind `timeout`.
   */
  timeoutMs?: number | undefined;
  /**
   * The program as it may be shown, where a part of it may not (no_log); what it
   * answers is not shown then.
   */
  traceText?: (() => string) | undefined;
  /** Of a question: its validator, if it has one (script/validator.ts). */
  validator?: (() => string | undefined) | undefined;
  /** Ends the program on the host; `run` then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** What is put on a host: bytes at hand, or a local file. */
export interface PutContent {
  path?: string | undefined;
  content?: Buffer | undefined;
  size: number;
  /** Of the whole, in lowercase hexadecimal. */
  sha256: string;
}

export interface PutOptions {
  become?: Become | undefined;
  /** Bytes that are on the host so far, those of an earlier try included. */
  onProgress?: ((bytes: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A login on one host. What goes wrong on the way is thrown as UnreachableError. */
export interface Session {
  /**
   * Runs one POSIX sh program (any bytes but NUL, some MB at most). Programs of one
   * user run one after another.
   */
  run(program: string, options?: ExecuteOptions): Promise<Output>;
  /** Runs a small program at once, beside the one that runs. It costs a shell of its own. */
  aside(program: string, options?: Pick<ExecuteOptions, "become">): Promise<Output>;
  /**
   * Writes a file on the host, mode 0600: staged beside its destination, verified there by size
   * and sha256, synced, renamed. A staged part with the same sha256 is resumed. The directory
   * must exist. Throws TaskFailure if the host was reached but the file cannot be written, or the
   * local one cannot be read.
   */
  put(file: PutContent, remotePath: string, options?: PutOptions): Promise<void>;
  /**
   * Whoever still waits for an answer gets `lost`. A program that runs is not ended;
   * give it a signal for that.
   */
  close(): Promise<void>;
  /** Questions asked since login: each `run` is one, each `put` counts its own. */
  readonly rounds: number;
}

export interface Transport {
  /** Connects and logs in; throws UnreachableError. */
  open(connection: Connection): Promise<Session>;
  /** Ends what hosts shared, once all their sessions are closed. */
  close(): Promise<void>;
}
