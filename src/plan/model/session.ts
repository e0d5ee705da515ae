import type { Session } from "../../transport/transport.ts";

/**
 * A login of the host, opened when first needed: the usual one, or the one with an id. `anew`
 * discards an open one. Throws UnreachableError.
 */
export type OpenSession = (
  again?: { anew: true; timeoutMs?: number },
  login?: string,
) => Promise<Session>;

/** What asking needs from outside: a login, and a word that no answer holds. */
export interface HostQuestions {
  session: OpenSession;
  nonce: () => string;
  /** Hosts are asked which run changed them last, as they are planned again where that moved on. */
  asksLastRun?: boolean;
}
