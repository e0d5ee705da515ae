import type { Session } from "../../transport/transport.ts";

/** The host's one login, opened when it is first wanted; `anew` gives the old one up. Throws UnreachableError. */
export type OpenSession = (again?: { anew: true; timeoutMs?: number }) => Promise<Session>;

/** What asking needs from outside: a login, and a word that no answer holds. */
export interface HostQuestions {
  session: OpenSession;
  nonce: () => string;
}
