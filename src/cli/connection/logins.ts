import type { Connection, Session, Transport } from "../../transport/transport.ts";
import type { OpenSession } from "../../plan/model/session.ts";

/** One login a host, opened when it is first needed. */
export class Logins {
  private readonly transport: Transport;
  private readonly opened = new Map<string, Promise<Session>>();
  private readonly sessions = new Map<string, Session>();
  private readonly earlier = new Map<string, number>();

  constructor(transport: Transport) {
    this.transport = transport;
  }

  async open(connection: Connection, again?: Parameters<OpenSession>[0]): Promise<Session> {
    const known = this.opened.get(connection.name);
    if (known && !again) return known;
    if (known) await this.giveUp(connection.name, known);
    const opening = this.transport.open({
      ...connection,
      timeoutMs: again?.timeoutMs ?? connection.timeoutMs,
    });
    this.opened.set(connection.name, opening);
    const session = await opening;
    this.sessions.set(connection.name, session);
    return session;
  }

  // Ends a login that may be dead already, and keeps the count of its rounds.
  private async giveUp(name: string, login: Promise<Session>): Promise<void> {
    const session = await login.catch(() => undefined);
    this.earlier.set(name, (this.earlier.get(name) ?? 0) + (session?.rounds ?? 0));
    this.sessions.delete(name);
    await session?.close();
  }

  rounds(name: string): number {
    return (this.sessions.get(name)?.rounds ?? 0) + (this.earlier.get(name) ?? 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.sessions.values()].map((session) => session.close()));
    await this.transport.close();
  }
}
