import type { Connection, Session, Transport } from "../../transport/transport.ts";
import type { OpenSession } from "../../plan/model/session.ts";

/** The logins of hosts, each opened when it is first needed; most hosts have one. */
export class Logins {
  private readonly transport: Transport;
  private readonly opened = new Map<string, Promise<Session>>();
  private readonly sessions = new Map<string, Session>();
  private readonly earlier = new Map<string, number>();
  private readonly seconds = new Map<string, number>();

  constructor(transport: Transport) {
    this.transport = transport;
  }

  // The session of a login; `id` tells it from the host's usual one. Anew: the host was away, so that all that were open are given up.
  async open(
    connection: Connection,
    again?: Parameters<OpenSession>[0],
    id = "",
  ): Promise<Session> {
    const key = keyOf(connection.name, id);
    const known = this.opened.get(key);
    if (known && !again) return known;
    if (again) await this.giveUp(connection.name);
    const begun = performance.now();
    const opening = this.transport.open({
      ...connection,
      timeoutMs: again?.timeoutMs ?? connection.timeoutMs,
      shellMs: again?.timeoutMs ?? connection.shellMs,
    });
    this.opened.set(key, opening);
    // A usual login is tried once a run.
    if (id !== "") opening.catch(() => this.opened.delete(key)); // it may be possible later on
    const session = await opening;
    this.seconds.set(
      connection.name,
      (this.seconds.get(connection.name) ?? 0) + (performance.now() - begun) / 1000,
    );
    this.sessions.set(key, session);
    return session;
  }

  // How long it took to log in to a host, all logins together; undefined: nobody has.
  connecting(name: string): number | undefined {
    return this.seconds.get(name);
  }

  // Ends logins of a host that may be dead already, and keeps the count of their rounds.
  private async giveUp(name: string): Promise<void> {
    for (const [key, login] of this.opened) {
      if (!key.startsWith(keyOf(name, ""))) continue;
      const session = await login.catch(() => undefined);
      this.earlier.set(name, (this.earlier.get(name) ?? 0) + (session?.rounds ?? 0));
      this.opened.delete(key);
      this.sessions.delete(key);
      await session?.close();
    }
  }

  rounds(name: string): number {
    const own = [...this.sessions].filter(([key]) => key.startsWith(keyOf(name, "")));
    const asked = own.reduce((sum, [, session]) => sum + session.rounds, 0);
    return asked + (this.earlier.get(name) ?? 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.sessions.values()].map((session) => session.close()));
    await this.transport.close();
  }
}

// The beginning of the keys of all logins of a host is that of its usual one.
function keyOf(name: string, id: string): string {
  return `${name}\n${id}`;
}
