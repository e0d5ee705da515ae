import { UnreachableError, type UnreachableKind } from "../../errors.ts";
import { ProxyError } from "./way.ts";

/** An error as ssh2 and Node's sockets throw it. */
export type ConnectError = Error & { level?: string; code?: string };

interface Failure {
  codes: string[];
  kind: UnreachableKind;
  message: string;
  hint?: string;
}

// What the network answers before there is any SSH.
const NETWORK: Failure[] = [
  {
    codes: ["ECONNREFUSED"],
    kind: "refused",
    message: "nothing listens there",
    hint: "check that sshd is running, and ansible_port",
  },
  {
    codes: ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NONAME"],
    kind: "dns",
    message: "the name cannot be resolved",
    hint: "check ansible_host, or /etc/hosts and the resolver of this machine",
  },
  {
    codes: ["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "EADDRNOTAVAIL"],
    kind: "timeout",
    message: "there is no route to it",
    hint: "check that the host is up, and that this machine's network can reach it",
  },
  {
    codes: ["ETIMEDOUT"],
    kind: "timeout",
    message: "it does not answer",
    hint: "check that the host is up, and that no firewall drops the packets",
  },
];

/** The host has none of the algorithms that we have. */
export class NoCommonAlgorithm extends UnreachableError {}

// Says of an error on the way to a login what it means.
export function connectFailure(error: ConnectError, login: string): UnreachableError {
  const network = NETWORK.find(
    ({ codes }) => error.code !== undefined && codes.includes(error.code),
  );
  if (network)
    return new UnreachableError(
      network.kind,
      `cannot reach ${login}: ${network.message} (${error.code})`,
      network.hint,
    );
  if (isTurnedAway(error)) {
    const hint =
      "sshd may limit simultaneous logins (MaxStartups, PerSourcePenalties), or another program may be listening there; use fewer forks";
    return new UnreachableError(
      "lost",
      `${login} closed the connection before SSH began, several times (${error.message})`,
      hint,
    );
  }
  if (error instanceof ProxyError)
    return new UnreachableError(
      "lost",
      `cannot reach ${login}: ${error.message}`,
      "run the command by hand",
    );
  if (error.level === "client-socket")
    return new UnreachableError("lost", `the connection to ${login} broke: ${error.message}`);
  if (error.level === "handshake" && /no matching/.test(error.message)) {
    const hint = "install the system's ssh (Debian: openssh-client), which supports more";
    return new NoCommonAlgorithm(
      "protocol",
      `no algorithm in common with ${login}: ${error.message}`,
      hint,
    );
  }
  return new UnreachableError(
    "protocol",
    `${login} did not answer as an SSH server: ${error.message}`,
    "check that ansible_port is the port of sshd",
  );
}

// An overloaded sshd hangs up before its greeting: worth another try, a moment later.
export function isTurnedAway(error: ConnectError): boolean {
  return (
    /Connection lost before handshake/.test(error.message) ||
    error.code === "ECONNRESET" ||
    error.code === "EPIPE"
  );
}
