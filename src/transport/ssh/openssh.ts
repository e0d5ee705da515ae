import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreachableError, type UnreachableKind } from "../../errors.ts";
import type { Channel, Closing, OpenChannel } from "../channel.ts";
import { startProcess, type Started } from "../local.ts";
import { ShellSession } from "../session.ts";
import type { Connection, Session } from "../transport.ts";
import { Askpass } from "./askpass.ts";
import { configValue, type SshConfigs } from "./config/config.ts";
import type { KeyRing } from "./keys.ts";
import { commandLine } from "./config/quote.ts";

const ALIVE = ["-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3"];
/** How long ssh may take until a shell runs, as people may have to touch a key. */
const LOGIN_MS = 120_000;
const MAX_SAID = 64 * 1024;

/** The system's ssh, as far as all hosts share it. */
export class Openssh {
  readonly configs: SshConfigs;
  readonly keys: KeyRing;
  #directory: string | undefined;
  #askpass: Askpass | undefined;
  #isThere: boolean | undefined;

  constructor(configs: SshConfigs, keys: KeyRing) {
    this.configs = configs;
    this.keys = keys;
  }

  isThere(): boolean {
    return (this.#isThere ??= spawnSync("ssh", ["-V"], { stdio: "ignore" }).status === 0);
  }

  /** A directory for sockets that only this user can access. */
  get directory(): string {
    if (this.#directory === undefined) {
      this.#directory = mkdtempSync(join(tmpdir(), "hw-"));
      chmodSync(this.#directory, 0o700);
    }
    return this.#directory;
  }

  /** What answers ssh's questions for passwords and passphrases. */
  get askpass(): Askpass {
    return (this.#askpass ??= new Askpass(this.directory, this.keys));
  }

  close(): void {
    this.#askpass?.close();
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true });
    this.#directory = undefined;
    this.#askpass = undefined;
  }
}

// Makes a session whose shells are processes of the system's ssh, over one connection. It logs
// in with the first of them.
export async function openOpenssh(
  connection: Connection,
  label: string,
  openssh: Openssh,
): Promise<Session> {
  const started = new Set<Started>();
  const environment = await openssh.askpass.environment(connection.password);
  const words = opensshWords(connection, openssh);
  const open: OpenChannel = async (argv, sinks, isRestricted) => {
    let said = "";
    const line = commandLine(argv, isRestricted);
    const hear = (bytes: Buffer): void => {
      if (said.length < MAX_SAID) said += bytes.toString("utf8");
      sinks.stderr(bytes);
    };
    const one = await startProcess(
      [...words, line],
      { stdout: sinks.stdout, stderr: hear },
      environment,
    );
    started.add(one);
    const closed = one.channel.closed.then((closing) => withSshError(closing, said, label));
    return { closed, write: one.channel.write, close: () => endProcess(one) } satisfies Channel;
  };
  const end = async (): Promise<void> => {
    for (const one of started) endProcess(one);
    await Promise.all([...started].map(({ channel }) => channel.closed));
  };
  const session = new ShellSession({
    open,
    user: connection.user,
    label,
    shellMs: connection.shellMs ?? LOGIN_MS,
    end,
  });
  try {
    await session.ready();
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

// The words of ssh up to the command. What the user's own options and
// configuration say is never overridden.
function opensshWords(connection: Connection, openssh: Openssh): string[] {
  const { config, host, port, user, privateKeyFile } = connection;
  const question = config?.question;
  const said = (key: string): string | undefined => config && configValue(config, key);
  const own = question
    ? question.words
    : [
        "-p",
        String(port),
        "-l",
        user,
        ...(privateKeyFile === undefined ? [] : ["-i", privateKeyFile]),
      ];
  const words = [
    question?.program ?? "ssh",
    ...openssh.configs.fileWords(own),
    ...own,
    "-T",
    "-o",
    "ClearAllForwardings=yes",
    "-o",
    "NumberOfPasswordPrompts=1",
  ];
  if ((said("serveraliveinterval") ?? "0") === "0") words.push(...ALIVE);
  if (said("connecttimeout") === undefined)
    words.push("-o", `ConnectTimeout=${Math.ceil(connection.timeoutMs / 1000)}`);
  if (connection.acceptNew && !["no", "off", "false"].includes(said("stricthostkeychecking") ?? ""))
    words.push("-o", "StrictHostKeyChecking=accept-new");
  if (said("controlpath") === undefined)
    words.push(
      "-o",
      "ControlMaster=auto",
      "-o",
      "ControlPersist=no",
      "-o",
      `ControlPath=${openssh.directory}/%C`,
    );
  return [...words, "--", question?.destination ?? host];
}

// Ends it, and has Node wait for that: with nothing else to wait for, it would end the
// program, and as a failure.
function endProcess({ channel, child }: Started): void {
  channel.close();
  child.kill();
  child.ref();
}

interface Failure {
  said: RegExp;
  kind: UnreachableKind;
  hint: string;
}

/** What ssh says before it gives up, most telling first. */
const FAILURES: Failure[] = [
  {
    said: /REMOTE HOST IDENTIFICATION HAS CHANGED|revoked/i,
    kind: "hostkey-changed",
    hint: "someone may be impersonating the host; above, ssh says which line of which file has the known key",
  },
  {
    said: /Host key verification failed|No .* host key is known/,
    kind: "hostkey-unknown",
    hint: "log in by hand once, or run with --accept-new",
  },
  {
    said: /Permission denied|Too many authentication failures|No more authentication methods/,
    kind: "auth",
    hint: "run by hand: ssh -v",
  },
  {
    said: /Could not resolve hostname/,
    kind: "dns",
    hint: "check ansible_host, or /etc/hosts and the resolver of this machine",
  },
  {
    said: /Connection refused/,
    kind: "refused",
    hint: "check that sshd is running, and ansible_port",
  },
  {
    said: /timed out|No route to host|unreachable/i,
    kind: "timeout",
    hint: "check that the host is up, and that no firewall drops the packets",
  },
];

// How ssh ended: 255 is its own failure, all else is the command's.
function withSshError(closing: Closing, said: string, label: string): Closing {
  if (closing.code !== 255) return closing;
  const text = said
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(-6)
    .join("; ");
  const { kind, hint } = FAILURES.find((one) => one.said.test(said)) ?? {
    kind: "lost" as const,
    hint: "run by hand: ssh -v",
  };
  return {
    ...closing,
    lost: text || "ssh ended",
    refusal: new UnreachableError(
      kind,
      `ssh cannot log in as ${label}: ${text || "it printed nothing"}`,
      hint,
    ),
  };
}
