import { execFileSync } from "node:child_process";
import type { Need } from "../../requires.ts";
import type { Sshd } from "../sshd.ts";
import { type SetupWorld, USER } from "./setup-world.ts";

/** What a set-up has made, for both ssh and us. */
export interface Made {
  /** Options of ssh on its command line, and in ansible_ssh_common_args. */
  words?: string[];
  /** Variables of the host. */
  variables?: Record<string, unknown>;
  password?: string;
  passphrase?: string;
}

/** One way to reach a host, or not to. */
export interface Setup {
  what: string;
  /** Whether the login works, by ssh's own word. */
  works: boolean;
  /** Who carries the connection where nobody has chosen: Hullwright's own SSH, or the system's. */
  by?: "openssh";
  /** What the machine must have for it. */
  needs?: Need;
  make(world: SetupWorld): Promise<Made | void>;
}

/** Lines of a configuration for `target`. */
export function host(sshd: Sshd, ...lines: string[]): string {
  return [
    "Host target",
    "HostName 127.0.0.1",
    `Port ${sshd.port}`,
    `User ${USER}`,
    ...lines,
    "",
  ].join("\n");
}

// The usual: one server, its key known, one key that it trusts, all in the configuration.
export async function usual(
  world: SetupWorld,
  lines: string[] = [],
  settings: string[] = [],
): Promise<Sshd> {
  const sshd = await world.server(...settings);
  world.write("known", world.knownLine(sshd));
  const good = world.trustedKey("good");
  world.write(
    "config",
    host(sshd, ...lines, `IdentityFile ${good}`, `UserKnownHostsFile ${world.file("known")}`),
  );
  return sshd;
}

// The same with another key.
export async function withKey(
  world: SetupWorld,
  file: string,
  lines: string[] = [],
): Promise<void> {
  const sshd = await world.server();
  world.write("known", world.knownLine(sshd));
  world.write(
    "config",
    host(sshd, ...lines, `IdentityFile ${file}`, `UserKnownHostsFile ${world.file("known")}`),
  );
}

// Hosts in between, each known by its own lines.
export async function withJumps(
  world: SetupWorld,
  names: readonly string[],
  lines: string[],
  settings: string[] = [],
): Promise<void> {
  const target = await usual(world);
  const good = world.file("good");
  const blocks: string[] = [];
  let known = world.knownLine(target);
  for (const name of names) {
    const sshd = await world.server(...settings, `# ${name}`);
    known += world.knownLine(sshd);
    blocks.push(
      `Host ${name}\nHostName 127.0.0.1\nPort ${sshd.port}\nUser hwt-free\nIdentityFile ${good}\nUserKnownHostsFile ${world.file("known")}\n`,
    );
  }
  world.write("known", known);
  world.write(
    "config",
    [
      host(target, ...lines, `IdentityFile ${good}`, `UserKnownHostsFile ${world.file("known")}`),
      ...blocks,
    ].join("\n"),
  );
}

// A host key or user key that an authority has signed.
export function sign(authority: string, file: string, ...words: string[]): void {
  execFileSync("ssh-keygen", ["-q", "-s", authority, "-I", "test", ...words, file], {
    stdio: "ignore",
  });
}
