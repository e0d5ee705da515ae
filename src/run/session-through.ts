import type { Session } from "../transport/transport.ts";

// A session whose programs run through something, as a trace or a veil; all
// else is the session's own.
export function sessionThrough(session: Session, run: Session["run"]): Session {
  return {
    run,
    aside: (...args) => session.aside(...args),
    put: (...args) => session.put(...args),
    close: () => session.close(),
    get rounds() {
      return session.rounds;
    },
  };
}
