/** Hosts that misbehave: servers of this process, one for each kind, with a real shell behind those that get so far. */
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server as NetServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defined } from "../../src/defined.ts";
import ssh2, { type Connection as Peer, type ServerChannel } from "ssh2";

/** What a terminal takes as a command, and what turns the direction of text. */
export const ESCAPES = "\x1b]0;owned\x07\x1b[2J\x1b[31m\u009b31m\u202e";
const ENDLESS = Buffer.alloc(64 * 1024, "x");
/** Whom the real shells run as. */
const NOBODY = 65534;
const LINES = Buffer.from("a line of noise\n".repeat(4096));

/** Takes what the real shell prints on stdout, and says what the host sends in its place. */
type Tamper = (chunk: Buffer, told: Told) => Buffer | string;

/** What a host that tampers with answers knows and can do. */
interface Told {
  stream: ServerChannel;
  socket: Socket;
  shell: ChildProcess;
  /** What it has been sent so far. */
  sent: string;
  /** How many programs that is. */
  programs: number;
  /** It is in the midst of changes. */
  isChanging: boolean;
  memory: Map<string, unknown>;
  /** Of an answer that is not whole yet. */
  held: string;
  /** The shell has said that it runs. */
  isReady: boolean;
  /** What ends the answer that was last. */
  nonce: string;
}

/** A kind of host: what it does with a bare connection, a login, a session, a command, or the output of a real shell. */
export interface Kind {
  socket?: (socket: Socket) => void;
  login?: (peer: Peer, context: ssh2.AuthContext) => void;
  ready?: (peer: Peer, socket: Socket) => void;
  session?: (accept: () => ssh2.Session, reject: () => void) => void;
  command?: (stream: ServerChannel, command: string, accept: () => ServerChannel) => void;
  exec?: (accept: () => ServerChannel, reject: () => void) => void;
  stdout?: Tamper;
  stderr?: Tamper;
  banner?: string;
}

/** Sends for as long as anybody takes it. */
function endless(
  stream: {
    write(bytes: Buffer): boolean;
    once(event: "drain", then: () => void): unknown;
    destroyed: boolean;
  },
  bytes = ENDLESS,
): void {
  const more = (): void => {
    while (!stream.destroyed && stream.write(bytes));
    if (!stream.destroyed) stream.once("drain", more);
  };
  more();
}

/** Sends a little from time to time. */
function dripping(send: () => void): void {
  const timer = setInterval(send, 500);
  timer.unref();
}

const keyOf = (command: string): string => /echo "([0-9a-f]{32}) /.exec(command)?.[1] ?? "";
const nonceOf = ({ nonce }: Told): string => nonce;
const ready = (stream: ServerChannel, command: string, pid: string): void => {
  stream.write(`${keyOf(command)} ${pid}\n`);
  stream.stderr.write(`${keyOf(command)} ${pid}\n`);
};
// Only whole answers, up to the mark at their end; what the shell says before them goes by.
const onAnswers =
  (tamper: Tamper): Tamper =>
  (chunk, told) => {
    let text = told.held + chunk.toString("latin1");
    const ready = told.isReady ? "" : (/^[0-9a-f]{32} \d+\n/.exec(text)?.[0] ?? "");
    told.isReady ||= ready !== "";
    text = text.slice(ready.length);
    const end = /([0-9a-f]{32}) \d+\n$/.exec(text)?.[1];
    const isWhole = end !== undefined && told.sent.includes(` ${end}`);
    told.held = isWhole ? "" : text;
    if (!isWhole) return ready;
    told.nonce = end;
    const now = tamper(Buffer.from(text, "latin1"), told);
    return Buffer.from(ready + (typeof now === "string" ? now : now.toString("latin1")), "latin1");
  };
const onChanges = (tamper: Tamper): Tamper =>
  onAnswers((answer, told) => (told.isChanging ? tamper(answer, told) : answer));

/** Kinds, and one reason that is told of each; none: it is as good as a good host. */
export const KINDS: readonly (readonly [what: string, kind: Kind, reason: RegExp | undefined])[] = [
  // before SSH
  ["accepts and is silent", { socket: () => undefined }, /within 15 s/],
  ["accepts and closes", { socket: (socket) => socket.end() }, /closed the connection/],
  [
    "resets the connection",
    { socket: (socket) => socket.resetAndDestroy() },
    /closed the connection|broke/,
  ],
  ["drips its greeting", { socket: (socket) => dripping(() => socket.write("x")) }, /within 15 s/],
  [
    "drips lines before its greeting",
    { socket: (socket) => dripping(() => socket.write("x\n")) },
    /within 15 s/,
  ],
  [
    "greets without end",
    { socket: (socket) => endless(socket, LINES) },
    /SSH server|within 15 s|broke/,
  ],
  [
    "greets with an endless line",
    { socket: (socket) => endless(socket) },
    /SSH server|within 15 s|broke/,
  ],
  [
    "greets with escapes",
    { socket: (socket) => socket.end(`SSH-1.5-${ESCAPES}\r\n`) },
    /SSH server/,
  ],
  [
    "is a web server",
    { socket: (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n") },
    /SSH server|closed the connection/,
  ],
  ["greets and is silent", { socket: (socket) => socket.write("SSH-2.0-x\r\n") }, /within 15 s/],
  [
    "greets and closes",
    { socket: (socket) => socket.end("SSH-2.0-x\r\n") },
    /SSH server|closed the connection|broke/,
  ],
  [
    "greets and sends garbage",
    {
      socket: (socket) =>
        socket.write(Buffer.concat([Buffer.from("SSH-2.0-x\r\n"), Buffer.alloc(4096, 0xa5)])),
    },
    /SSH server/,
  ],
  [
    "greets and sends a packet of 4 GB",
    {
      socket: (socket) =>
        socket.write(Buffer.concat([Buffer.from("SSH-2.0-x\r\n"), Buffer.alloc(8, 0xff)])),
    },
    /SSH server/,
  ],
  // login
  ["refuses the login", { login: (_peer, context) => context.reject() }, /refused the login/],
  [
    "refuses it with escapes in the methods",
    { login: (_peer, context) => context.reject([`${ESCAPES}password` as "password"]) },
    /refused the login/,
  ],
  [
    "accepts in part for ever",
    { login: (_peer, context) => context.reject(["publickey"], true) },
    /refused the login/,
  ],
  ["closes during the login", { login: (peer) => peer.end() }, /refused the login|closed/],
  ["shows a banner with escapes", { banner: `${ESCAPES}\n`.repeat(100) }, undefined],
  [
    "is lost after the login",
    { ready: (_peer, socket) => socket.destroy() },
    /lost|ended|closed|No response/,
  ],
  [
    "opens channels of its own",
    {
      ready: (peer) => {
        peer.openssh_forwardOutStreamLocal("/x", () => undefined);
        peer.forwardOut("a", 1, "b", 2, () => undefined);
        peer.x11("a", 1, () => undefined);
      },
    },
    undefined,
  ],
  // sessions and commands
  ["refuses sessions", { session: (_accept, reject) => reject() }, /channel|session|open/i],
  ["never answers a session", { session: () => undefined }, /never started|within|printed nothing/],
  ["refuses commands", { exec: (_accept, reject) => reject() }, /exec|command/i],
  ["never answers a command", { exec: () => undefined }, /never started|within|printed nothing/],
  ["runs nothing", { command: (_stream, _command, accept) => void accept() }, /printed nothing/],
  [
    "ends at once",
    {
      command: (stream) => {
        stream.exit(0);
        stream.end();
      },
    },
    /did not start \/bin\/sh/,
  ],
  [
    "ends with escapes",
    {
      command: (stream) => {
        stream.stderr.write(`go away ${ESCAPES}\n`);
        stream.exit(255);
        stream.end();
      },
    },
    /did not start \/bin\/sh.*go away/,
  ],
  [
    "ends by a signal",
    {
      command: (stream) => {
        stream.exit("SEGV", true, ESCAPES);
        stream.end();
      },
    },
    /did not start \/bin\/sh/,
  ],
  ["prints without end", { command: (stream) => endless(stream) }, /never started/],
  ["complains without end", { command: (stream) => endless(stream.stderr) }, /never started/],
  [
    "prints on both without end",
    {
      command: (stream) => {
        endless(stream, LINES);
        endless(stream.stderr, LINES);
      },
    },
    /never started/,
  ],
  ["drips noise", { command: (stream) => dripping(() => stream.write(".")) }, /never started.*\./],
  [
    "echoes",
    { command: (stream) => void stream.on("data", (chunk: Buffer) => stream.write(chunk)) },
    /never started/,
  ],
  [
    "says that it is ready, and is silent",
    { command: (stream, command) => ready(stream, command, "12") },
    /sent nothing for/,
  ],
  [
    "says so with nonsense",
    { command: (stream, command) => ready(stream, command, `-1 ${ESCAPES}`) },
    /sent nothing for/,
  ],
  [
    "is ready and echoes",
    {
      command: (stream, command) => {
        ready(stream, command, "12");
        stream.on("data", (chunk: Buffer) => stream.write(chunk));
      },
    },
    /no sign of life|no shell sends|too much|sent nothing/,
  ],
  [
    "is ready and prints without end",
    {
      command: (stream, command) => {
        ready(stream, command, "12");
        stream.resume();
        endless(stream);
      },
    },
    /sent too much/,
  ],
  [
    "is ready and complains without end",
    {
      command: (stream, command) => {
        ready(stream, command, "12");
        stream.resume();
        endless(stream.stderr);
      },
    },
    /sent too much/,
  ],
  [
    "is ready and drips",
    {
      command: (stream, command) => {
        ready(stream, command, "12");
        stream.resume();
        dripping(() => stream.write("x"));
      },
    },
    /no sign of life .* though it sent data/,
  ],
  // answers
  ["shifts its answers", { stdout: onAnswers((chunk) => `${chunk.toString()}more\n`) }, undefined],
  [
    "answers garbage",
    { stdout: onAnswers((_chunk, told) => `\0\xff${ESCAPES}{[}\n${nonceOf(told)} 0\n`) },
    /answer/,
  ],
  ["answers nothing", { stdout: onAnswers((_chunk, told) => `${nonceOf(told)} 0\n`) }, /answer/],
  [
    "answers half",
    {
      stdout: onAnswers(
        (chunk, told) =>
          `${chunk.toString("latin1").slice(0, chunk.length / 2)}\n${nonceOf(told)} 0\n`,
      ),
    },
    /answer/,
  ],
  [
    "answers with wrong numbers",
    {
      stdout: onAnswers((chunk) =>
        chunk
          .toString("latin1")
          .replace(/\d/g, "9")
          .replace(/^([0-9a-f]{32}) 9$/m, "$1 0"),
      ),
    },
    /answer|sent|sign of life/,
  ],
  ["answers twice", { stdout: onAnswers((chunk) => Buffer.concat([chunk, chunk])) }, undefined],
  [
    "answers the first again",
    {
      stdout: onAnswers((chunk, told) => {
        const first = (told.memory.get("first") ?? chunk.toString("latin1")) as string;
        told.memory.set("first", first);
        return first.replace(/[0-9a-f]{32} 0\n$/, `${nonceOf(told)} 0\n`);
      }),
    },
    /answer|sign of life/,
  ],
  [
    "ends with no code",
    { stdout: onAnswers((_chunk, told) => `${nonceOf(told)} ${ESCAPES}\n`) },
    /no shell sends/,
  ],
  [
    "ends with two codes",
    { stdout: onAnswers((chunk) => chunk.toString("latin1").replace(/ 0\n$/, " 7\n")) },
    /no shell sends/,
  ],
  [
    "exits in the middle",
    {
      stdout: onAnswers((chunk, { stream }) => {
        stream.write(chunk.subarray(0, 100));
        stream.exit(3);
        stream.end();
        return "";
      }),
    },
    /ended before it answered|lost|did not start/,
  ],
  [
    "is cut in the middle",
    {
      stdout: onAnswers((_chunk, { socket }) => {
        socket.destroy();
        return "";
      }),
    },
    /lost/,
  ],
  [
    "stops in the middle",
    {
      stdout: onAnswers((chunk, { shell }) => {
        shell.kill("SIGSTOP");
        shell.stderr?.destroy();
        return chunk.subarray(0, 10);
      }),
    },
    /sign of life|did not finish|sent nothing/,
  ],
  [
    "has escapes in its answers",
    {
      stdout: onAnswers((chunk) =>
        chunk.toString("latin1").replaceAll("Debian", ESCAPES).replaceAll("linux", ESCAPES),
      ),
    },
    undefined,
  ],
  [
    "adds escapes to complaints",
    {
      stderr: (chunk, { programs }) =>
        programs > 0 ? Buffer.concat([Buffer.from(`${ESCAPES}\n`), chunk]) : chunk,
    },
    undefined,
  ],
  // changes
  [
    "is cut while it changes",
    {
      stdout: onChanges((_chunk, { socket }) => {
        socket.destroy();
        return "";
      }),
    },
    /lost/,
  ],
  [
    "exits while it changes",
    {
      stdout: onChanges((_chunk, { stream }) => {
        stream.exit(9);
        stream.end();
        return "";
      }),
    },
    /ended before it answered|lost|did not start/,
  ],
  [
    "prints without end while it changes",
    {
      stdout: onChanges((_chunk, { stream }) => {
        endless(stream);
        return "";
      }),
    },
    /sent too much/,
  ],
  [
    "says garbage of its changes",
    { stdout: onChanges((_chunk, told) => `${ESCAPES}\x00 \xff 12 changed\n${nonceOf(told)} 0\n`) },
    /answer about the changes that cannot be parsed/,
  ],
  [
    "says nothing of its changes",
    { stdout: onChanges((_chunk, told) => `${nonceOf(told)} 0\n`) },
    /answer about the changes that cannot be parsed/,
  ],
  [
    "prints escapes in its changes",
    { stdout: onChanges((chunk) => chunk.toString("latin1").replaceAll("said", `${ESCAPES}said`)) },
    undefined,
  ],
];

// What a kind of host is called in an inventory.
export function nameOf(what: string): string {
  return what.replaceAll(/[ ,]+/g, "-");
}

/** Servers for all kinds, on loopback. */
export class HostileHosts {
  readonly folder = mkdtempSync(join(tmpdir(), "hullwright-hostile-"));
  readonly ports = new Map<string, number>();
  readonly #servers: { close(): unknown }[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #children = new Set<ChildProcess>();
  readonly #key = ssh2.utils.generateKeyPairSync("ed25519");
  readonly keyFile = join(this.folder, "key");
  readonly knownHosts = join(this.folder, "known_hosts");

  async start(): Promise<void> {
    chmodSync(this.folder, 0o711);
    writeFileSync(this.keyFile, ssh2.utils.generateKeyPairSync("ed25519").private, { mode: 0o600 });
    for (const [what, kind] of KINDS) {
      this.ports.set(what, await this.#serve(what, kind));
      this.ports.set(`good for ${what}`, await this.#serve(`good for ${what}`, {}));
    }
    const [type, blob] = this.#key.public.split(" ");
    writeFileSync(
      this.knownHosts,
      [...this.ports.values()].map((port) => `[127.0.0.1]:${port} ${type} ${blob}\n`).join(""),
    );
  }

  stop(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #serve(what: string, kind: Kind): Promise<number> {
    const ssh = new ssh2.Server(
      {
        hostKeys: [this.#key.private],
        ...defined({ banner: kind.banner }),
      },
      () => undefined,
    );
    const server: NetServer = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
      if (kind.socket) {
        socket.resume();
        return kind.socket(socket);
      }
      ssh.once("connection", (peer) => this.#greet(what, kind, peer, socket));
      ssh.injectSocket(socket);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  #greet(what: string, kind: Kind, peer: Peer, socket: Socket): void {
    peer.on("error", () => undefined);
    peer.on("authentication", (context) =>
      kind.login ? kind.login(peer, context) : context.accept(),
    );
    peer.on("ready", () => {
      kind.ready?.(peer, socket);
      peer.on("session", (accept, reject) => {
        if (kind.session) return kind.session(accept, reject);
        accept().on("exec", (take, refuse, { command }) => {
          if (kind.exec) return kind.exec(take, refuse);
          const stream = take();
          stream.on("error", () => undefined);
          stream.stderr.on("error", () => undefined);
          if (kind.command) return kind.command(stream, command, () => stream);
          this.#shell(what, kind, stream, socket, command);
        });
      });
    });
  }

  // A real shell whose output goes through the hands of the host.
  #shell(what: string, kind: Kind, stream: ServerChannel, socket: Socket, command: string): void {
    const home = join(this.folder, nameOf(what));
    mkdirSync(home, { recursive: true });
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownSync(home, NOBODY, NOBODY);
    const account = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    const shell = spawn("sh", ["-c", command], {
      cwd: "/",
      env: { PATH: process.env["PATH"], HOME: home, LANG: "C.UTF-8" },
      ...account,
    });
    this.#children.add(shell);
    const told: Told = {
      stream,
      socket,
      shell,
      sent: "",
      programs: 0,
      isChanging: false,
      memory: new Map(),
      held: "",
      isReady: false,
      nonce: "",
    };
    stream.on("data", (chunk: Buffer) => {
      told.sent += chunk.toString("latin1");
      told.programs = [...told.sent.matchAll(/^[0-9a-f]{32} \d+ [0-9a-f]{32}/gm)].length;
      told.isChanging ||= told.sent.includes("hw_journal");
      shell.stdin.write(chunk);
    });
    stream.on("close", () => shell.stdin.destroy());
    shell.stdin.on("error", () => undefined);
    shell.stdout.on("data", (chunk: Buffer) => {
      if (!stream.destroyed) stream.write(kind.stdout?.(chunk, told) ?? chunk);
    });
    shell.stderr.on("data", (chunk: Buffer) => {
      if (!stream.destroyed) stream.stderr.write(kind.stderr?.(chunk, told) ?? chunk);
    });
    shell.on("close", (code) => {
      this.#children.delete(shell);
      if (stream.destroyed) return;
      stream.exit(code ?? 1);
      stream.end();
    });
  }
}
