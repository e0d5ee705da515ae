import type { Connection, Session, Transport } from "../../transport/transport.ts";
import type { OpenSession } from "../../plan/model/session.ts";

/** What is known of the logins of one host, by their ids. */
interface HostLogins {
  readonly opened: Map<string, Promise<Session>>;
  readonly sessions: Map<string, Session>;
  /** Rounds of sessions that were given up. */
  earlier: number;
  /** How long logging in took, all logins together; undefined: nobody has logged in. */
  seconds: number | undefined;
}

/** The logins of hosts, each opened when it is first needed; most hosts have one. */
export class Logins {
  private readonly transport: Transport;
  private readonly hosts = new Map<string, HostLogins>();

  constructor(transport: Transport) {
    this.transport = transport;
  }

  // The session of a login; `id` distinguishes it from the host's usual one. Anew: the host was
  // away, so all open ones are discarded.
  async open(
    connection: Connection,
    again?: Parameters<OpenSession>[0],
    id = "",
  ): Promise<Session> {
    const host = this.of(connection.name);
    const known = host.opened.get(id);
    if (known && !again) return known;
    if (again) await this.end(connection.name);
    const begun = performance.now();
    const opening = this.transport.open({
      ...connection,
      timeoutMs: again?.timeoutMs ?? connection.timeoutMs,
      shellMs: again?.timeoutMs ?? connection.shellMs,
    });
    host.opened.set(id, opening);
    // A usual login is tried once a run.
    if (id !== "") opening.catch(() => host.opened.delete(id)); // it may be possible later on
    const session = await opening;
    host.seconds = (host.seconds ?? 0) + (performance.now() - begun) / 1000;
    host.sessions.set(id, session);
    return session;
  }

  // How long logging in to a host took, all logins together; undefined: nobody has logged in.
  connecting(name: string): number | undefined {
    return this.hosts.get(name)?.seconds;
  }

  // Ends the logins of a host, which may be dead already, and keeps the number of their rounds.
  // They are opened again if needed.
  async end(name: string): Promise<void> {
    const host = this.of(name);
    for (const [id, login] of host.opened) {
      const session = await login.catch(() => undefined);
      host.earlier += session?.rounds ?? 0;
      host.opened.delete(id);
      host.sessions.delete(id);
      await session?.close();
    }
  }

  rounds(name: string): number {
    const { sessions, earlier } = this.of(name);
    return [...sessions.values()].reduce((sum, { rounds }) => sum + rounds, earlier);
  }

  // Ends all logins. One that is still being opened is not waited for, but
  // ended as soon as it is open.
  async close(): Promise<void> {
    const hosts = [...this.hosts.values()];
    const sessions = hosts.flatMap((host) => [...host.sessions.values()]);
    for (const { opened, sessions: there } of hosts)
      for (const [id, login] of opened)
        if (!there.has(id))
          login.then(
            (session) => session.close(),
            () => undefined,
          );
    await Promise.all(sessions.map((session) => session.close()));
    await this.transport.close();
  }

  private of(name: string): HostLogins {
    const known = this.hosts.get(name);
    if (known) return known;
    const made = { opened: new Map(), sessions: new Map(), earlier: 0, seconds: undefined };
    this.hosts.set(name, made);
    return made;
  }
}
