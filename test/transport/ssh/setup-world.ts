import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect, wantedLogin } from "../../../src/cli/connection/connection.ts";
import { standardEnvironment } from "../../../src/jinja/template.ts";
import { Variables } from "../../../src/plan/model/variables.ts";
import { createTransport } from "../../../src/transport/connect.ts";
import { SshConfigs } from "../../../src/transport/ssh/config/config.ts";
import { nodeOf } from "../../../src/yaml/data.ts";
import { PASSWORD, publicKey, type Sshd, startSshd } from "../sshd.ts";

export const USER = "hwt-dash";
const COMMAND = "id -un";

/** How a login ended. */
export interface Outcome {
  /** Whom it reached; undefined: it was refused. */
  user: string | undefined;
  /** What was said. */
  said: string;
}

/** A home directory with keys and configuration, and sshd's that trust some of the keys. */
export class SetupWorld {
  readonly home = mkdtempSync(join(tmpdir(), "hullwright-setups-"));
  readonly #servers = new Map<string, Sshd>();
  #agent: ChildProcess | undefined;
  environment: NodeJS.ProcessEnv = {};

  constructor() {
    chmodSync(this.home, 0o755);
    mkdirSync(join(this.home, ".ssh"), { mode: 0o700 });
  }

  /** What servers trust; the login users must be able to read it. */
  get trusted(): string {
    return join(this.home, "trusted");
  }

  file(name: string): string {
    return join(this.home, ".ssh", name);
  }

  /** An sshd with these settings, started once. It trusts the keys `good`, `good-rsa` and their kin. */
  async server(...settings: string[]): Promise<Sshd> {
    const key = settings.join("\n");
    const known = this.#servers.get(key);
    if (known) return known;
    const sshd = await startSshd([
      `AuthorizedKeysFile ${this.trusted}`,
      "LogLevel VERBOSE",
      ...settings,
    ]);
    this.#servers.set(key, sshd);
    return sshd;
  }

  /** Makes a key pair that servers trust. */
  trustedKey(name: string, ...options: string[]): string {
    const file = this.key(name, ...options);
    this.trust(
      execFileSync("ssh-keygen", ["-y", "-P", passphraseOf(options), "-f", file], {
        encoding: "utf8",
      }),
    );
    return file;
  }

  key(name: string, ...options: string[]): string {
    const file = this.file(name);
    if (existsSync(file)) return file;
    const quiet = [
      "-q",
      "-C",
      name,
      "-f",
      file,
      ...(options.includes("-t") ? [] : ["-t", "ed25519"]),
      ...(options.includes("-N") ? [] : ["-N", ""]),
    ];
    execFileSync("ssh-keygen", [...quiet, ...options], { stdio: "ignore" });
    return file;
  }

  trust(line: string): void {
    writeFileSync(this.trusted, `${line.trim()}\n`, { flag: "a", mode: 0o644 });
  }

  write(name: string, text: string, mode = 0o600): string {
    writeFileSync(this.file(name), text, { mode });
    chmodSync(this.file(name), mode);
    return this.file(name);
  }

  /** The line that makes a server known. */
  knownLine({ port, hostKeyFile }: Sshd, names = `[127.0.0.1]:${port}`): string {
    return `${names} ${publicKey(hostKeyFile)}\n`;
  }

  /** A security key in software, as a library for ssh. */
  securityKey(): string {
    const library = join(this.home, "security-key.so");
    const source = fileURLToPath(new URL("security-key.c", import.meta.url));
    if (!existsSync(library)) execFileSync("gcc", ["-shared", "-fPIC", "-o", library, source]);
    return library;
  }

  /** An agent with these keys. */
  async agent(...files: string[]): Promise<void> {
    const socket = this.file("agent.sock");
    this.#agent = spawn("ssh-agent", ["-D", "-P", join(this.home, "*"), "-a", socket], {
      stdio: "ignore",
    });
    for (let tries = 0; !existsSync(socket); tries++) {
      if (tries > 1000) throw new Error(`ssh-agent does not listen at ${socket}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    this.environment["SSH_AUTH_SOCK"] = socket;
    for (const file of files)
      execFileSync("ssh-add", ["-q", file], {
        env: { ...process.env, ...this.environment, SSH_AUTH_SOCK: socket },
        stdio: "ignore",
      });
  }

  /** The known hosts, which a login may add to. */
  snapshot(): string | undefined {
    return existsSync(this.file("known")) ? readFileSync(this.file("known"), "utf8") : undefined;
  }

  restore(known: string | undefined): void {
    if (known !== undefined) this.write("known", known);
  }

  /** Forgets what one set-up left for the next. */
  reset(): void {
    this.#agent?.kill();
    this.#agent = undefined;
    this.environment = {};
    for (const name of ["config", "known", "known2", "agent.sock", "revoked"])
      rmSync(this.file(name), { force: true });
    rmSync(this.trusted, { force: true });
  }

  stop(): void {
    this.reset();
    for (const sshd of this.#servers.values()) sshd.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** What the user's own ssh does. With a password it is answered once. */
  judge(words: readonly string[], password: string | undefined, host = "target"): Outcome {
    const answer = this.write("answer", `#!/bin/sh\nprintf '%s\\n' '${password ?? ""}'\n`, 0o700);
    const asking =
      password === undefined
        ? { SSH_ASKPASS_REQUIRE: "never" }
        : { SSH_ASKPASS: answer, SSH_ASKPASS_REQUIRE: "force", DISPLAY: ":" };
    const batch =
      password === undefined ? ["-o", "BatchMode=yes"] : ["-o", "NumberOfPasswordPrompts=1"];
    const environment = {
      PATH: process.env["PATH"],
      HOME: this.home,
      ...this.environment,
      ...asking,
    };
    const { status, stdout, stderr } = spawnSync(
      "ssh",
      ["-F", this.#config(), ...words, ...batch, "-T", host, COMMAND],
      { encoding: "utf8", env: environment, timeout: 30_000, stdio: ["ignore", "pipe", "pipe"] },
    );
    return { user: status === 0 ? stdout.trim() : undefined, said: stderr };
  }

  /** What Hullwright does, for a host of these variables. */
  async ours(
    variables: Record<string, unknown>,
    passphrase: string | undefined,
    host = "target",
  ): Promise<Outcome> {
    const before = { ...process.env };
    Object.assign(process.env, { HOME: this.home, ...this.environment });
    if (this.environment["SSH_AUTH_SOCK"] === undefined) delete process.env["SSH_AUTH_SOCK"];
    const said: string[] = [];
    const configs = new SshConfigs(this.home);
    const transport = createTransport(configs, {
      ask: () => Promise.resolve(passphrase),
      say: (message) => said.push(message),
      warn: (message) => said.push(message),
    });
    try {
      const layer = {
        nodes: new Map(
          Object.entries(variables).map(([name, value]) => [name, nodeOf(value, "vars")]),
        ),
      };
      const wanted = wantedLogin({
        name: host,
        variables: new Variables([layer], standardEnvironment()),
        flags: { forks: 1, verbose: 0 },
      });
      const session = await transport.open(connect(wanted, configs));
      try {
        return {
          user: (await session.run(COMMAND)).stdout.toString().trim(),
          said: said.join("\n"),
        };
      } finally {
        await session.close();
      }
    } catch (error) {
      return {
        user: undefined,
        said: [...said, `${(error as Error).name}: ${(error as Error).message}`].join("\n"),
      };
    } finally {
      await transport.close();
      process.env = before;
    }
  }

  #config(): string {
    return existsSync(this.file("config")) ? this.file("config") : "/dev/null";
  }
}

function passphraseOf(options: readonly string[]): string {
  const at = options.indexOf("-N");
  return at < 0 ? "" : (options[at + 1] ?? "");
}

export { PASSWORD };
