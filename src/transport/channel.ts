import type { UnreachableError } from "../errors.ts";

/** A process on the host, or here, with its three streams: the way a shell is spoken to. */
export interface Channel {
  /** Resolves when the bytes are taken, or when the channel has closed. Never rejects. */
  write(bytes: Buffer): Promise<void>;
  readonly closed: Promise<Closing>;
  close(): void;
}

/** How a process ended: by exit code, by signal, or with the connection it was reached over. */
export interface Closing {
  code?: number | undefined;
  signal?: string | undefined;
  /** What happened to the connection. */
  lost?: string | undefined;
  /** Why there never was a login, where it is the process that logs in. */
  refusal?: UnreachableError | undefined;
}

/** Where the output goes. Both streams are always drained: an unread one would stop the host. */
export interface Sinks {
  stdout(bytes: Buffer): void;
  stderr(bytes: Buffer): void;
}

/**
 * Starts a process from an argument list that contains no secret; `isRestricted`: with a login
 * shell that does not allow program paths. Throws UnreachableError.
 */
export type OpenChannel = (
  argv: string[],
  sinks: Sinks,
  isRestricted?: boolean,
) => Promise<Channel>;

/**
 * Once a process has ended, others may hold its streams open for ever: so long is what it printed
 * still waited for, in milliseconds.
 */
export const LAST_WORDS_MS = 500;

// Says how a process ended, as the end of a sentence.
export function describeClosing(closing: Closing): string {
  if (closing.lost !== undefined) return closing.lost;
  return closing.signal === undefined
    ? `it ended with code ${closing.code ?? "unknown"}`
    : `it was ended by signal ${closing.signal}`;
}
