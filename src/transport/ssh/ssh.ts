import { UnreachableError } from "../../errors.ts";
import { ShellSession } from "../session.ts";
import type { Connection, Session } from "../transport.ts";
import type { Agents } from "./agent.ts";
import { foreignMethods, loginMeans, type LoginMeans } from "./auth.ts";
import type { SshConfigs } from "./config/config.ts";
import { type ConnectError, connectFailure, isTurnedAway, NoCommonAlgorithm } from "./failures.ts";
import { openExec } from "./exec.ts";
import { type HostKeyCheck, hostKeyCheck } from "./host-keys/host-key.ts";
import { Jumps } from "./jumps.ts";
import type { KeyRing } from "./keys.ts";
import type { KnownHostsFiles } from "./host-keys/known-hosts-files.ts";
import { HeldTooLong, type LoggedIn, logIn, type LoginOptions, LoginRefused } from "./login.ts";
import { openOpenssh, type Openssh } from "./openssh.ts";
import { optionsBeyond } from "./config/options.ts";
import { type HeadStart, headStart, isDirect } from "./way.ts";

const TRIES = 6;

/** What all hosts share: keys parsed once, files read once, one login on each host in between. */
export interface SshShared {
  keys: KeyRing;
  agents: Agents;
  knownHosts: KnownHostsFiles;
  configs: SshConfigs;
  openssh: Openssh;
  /** Until then a host may be connected to whose key is known, but not more. */
  mayLogIn: Promise<void>;
  /** Tells what only somebody who asks for it wants to hear. */
  say(message: string): void;
  warn(message: string): void;
}

/**
 * Opens sessions over ssh: by Hullwright's own SSH, or by the system's ssh where
 * that is wanted or needed.
 */
export class SshHosts {
  readonly #shared: SshShared;
  readonly #jumps: Jumps;

  constructor(shared: SshShared) {
    this.#shared = shared;
    this.#jumps = new Jumps(shared.configs, (connection) => this.#logInOnJump(connection));
  }

  /** Logs in on a host. One connection carries all shells of the session. */
  async open(connection: Connection): Promise<Session> {
    const label = labelOf(connection);
    try {
      const { client, end } = await retried(() => this.#logIn(connection), connection.retries ?? 0);
      return new ShellSession({
        open: openExec(client, label, sessionEnvironment(connection)),
        user: connection.user,
        label,
        shellMs: connection.shellMs,
        end,
      });
    } catch (error) {
      if (!(error instanceof NeedsOpenssh)) throw error;
      this.#shared.say(`${connection.name}: using the system's ssh: ${error.why}`);
      return openOpenssh(connection, label, this.#shared.openssh);
    }
  }

  async close(): Promise<void> {
    await this.#jumps.close();
    this.#shared.openssh.close();
  }

  // Logs in by our own SSH. Throws NeedsOpenssh where only the system's ssh can.
  async #logIn(connection: Connection): Promise<LoggedIn> {
    const { knownHosts, mayLogIn, warn, openssh } = this.#shared;
    const hostKey = hostKeyCheck(connection, knownHosts, warn);
    const beforehand = whyOpenssh(connection, hostKey);
    const isAhead = beforehand === undefined && hostKey.isKnown && isDirect(connection);
    if (!isAhead) await mayLogIn;
    if (beforehand !== undefined && (connection.byOpenssh || openssh.isThere()))
      throw new NeedsOpenssh(beforehand);
    const begun = isAhead ? await headStart(connection) : undefined;
    try {
      return await this.#logInBy(connection, hostKey, begun);
    } finally {
      begun?.end();
    }
  }

  // Logs in by the ways that there are.
  async #logInBy(
    connection: Connection,
    hostKey: HostKeyCheck,
    begun: HeadStart | undefined,
  ): Promise<LoggedIn> {
    const { mayLogIn, openssh } = this.#shared;
    const means = await loginMeans(connection, this.#shared);
    if (means.attempts.length === 0 && openssh.isThere()) {
      await mayLogIn;
      throw new NeedsOpenssh(means.beyond.join(", "));
    }
    try {
      return await logInAhead({
        connection,
        label: labelOf(connection),
        attempts: means.attempts,
        hostKey,
        ways: this.#jumps,
        headStart: begun,
        mayLogIn,
      });
    } catch (error) {
      const why = whyAfterwards(error, means, connection);
      throw why !== undefined && openssh.isThere()
        ? new NeedsOpenssh(why)
        : withProblems(error as Error, means);
    }
  }

  async #logInOnJump(connection: Connection): Promise<LoggedIn | undefined> {
    try {
      return await this.#logIn(connection);
    } catch (error) {
      if (!(error instanceof NeedsOpenssh)) throw error;
      this.#shared.say(
        `${connection.name}: using the system's ssh for the jump host ${labelOf(connection)}: ${error.why}`,
      );
      return undefined;
    }
  }
}

/** Failures of the network, which may be over the next time. */
const PASSING = ["refused", "timeout", "dns", "lost"];

// Tries again what failed on the way, each time a little later, as Ansible does.
async function retried<T>(attempt: () => Promise<T>, retries: number): Promise<T> {
  for (let failed = 0; ; failed++) {
    try {
      return await attempt();
    } catch (error) {
      if (
        !(error instanceof UnreachableError) ||
        !PASSING.includes(error.kind) ||
        failed >= retries
      )
        throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(2 ** failed - 0.5, 30) * 1000));
    }
  }
}

/** Only the system's ssh can reach the host, or log in on it. */
class NeedsOpenssh extends Error {
  readonly why: string;

  constructor(why: string) {
    super(why);
    this.why = why;
  }
}

function labelOf({ user, host, port }: Connection): string {
  return `${user}@${host}${port === 22 ? "" : `:${port}`}`;
}

// What SetEnv says.
function sessionEnvironment({ config }: Connection): Record<string, string> {
  const pairs = config
    ? (config.values.get("setenv") ?? []).map((pair) => pair.split(/=(.*)/s))
    : [];
  return Object.fromEntries(pairs.map(([name = "", value = ""]) => [name, value]));
}

// Why the system's ssh is needed, as far as that shows before anybody is asked.
function whyOpenssh({ byOpenssh, config }: Connection, hostKey: HostKeyCheck): string | undefined {
  if (byOpenssh) return "the connection is openssh";
  if (hostKey.hasAuthority) return "its host key is signed by a certificate authority";
  const options = config ? optionsBeyond(config) : [];
  return options.length > 0 ? `ssh's configuration sets ${options.join(", ")}` : undefined;
}

// Why the system's ssh may do better than we did.
function whyAfterwards(
  error: unknown,
  means: LoginMeans,
  connection: Connection,
): string | undefined {
  if (error instanceof NoCommonAlgorithm) return error.message;
  if (!(error instanceof LoginRefused)) return undefined;
  const ways = [...means.beyond, ...foreignMethods(error.offered, connection)];
  return ways.length > 0
    ? `the login was refused, and these are left: ${ways.join(", ")}`
    : undefined;
}

// A refused login, with the keys that could not be used.
function withProblems(error: Error, { problems }: LoginMeans): Error {
  if (!(error instanceof LoginRefused) || problems.length === 0) return error;
  const keys = problems.map(({ message }) => message).join("; ");
  return new LoginRefused(
    `${error.message}; ${keys}`,
    problems.find(({ hint }) => hint)?.hint ?? error.hint ?? "",
    error.offered,
  );
}

// Logs in. A connection that was made before anybody may log in, and did not last until then, is
// made again: hosts give a login limited time.
async function logInAhead(options: LoginOptions): Promise<LoggedIn> {
  let isAllowed = false;
  const allowed = options.mayLogIn.then(() => (isAllowed = true));
  try {
    return await logInPatiently(options);
  } catch (error) {
    if (isAllowed && !(error instanceof HeldTooLong)) throw error;
    await allowed;
    return logInPatiently(options);
  }
}

// Tries again, a little later each time and never all hosts at once, while sshd has
// too many logins to greet us.
async function logInPatiently(options: LoginOptions): Promise<LoggedIn> {
  const deadline = Date.now() + options.connection.timeoutMs;
  let turnedAway: ConnectError | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await logIn(options, Math.max(1, deadline - Date.now()));
    } catch (error) {
      // the last try has only what was left of the time: what went wrong is what happened before
      const isLate = error instanceof UnreachableError && error.kind === "timeout";
      if (isLate && turnedAway) throw connectFailure(turnedAway, options.label);
      if (error instanceof UnreachableError || error instanceof HeldTooLong) throw error;
      const pause = 50 * 2 ** attempt * (0.5 + Math.random());
      const again =
        isTurnedAway(error as ConnectError) && attempt < TRIES && Date.now() + pause < deadline;
      if (!again) throw connectFailure(error as ConnectError, options.label);
      turnedAway = error as ConnectError;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
