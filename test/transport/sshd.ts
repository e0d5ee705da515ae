import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../../src/transport/transport.ts";

/** The login users of the tests, each with its own login shell. All have the same password. */
export const PASSWORD = "correct horse";
const USERS: Record<string, string> = {
  "hwt-dash": "/bin/dash",
  "hwt-bash": "/bin/bash",
  "hwt-csh": "/bin/tcsh",
  "hwt-fish": "/usr/bin/fish",
  "hwt-noisy": "/bin/bash",
  "hwt-nologin": "/usr/sbin/nologin",
  "hwt-nosudo": "/bin/dash",
  "hwt-free": "/bin/dash",
  "hwt-tty": "/bin/dash",
  "hwt-tty-asked": "/bin/bash",
  "hwt-rbash": "/usr/bin/rbash",
};
const SUDOERS = `hwt-dash ALL=(ALL) ALL
hwt-bash ALL=(ALL) ALL
hwt-noisy ALL=(ALL) ALL
hwt-free ALL=(ALL) NOPASSWD: ALL
hwt-tty ALL=(ALL) NOPASSWD: ALL
hwt-rbash ALL=(ALL) NOPASSWD: ALL
hwt-tty-asked ALL=(ALL) ALL
Defaults:hwt-tty requiretty
Defaults:hwt-tty-asked requiretty, use_pty
Defaults:hwt-bash !use_pty, lecture=always
`;
const NOISE = `echo "welcome, \${USER}"; printf 'no newline at the end'; echo "warning: noise" >&2\n`;

/** Why real logins cannot be tested here, if so. */
export function whyNoSshd(): string | false {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  const missing = ["/usr/sbin/sshd", "/usr/bin/sudo", "/usr/sbin/useradd"].filter(
    (file) => !existsSync(file),
  );
  return missing.length > 0 && `needs ${missing.join(", ")} (Debian: openssh-server, sudo, passwd)`;
}

/** The users whose login shell is installed. */
export function usersHere(...names: string[]): string[] {
  return names.filter((name) => existsSync(USERS[name] ?? ""));
}

/** A real sshd on loopback. */
export interface Sshd {
  port: number;
  folder: string;
  keyFile: string;
  knownHosts: string;
  hostKeyFile: string;
  connection(user: string, differing?: Partial<Connection>): Connection;
  stop(): void;
}

/** Starts an sshd with its own keys and settings on a free port; makes the users where they are missing. */
export async function startSshd(settings: string[] = []): Promise<Sshd> {
  makeUsers();
  mkdirSync("/run/sshd", { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "hullwright-sshd-"));
  chmodSync(folder, 0o755);
  const hostKeyFile = makeKey(folder, "host_ed25519");
  const keyFile = makeKey(folder, "login_ed25519");
  const config = join(folder, "sshd_config");
  // sshd takes the first of each: hence the differing settings go first.
  const lines = [
    ...settings,
    "ListenAddress 127.0.0.1",
    `HostKey ${hostKeyFile}`,
    `AuthorizedKeysFile ${keyFile}.pub`,
    "StrictModes no",
  ];
  lines.push("PidFile none", "UsePAM no", "MaxStartups 100", "PrintMotd no");
  writeFileSync(config, `${lines.join("\n")}\n`);
  const { sshd, port } = await onFreePort(config);
  const knownHosts = join(folder, "known_hosts");
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${publicKey(hostKeyFile)}\n`);
  const base = {
    name: "it",
    host: "127.0.0.1",
    port,
    privateKeyFile: keyFile,
    kind: "ssh",
    timeoutMs: 10_000,
  } as const;
  return {
    port,
    folder,
    keyFile,
    knownHosts,
    hostKeyFile,
    connection: (user, differing) => ({
      ...base,
      user,
      knownHostsFiles: [knownHosts],
      acceptNew: false,
      ...differing,
    }),
    stop() {
      sshd.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a key pair without passphrase; answers the private file. */
export function makeKey(folder: string, name: string, ...options: string[]): string {
  const file = join(folder, name);
  execFileSync("ssh-keygen", [
    "-q",
    "-t",
    "ed25519",
    "-N",
    "",
    "-C",
    "test",
    "-f",
    file,
    ...options,
  ]);
  return file;
}

/** Type and blob of a key file's public half. */
export function publicKey(file: string, passphrase = ""): string {
  return execFileSync("ssh-keygen", ["-y", "-P", passphrase, "-f", file], { encoding: "utf8" })
    .trim()
    .split(" ")
    .slice(0, 2)
    .join(" ");
}

// Makes the users and what sudo lets them do, one test file at a time. They stay: another run may be using them.
function makeUsers(): void {
  const users = Object.entries(USERS).filter(([, shell]) => existsSync(shell));
  const make = users.map(
    ([name, shell]) =>
      `id -u ${name} >/dev/null 2>&1 || { useradd -m -s ${shell} ${name} && echo '${name}:${PASSWORD}' | chpasswd; }`,
  );
  execFileSync("flock", ["/run/hullwright-test-users.lock", "sh", "-ec", make.join("\n")], {
    stdio: "ignore",
  });
  writeFileSync("/home/hwt-noisy/.bashrc", NOISE);
  const draft = `/etc/sudoers.d/.hwt-${process.pid}~`;
  writeFileSync(draft, SUDOERS, { mode: 0o440 });
  renameSync(draft, "/etc/sudoers.d/hwt");
}

// Starts it on a free port, and on another where somebody else was faster.
async function onFreePort(config: string): Promise<{ sshd: ChildProcess; port: number }> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = await freePort();
    const sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", config, "-p", String(port)], {
      stdio: "ignore",
    });
    const ended = new Promise<boolean>((resolve) => sshd.once("exit", () => resolve(false)));
    if (await Promise.race([listening(port).then(() => true), ended])) return { sshd, port };
  }
  throw new Error(`sshd does not start: /usr/sbin/sshd -t -f ${config}`);
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// Waits until somebody listens on a port.
async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () =>
        resolve(false),
      );
      socket.on("close", () => undefined).unref();
      setTimeout(() => socket.destroy(), 20);
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no sshd on port ${port}`);
}
