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
    hint: "is sshd running, and is ansible_port right?",
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
    hint: "is the host up, and is this machine in a network that reaches it?",
  },
  {
    codes: ["ETIMEDOUT"],
    kind: "timeout",
    message: "it does not answer",
    hint: "is the host up, and does a firewall drop the packets?",
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
      "sshd may have too many logins at once (MaxStartups, PerSourcePenalties), or another program listens there; use fewer forks";
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
      "try the command by hand",
    );
  if (error.level === "client-socket")
    return new UnreachableError("lost", `the connection with ${login} broke: ${error.message}`);
  if (error.level === "handshake" && /no matching/.test(error.message)) {
    const hint = "install the system's ssh (Debian: openssh-client), which has more of them";
    return new NoCommonAlgorithm(
      "protocol",
      `${login} and we have no algorithm in common: ${error.message}`,
      hint,
    );
  }
  return new UnreachableError(
    "protocol",
    `what ${login} answers is not SSH as expected: ${error.message}`,
    "is ansible_port that of sshd?",
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
