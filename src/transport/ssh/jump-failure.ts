import { UnreachableError, type UnreachableKind } from "../../errors.ts";

/** What a jump host says of a host that it cannot reach; otherwise it does not want to. */
const BEHIND_JUMPS: { said: RegExp; kind: UnreachableKind; hint: string }[] = [
  {
    said: /Connection refused/,
    kind: "refused",
    hint: "check that sshd is running there, and ansible_port",
  },
  {
    said: /name resolution|not known|No address/,
    kind: "dns",
    hint: "check the name (ansible_host, or HostName in ssh's configuration): it is the jump host that resolves it",
  },
  {
    said: /No route to host|unreachable|timed out|no answer/,
    kind: "timeout",
    hint: "check that the host is up, and that the jump host's network can reach it",
  },
];

// Says of a host behind a jump host why it cannot be reached.
export function jumpFailure(label: string, target: string, said: string): UnreachableError {
  const words = said.replace(/^\(SSH\) Channel open failure: /, "");
  const known = BEHIND_JUMPS.find((one) => one.said.test(words));
  return new UnreachableError(
    known?.kind ?? "refused",
    `the jump host ${label} cannot reach ${target}: ${words}`,
    known?.hint ??
      "check that the jump host can reach it, and that its sshd allows that (AllowTcpForwarding, PermitOpen)",
  );
}
