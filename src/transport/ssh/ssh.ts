import type { Client, ClientChannel } from "ssh2";
import { UnreachableError } from "../../errors.ts";
import type { Channel, Closing, OpenChannel, Sinks } from "../channel.ts";
import { ShellSession } from "../session.ts";
import type { Connection, Session } from "../transport.ts";
import { type KeyRing, loginAttempts } from "./auth.ts";
import { type ConnectError, connectFailure, isTurnedAway } from "./failures.ts";
import { hostKeyCheck } from "./host-key.ts";
import type { KnownHostsFiles } from "./known-hosts-files.ts";
import { logIn, type LoginOptions } from "./login.ts";

const TRIES = 6;

/** What all hosts share: keys parsed once, files read once. */
export interface SshShared {
  keys: KeyRing;
  knownHosts: KnownHostsFiles;
}

// Logs in on a host over ssh. One connection carries all shells of the session.
export async function openSsh(connection: Connection, { keys, knownHosts }: SshShared): Promise<Session> {
  const { host, port, user, timeoutMs } = connection;
  const label = `${user}@${host}${port === 22 ? "" : `:${port}`}`;
  const attempts = loginAttempts(connection, keys, process.env["SSH_AUTH_SOCK"]);
  const client = await logInPatiently({ connection, label, attempts, hostKey: hostKeyCheck(connection, knownHosts) });
  const gone = new Promise<void>((resolve) => client.once("close", () => resolve()));
  return new ShellSession({ open: openExec(client, label), user, label, timeoutMs, end: () => endClient(client, gone) });
}

// Tries again, a little later each time and never all hosts at once, while sshd has too many logins to greet us.
async function logInPatiently(options: LoginOptions): Promise<Client> {
  const deadline = Date.now() + options.connection.timeoutMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await logIn(options, Math.max(1, deadline - Date.now()));
    } catch (error) {
      if (error instanceof UnreachableError) throw error;
      const pause = 50 * 2 ** attempt * (0.5 + Math.random());
      const again = isTurnedAway(error as ConnectError) && attempt < TRIES && Date.now() + pause < deadline;
      if (!again) throw connectFailure(error as ConnectError, options.label);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

// How a connection starts a process. It remembers why the connection broke, for all channels that went with it.
function openExec(client: Client, label: string): OpenChannel {
  let lost: string | undefined;
  client.on("error", (error) => {
    lost ??= error.message;
  });
  client.on("close", () => {
    lost ??= "the host closed it";
  });
  return async (argv: string[], sinks: Sinks): Promise<Channel> => {
    const stream = await exec(client, `exec ${argv.map(quoteForAnyShell).join(" ")}`, label);
    return adaptChannel(stream, sinks, () => lost);
  };
}

// Asks for one process. The login shell reads the line, whichever shell that is.
function exec(client: Client, line: string, label: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const refused = (error: Error): void => {
      const hint = "sshd may allow no more sessions on one connection (MaxSessions)";
      reject(new UnreachableError("lost", `${label} started no process: ${error.message}`, /open fail/.test(error.message) ? hint : undefined));
    };
    try {
      client.exec(line, (error, stream) => (error ? refused(error) : resolve(stream)));
    } catch (error) {
      refused(error as Error);
    }
  });
}

// An ssh2 channel as ours. Its write callbacks never come once it has closed, so closing settles them too.
function adaptChannel(stream: ClientChannel, sinks: Sinks, lost: () => string | undefined): Channel {
  const closed = channelEnd(stream, lost);
  stream.on("data", sinks.stdout);
  stream.stderr.on("data", sinks.stderr);
  stream.on("error", () => undefined);
  const gone = closed.then(() => undefined);
  return {
    closed,
    write: (bytes) => Promise.race([new Promise<void>((resolve) => stream.write(bytes, () => resolve())), gone]),
    close: () => stream.close(),
  };
}

// Resolves when the channel has closed: with the process's own end, or without one when the connection broke.
function channelEnd(stream: ClientChannel, lost: () => string | undefined): Promise<Closing> {
  return new Promise((resolve) => {
    let ending: Closing | undefined;
    stream.on("exit", (code: number | null, signal?: string) => {
      ending = { code: code ?? undefined, signal };
    });
    stream.on("close", () => resolve(ending ?? { lost: lost() ?? "it broke off" }));
  });
}

// One word for dash, bash, csh, fish and busybox alike. What they read differently inside quotes is refused.
function quoteForAnyShell(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (/['\\!\n\r\0]/.test(word)) throw new UnreachableError("become", `${JSON.stringify(word)} cannot be told to every login shell`);
  return `'${word}'`;
}

// Says goodbye, and does not wait long for a host that no longer answers.
async function endClient(client: Client, gone: Promise<void>): Promise<void> {
  const timer = setTimeout(() => client.destroy(), 1000);
  client.end();
  await gone;
  clearTimeout(timer);
}
