import type { Session } from "../../transport/transport.ts";

/**
 * A login of the host, opened when it is first wanted: the usual one, or that of an id. `anew` gives up what was open.
 * Throws UnreachableError.
 */
export type OpenSession = (
  again?: { anew: true; timeoutMs?: number },
  login?: string,
) => Promise<Session>;

/** What asking needs from outside: a login, and a word that no answer holds. */
export interface HostQuestions {
  session: OpenSession;
  nonce: () => string;
}
