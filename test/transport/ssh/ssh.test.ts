import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { UnreachableError } from "../../../src/errors.ts";
import { createTransport } from "../../../src/transport/connect.ts";
import type { Become, Connection, Session } from "../../../src/transport/transport.ts";
import { type Proxy, startProxy } from "../proxy.ts";
import {
  freePort,
  makeKey,
  PASSWORD,
  publicKey,
  type Sshd,
  startSshd,
  usersHere,
  whyNoSshd,
} from "../sshd.ts";

const reason = whyNoSshd();
const root = { user: "root", password: PASSWORD };

describe.skipIf(reason)(
  `a real sshd${reason ? ` (skipped: ${reason})` : ""}`,
  { timeout: 60_000 },
  () => {
    let sshd: Sshd;
    const sessions: Session[] = [];
    beforeAll(async () => {
      sshd = await startSshd();
    });
    afterEach(async () => {
      for (const session of sessions.splice(0)) await session.close();
    });
    afterAll(() => sshd.stop());

    // Logs in; the session is closed behind the test.
    async function open(connection: Connection): Promise<Session> {
      const session = await createTransport().open(connection);
      sessions.push(session);
      return session;
    }
    const login = (user: string, differing?: Partial<Connection>): Promise<Session> =>
      open(sshd.connection(user, differing));
    const say = async (session: Session, program: string, become?: Become): Promise<string> =>
      (await session.run(program, { become })).stdout.toString();
    // The error a promise ends with, as one text.
    async function failure(promise: Promise<unknown>): Promise<{ kind: string; text: string }> {
      const error = await promise.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (!(error instanceof UnreachableError))
        throw new Error(`no UnreachableError, but ${String(error)}`);
      return { kind: error.kind, text: `${error.message}; ${error.hint ?? ""}` };
    }

    describe("before anybody may log in,", () => {
      // Opens a session through a proxy that may log in once it is told so.
      async function held(differing?: Partial<Connection>): Promise<{
        proxy: Proxy;
        opening: Promise<Session>;
        release(): void;
      }> {
        const proxy = await startProxy(sshd.port);
        let release = (): void => undefined;
        const mayLogIn = new Promise<void>((resolve) => (release = resolve));
        const opening = createTransport(undefined, { mayLogIn }).open(
          sshd.connection("hwt-dash", { ...knownAt(proxy.port), ...differing }),
        );
        opening.then(
          (session) => sessions.push(session),
          () => undefined,
        );
        return { proxy, opening, release };
      }

      // The host key under another port.
      function knownAt(port: number): Partial<Connection> {
        const file = join(sshd.folder, `known_hosts_${port}`);
        const lines = readFileSync(sshd.knownHosts, "utf8").replaceAll(`:${sshd.port}`, `:${port}`);
        writeFileSync(file, lines);
        return { port, knownHostsFiles: [file] };
      }

      test("a host whose key is known is connected to, and logged in on when it is time", async () => {
        const { proxy, opening, release } = await held();
        try {
          // greeting, key exchange, new keys: as far as it goes without a login
          await vi.waitUntil(() => proxy.turns >= 3, { timeout: 20_000 });
          let isOpen = false;
          void opening.then(() => (isOpen = true));
          await new Promise((resolve) => setTimeout(resolve, 50));
          expect(isOpen).toBe(false);
          release();
          expect(await say(await opening, "id -un")).toBe("hwt-dash\n");
          expect(proxy.connections).toBe(1);
        } finally {
          proxy.stop();
        }
      });

      test("a connection that does not last until then is made again", async () => {
        const { proxy, opening, release } = await held();
        try {
          await vi.waitUntil(() => proxy.turns >= 3, { timeout: 20_000 });
          proxy.cut();
          await new Promise((resolve) => setTimeout(resolve, 50));
          release();
          expect(await say(await opening, "id -un")).toBe("hwt-dash\n");
          expect(proxy.connections).toBe(2);
        } finally {
          proxy.stop();
        }
      });

      test("a connection that the host ends while keys are read here is made again", async () => {
        const proxy = await startProxy(sshd.port, { hangUps: 1 });
        try {
          const session = await login("hwt-dash", knownAt(proxy.port));
          expect(await say(session, "id -un")).toBe("hwt-dash\n");
          expect(proxy.connections).toBe(2);
        } finally {
          proxy.stop();
        }
      });

      test("nobody connects to a host whose key is not known", async () => {
        const { proxy, opening, release } = await held({ knownHostsFiles: [] });
        try {
          await new Promise((resolve) => setTimeout(resolve, 50));
          expect(proxy.connections).toBe(0);
          release();
          expect((await failure(opening)).kind).toBe("hostkey-unknown");
        } finally {
          proxy.stop();
        }
      });
    });

    describe("programs", () => {
      test.each(usersHere("hwt-dash", "hwt-bash", "hwt-csh", "hwt-fish", "hwt-noisy", "hwt-rbash"))(
        "are sh, whatever the login shell: %s",
        async (user) => {
          const session = await login(user);
          const { code, stdout, stderr } = await session.run(
            "id -un; x='it is'; echo \"$x sh!\" >&2; exit 7",
          );
          expect({ code, stdout: stdout.toString(), stderr }).toEqual({
            code: 7,
            stdout: `${user}\n`,
            stderr: "it is sh!\n",
          });
        },
      );

      test("are counted: one connection, a dozen turns to the first answer, and one for each that follows", async () => {
        const proxy = await startProxy(sshd.port);
        const session = await login("hwt-free", {
          port: proxy.port,
          acceptNew: true,
          knownHostsFiles: [join(sshd.folder, "counted")],
        });
        await say(session, "true");
        expect(proxy.turns).toBeLessThanOrEqual(12);
        const before = proxy.turns;
        for (let round = 0; round < 5; round++) await say(session, "echo out; echo err >&2");
        expect(proxy.turns - before).toBe(5);
        await say(session, "true", { user: "root" });
        expect([session.rounds, proxy.connections]).toEqual([7, 1]);
        proxy.stop();
      });

      test("may answer 8 MB, streamed, and as much on stderr", async () => {
        const session = await login("hwt-dash");
        let streamed = 0;
        const program =
          "head -c 8388608 /dev/zero; head -c 8388608 /dev/zero >&2; echo the end >&2";
        const output = await session.run(program, {
          onStdout: (chunk) => (streamed += chunk.length),
        });
        expect([output.stdout.length, streamed]).toEqual([8388608, 8388608]);
        expect(output.stderr).toMatch(/the end\n$/);
      });

      test.each(["hwt-dash", "hwt-tty-asked"])(
        "of %s keep their secrets out of every argument list",
        async (user) => {
          const session = await login(user);
          const program = "secret=un''told; tr '\\0' ' ' </proc/$$/cmdline; ps -eo args";
          const args = await say(session, program, root);
          expect(args).toContain("/bin/sh -c");
          for (const secret of ["un''told", PASSWORD]) expect(args).not.toContain(secret);
        },
      );

      test.each([
        ["hwt-free", { user: "root" }],
        ["hwt-tty", { user: "root" }],
        ["hwt-tty-asked", root],
      ])(
        "of %s that take too long are ended on the host, and the next one runs",
        async (user, become) => {
          const session = await login(user);
          await say(session, "true", become);
          const asked = session.run(`sleep 64${process.pid}`, { become, timeoutMs: 300 });
          expect((await failure(asked)).kind).toBe("timeout");
          expect(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })).not.toContain(
            `sleep 64${process.pid}`,
          );
          expect(await say(session, "id -un", become)).toBe("root\n");
        },
      );

      test("of a host that wants a terminal are fed all the same, also as the first that is asked", async () => {
        const session = await login("hwt-tty");
        const [content, place] = [Buffer.from("fed\n"), join(sshd.folder, "fed")];
        const sha256 = createHash("sha256").update(content).digest("hex");
        await session.put({ content, size: content.length, sha256 }, place, {
          become: { user: "root" },
        });
        expect(readFileSync(place, "utf8")).toBe("fed\n");
      });

      test("that are cut off are lost, and so is all that is asked later", async () => {
        const proxy = await startProxy(sshd.port);
        const session = await login("hwt-dash", {
          port: proxy.port,
          acceptNew: true,
          knownHostsFiles: [join(sshd.folder, "cut")],
        });
        const asked = session.run("echo begun; sleep 3", { onStdout: () => proxy.cut() });
        expect((await failure(asked)).kind).toBe("lost");
        expect((await failure(session.run("true"))).kind).toBe("lost");
        proxy.stop();
      });

      test("whose shell is killed are lost; the next one gets a new shell", async () => {
        const session = await login("hwt-dash");
        const { kind, text } = await failure(session.run("kill -KILL $$"));
        expect([kind, text]).toEqual(["lost", expect.stringContaining("KILL")]);
        expect(await say(session, "echo back")).toBe("back\n");
      });
    });

    describe("become by other methods", () => {
      const password = PASSWORD;
      test.each<[user: string, become: Become]>([
        ["hwt-dash", { user: "hwt-free", method: "su", password }],
        ["hwt-csh", { user: "hwt-free", method: "su", password }],
        ["hwt-dash", { user: "hwt-fish", method: "su", password, flags: ["-"] }],
        ["hwt-free", { user: "nobody", flags: ["-H", "-S", "-n"] }],
        ["hwt-free", { user: "hwt-dash", flags: ["-i"] }],
        ["hwt-free", { user: "root", exe: "/usr/bin/sudo", flags: [] }],
      ])("%s as %j", async (user, become) => {
        const session = await login(user);
        expect(await say(session, "id -un", become)).toBe(`${become.user}\n`);
      });

      test.each<[user: string, become: Become, text: string]>([
        [
          "hwt-dash",
          { user: "hwt-free", method: "su", password: "wrong" },
          "su refused the become password",
        ],
        ["hwt-dash", { user: "hwt-free", method: "su" }, "su wants a password"],
        ["hwt-dash", { user: "nosuchuser", method: "su", password }, "no user nosuchuser"],
        [
          "hwt-dash",
          { user: "root", method: "runuser" },
          "runuser is not found on the host, and only root may use it",
        ],
        ["hwt-free", { user: "root", exe: "/nosuch/sudo" }, "sudo is not installed"],
      ])("%s as %j is refused: %s", async (user, become, text) => {
        const session = await login(user);
        expect(await failure(session.run("true", { become }))).toEqual({
          kind: "become",
          text: expect.stringContaining(text),
        });
      });
    });

    describe("become", () => {
      test.each([
        ["hwt-dash", root],
        ["hwt-bash", root],
        ["hwt-noisy", root],
        ["hwt-free", { user: "root" }],
        ["hwt-free", root],
        ["hwt-free", { user: "hwt-dash" }],
        ["hwt-tty", { user: "root" }],
        ["hwt-tty", { user: "hwt-dash" }],
        ["hwt-tty-asked", root],
        ["hwt-rbash", { user: "root" }],
      ])("%s becomes %j", async (user, become) => {
        const session = await login(user);
        expect(await say(session, 'id -un; echo "$HOME ${LC_ALL-none}"', become)).toMatch(
          new RegExp(`^${become.user}\n/(home/)?${become.user} none\n$`),
        );
        expect(await say(session, "id -un")).toBe(`${user}\n`);
      });

      test.each<[user: string, become: { user: string; password?: string }, text: string]>([
        ["hwt-dash", { user: "root" }, "none was given"],
        ["hwt-dash", { user: "root", password: "wrong" }, "refused the become password"],
        ["hwt-bash", { user: "root", password: "wrong" }, "refused the become password"],
        ["hwt-nosudo", { user: "root" }, "none was given"],
        ["hwt-nosudo", root, "does not allow this login"],
        ["hwt-free", { user: "nosuchuser" }, "no user nosuchuser"],
        ["hwt-tty-asked", { user: "root" }, "none was given"],
        ["hwt-tty-asked", { user: "root", password: "wrong" }, "refused the become password"],
        ["hwt-dash", { user: "ro'ot" }, "cannot be passed through"],
      ])("%s as %j is refused: %s", async (user, become, text) => {
        const session = await login(user);
        const refused = await failure(session.run("true", { become }));
        expect(refused).toEqual({ kind: "become", text: expect.stringContaining(text) });
        expect(await say(session, "echo without")).toBe("without\n");
      });

      test("a refused password is not tried again", async () => {
        const session = await login("hwt-dash");
        const become = { user: "root", password: "wrong" };
        const first = await session.run("true", { become }).catch((error: unknown) => error);
        const second = await session.run("true", { become }).catch((error: unknown) => error);
        expect(second).toBe(first);
      });
    });

    describe("logins", () => {
      test("say who was refused, and what was tried", async () => {
        const privateKeyFile = makeKey(sshd.folder, "stranger");
        const { kind, text } = await failure(login("hwt-dash", { privateKeyFile }));
        expect(kind).toBe("auth");
        for (const part of ["hwt-dash@127.0.0.1", privateKeyFile, "publickey"])
          expect(text).toContain(part);
      });

      test("take a password", async () => {
        const byPassword = { privateKeyFile: undefined, password: PASSWORD };
        expect(await say(await login("hwt-dash", byPassword), "echo in")).toBe("in\n");
        const { kind, text } = await failure(
          login("hwt-dash", {
            ...byPassword,
            password: "wrong",
            privateKeyFile: makeKey(sshd.folder, "second"),
          }),
        );
        expect([kind, text]).toEqual(["auth", expect.stringContaining("the password")]);
      });

      test("that end because the host had enough of trying are refused, not lost", async () => {
        const impatient = await startSshd(["MaxAuthTries 1"]);
        const connection = impatient.connection("hwt-dash", {
          privateKeyFile: makeKey(impatient.folder, "wrong"),
          password: PASSWORD,
        });
        expect(await failure(open(connection))).toEqual({
          kind: "auth",
          text: expect.stringContaining("Too many authentication failures"),
        });
        impatient.stop();
      });

      test.each<[what: string, command: string, text: string]>([
        ["nothing", "/bin/true", "code 0"],
        ["garbage without end", "/usr/bin/yes garbage", "garbage"],
        ["nothing, and stays", "/bin/sleep 9", "it printed nothing"],
        ["a shell that reads otherwise", "/usr/bin/cat", "never started"],
      ])(
        "on a host whose forced command answers %s are of no use",
        async (_what, command, text) => {
          const forced = await startSshd([`ForceCommand ${command}`]);
          const session = await open(forced.connection("hwt-dash", { shellMs: 3000 }));
          expect(await failure(session.run("true"))).toEqual({
            kind: "protocol",
            text: expect.stringContaining(text),
          });
          forced.stop();
        },
      );

      test("that start a shell more slowly than the connection timeout allows still work", async () => {
        const slow = await startSshd(['ForceCommand sleep 1; eval "$SSH_ORIGINAL_COMMAND"']);
        const session = await open(slow.connection("hwt-dash", { timeoutMs: 900 }));
        expect(await say(session, "echo in")).toBe("in\n");
        slow.stop();
      });

      test("on a host that allows one session only say so when a second is needed", async () => {
        const narrow = await startSshd(["MaxSessions 1"]);
        const session = await open(narrow.connection("hwt-free"));
        await say(session, "true");
        expect(await failure(session.run("true", { become: { user: "root" } }))).toEqual({
          kind: "lost",
          text: expect.stringContaining("MaxSessions"),
        });
        narrow.stop();
      });

      test("take a password that is asked for interactively", async () => {
        const asking = await startSshd([
          "UsePAM yes",
          "PasswordAuthentication no",
          "KbdInteractiveAuthentication yes",
        ]);
        const connection = asking.connection("hwt-dash", {
          privateKeyFile: undefined,
          password: PASSWORD,
        });
        expect(await say(await open(connection), "echo in")).toBe("in\n");
        asking.stop();
      });

      test("take the agent's keys, also for a key file with a passphrase", async () => {
        const agent = spawn("ssh-agent", ["-D", "-a", join(sshd.folder, "agent")], {
          stdio: "ignore",
        });
        const environment = { ...process.env, SSH_AUTH_SOCK: join(sshd.folder, "agent") };
        await expect
          .poll(() => statSync(environment.SSH_AUTH_SOCK, { throwIfNoEntry: false })?.isSocket())
          .toBe(true);
        execFileSync("ssh-add", ["-q", sshd.keyFile], { env: environment, stdio: "ignore" });
        const locked = join(sshd.folder, "locked");
        copyFileSync(sshd.keyFile, locked);
        execFileSync("ssh-keygen", ["-q", "-p", "-N", "a passphrase", "-f", locked]);
        expect(await failure(login("hwt-dash", { privateKeyFile: locked }))).toEqual({
          kind: "auth",
          text: expect.stringContaining("ssh-add"),
        });
        const before = process.env["SSH_AUTH_SOCK"];
        process.env["SSH_AUTH_SOCK"] = environment.SSH_AUTH_SOCK;
        for (const privateKeyFile of [undefined, locked])
          expect(await say(await login("hwt-dash", { privateKeyFile }), "echo in")).toBe("in\n");
        if (before === undefined) delete process.env["SSH_AUTH_SOCK"];
        else process.env["SSH_AUTH_SOCK"] = before;
        agent.kill();
      });

      test("into a login shell that runs nothing say what it said", async () => {
        const session = await login("hwt-nologin");
        expect(await failure(session.run("true"))).toEqual({
          kind: "protocol",
          text: expect.stringContaining("not available"),
        });
      });

      test("that sshd has no room for at first are tried again", async () => {
        const proxy = await startProxy(sshd.port, { hangUps: 2 });
        const session = await login("hwt-dash", {
          port: proxy.port,
          acceptNew: true,
          knownHostsFiles: [join(sshd.folder, "crowd")],
        });
        expect([await say(session, "echo in"), proxy.connections]).toEqual(["in\n", 3]);
        proxy.stop();
      });

      test("nobody listens: refused", async () => {
        expect((await failure(login("hwt-dash", { port: await freePort() }))).kind).toBe("refused");
      });

      test("no such name: dns", async () => {
        expect((await failure(login("hwt-dash", { host: "no-such-host.invalid" }))).kind).toBe(
          "dns",
        );
      });

      test.each<[what: string, greeting: string, kind: string, timeoutMs: number]>([
        ["nothing", "", "timeout", 300],
        ["HTTP, and waits for more", "HTTP/1.1 400 Bad Request\r\n\r\n<html>", "timeout", 300],
        ["noise without end", "x".repeat(100_000), "protocol", 30_000],
        ["SSH and then garbage", `SSH-2.0-garbage\r\n${"\xff".repeat(500)}`, "protocol", 30_000],
      ])("somebody listens who says %s", async (_what, greeting, kind, timeoutMs) => {
        const server = createServer(
          (socket) => void socket.on("error", () => undefined).write(greeting, "latin1"),
        );
        const port = await freePort();
        await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
        expect((await failure(login("hwt-dash", { port, timeoutMs }))).kind).toBe(kind);
        server.close();
      });
    });

    describe("host keys", () => {
      const knownAs = (name: string, text: string): Partial<Connection> => {
        const file = join(sshd.folder, name);
        writeFileSync(file, text);
        return { knownHostsFiles: [file] };
      };

      test("that are unknown are refused with fingerprint, and a hint on how to make them known", async () => {
        const known = knownAs("empty", "");
        const refused = await failure(login("hwt-dash", known));
        expect(refused.kind).toBe("hostkey-unknown");
        const shown = execFileSync("ssh-keygen", ["-lf", sshd.hostKeyFile], {
          encoding: "utf8",
        }).split(" ")[1];
        const remember = `run with --accept-new, or: ssh-keyscan -p ${sshd.port} 127.0.0.1 >> '${known.knownHostsFiles![0]}'`;
        for (const part of [shown, `[127.0.0.1]:${sshd.port}`, remember])
          expect(refused.text).toContain(part);
      });

      test("that are new are remembered when they may be", async () => {
        const known = knownAs("learned", "");
        await login("hwt-dash", { ...known, acceptNew: true });
        expect(await say(await login("hwt-dash", known), "echo known")).toBe("known\n");
      });

      test("that have changed are refused, also when new ones are accepted, with both fingerprints, the line and a hint", async () => {
        const other = makeKey(sshd.folder, "other_host");
        const known = knownAs(
          "changed",
          `# first line\n[127.0.0.1]:${sshd.port} ${publicKey(other)}\n`,
        );
        const refused = await failure(login("hwt-dash", { ...known, acceptNew: true }));
        expect(refused.kind).toBe("hostkey-changed");
        const fingerprints = [other, sshd.hostKeyFile].map(
          (file) => execFileSync("ssh-keygen", ["-lf", file], { encoding: "utf8" }).split(" ")[1],
        );
        for (const part of [
          ...fingerprints,
          "changed:2",
          "ssh-keygen -f",
          `-R '[127.0.0.1]:${sshd.port}'`,
        ])
          expect(refused.text).toContain(part);
      });

      test("that were revoked are refused", async () => {
        const text = `[127.0.0.1]:${sshd.port} ${publicKey(sshd.hostKeyFile)}\n@revoked * ${publicKey(sshd.hostKeyFile)}\n`;
        expect(await failure(login("hwt-dash", knownAs("revoked", text)))).toEqual({
          kind: "hostkey-changed",
          text: expect.stringContaining("revoked"),
        });
      });

      test("are found under hashed names", async () => {
        const known = knownAs("hashed", readFileSync(sshd.knownHosts, "utf8"));
        execFileSync("ssh-keygen", ["-q", "-H", "-f", known.knownHostsFiles?.[0] ?? ""], {
          stdio: "ignore",
        });
        expect(await say(await login("hwt-dash", known), "echo known")).toBe("known\n");
      });

      test("of the known type are asked for, though the host has others that we like better", async () => {
        const rsa = makeKey(sshd.folder, "host_rsa", "-t", "rsa");
        const both = await startSshd([`HostKey ${rsa}`]);
        const known = knownAs("rsa", `[127.0.0.1]:${both.port} ${publicKey(rsa)}\n`);
        expect(await say(await open(both.connection("hwt-dash", known)), "echo known")).toBe(
          "known\n",
        );
        both.stop();
      });

      test("of a host known by its authority alone are left to the system's ssh, which refuses them without a certificate", async () => {
        const refused = await failure(
          login(
            "hwt-dash",
            knownAs("authority", `@cert-authority * ${publicKey(sshd.hostKeyFile)}\n`),
          ),
        );
        expect(refused).toEqual({
          kind: "hostkey-unknown",
          text: expect.stringContaining("Host key verification failed"),
        });
      });
    });
  },
);
