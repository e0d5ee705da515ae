import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { connect, isIP } from "node:net";
import { homedir } from "node:os";
import { Duplex } from "node:stream";
import type { Client } from "ssh2";
import { UnreachableError } from "../../errors.ts";
import { patience } from "../patience.ts";
import type { Connection } from "../transport.ts";
import { jumpFailure } from "./jump-failure.ts";
import { configValue } from "./config/config.ts";
import { defined } from "../../defined.ts";

/** How bytes get to a host's sshd. */
export interface Ways {
  /** The login on a jump host, shared by all hosts behind it. */
  jump(jump: string, behind: Connection): Promise<Jump>;
}

/**
 * A login on a host in between; a command instead, where only the system's ssh can log in there.
 */
export type Jump =
  { client: Client; label: string } | { command: (host: string, port: number) => string[] };

// Opens the way to a host: directly, through the hosts in between, or by the program
// that the configuration names.
export async function openWay(connection: Connection, ways: Ways): Promise<Duplex> {
  const { config, host, port } = connection;
  const command = config && configValue(config, "proxycommand");
  if (command !== undefined)
    return throughProgram([
      process.env["SHELL"] || "/bin/sh",
      "-c",
      `exec ${withTokens(command, connection)}`,
    ]);
  const jump = jumpOf(connection);
  if (jump === undefined) return direct(connection);
  const between = await ways.jump(jump, connection);
  return "client" in between
    ? forwarded(between, host, port, connection.timeoutMs)
    : throughProgram(between.command(host, port));
}

// The hosts in between, where no program carries the connection.
export function jumpOf({ config }: Connection): string | undefined {
  if (!config || configValue(config, "proxycommand") !== undefined) return undefined;
  return configValue(config, "proxyjump");
}

// Whether nothing but a socket of this machine leads to a host: no host in between, and no program.
export function isDirect({ config }: Connection): boolean {
  const said = (key: string): boolean =>
    config !== undefined && configValue(config, key) !== undefined;
  return !said("proxycommand") && !said("proxyjump");
}

/** How long a connection may wait before the login; hosts end those that wait for long. */
export const HELD_MS = 10_000;

/** A connection that was begun before its login; it serves for one try. */
export interface HeadStart {
  /** Undefined: it was taken, or has ended, or has waited for too long. */
  take(): Duplex | undefined;
  /** Ends it, unless it was taken. */
  end(): void;
}

// Begins a direct connection, so that the host is at work on it while keys are read here. What goes
// wrong with it, the login meets again.
export async function headStart(connection: Connection): Promise<HeadStart> {
  let socket: Duplex | undefined = direct(connection).on("error", () => undefined);
  const begun = performance.now();
  const take = (): Duplex | undefined => {
    const taken = socket;
    socket = undefined;
    const isFresh = taken?.destroyed === false && performance.now() - begun < HELD_MS;
    if (!isFresh) taken?.destroy();
    return isFresh ? taken : undefined;
  };
  // Node asks the system to connect once the program has nothing else to do
  await new Promise((resolve) => setImmediate(resolve));
  return { take, end: () => void take()?.destroy() };
}

// A socket of this machine; ssh2 waits until it is connected.
function direct({ host, port, config }: Connection): Duplex {
  const families: Record<string, number> = { inet: 4, inet6: 6 };
  const family = families[(config && configValue(config, "addressfamily")) ?? ""] ?? 0;
  if (family !== 0 && isIP(host) !== 0 && isIP(host) !== family) {
    throw new UnreachableError(
      "dns",
      `${host} is no IPv${family} address, which AddressFamily asks for`,
      "check AddressFamily and HostName of ssh's configuration",
    );
  }
  const localAddress = config && configValue(config, "bindaddress");
  return connect({
    host,
    port,
    family,
    autoSelectFamily: true,
    noDelay: true,
    ...defined({ localAddress }),
  });
}

// A channel through a jump host. If the host behind it does not answer, the jump host says so.
function forwarded(
  { client, label }: { client: Client; label: string },
  host: string,
  port: number,
  timeoutMs: number,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    // the jump host itself waits much longer for a machine that does not answer
    let isLate = false;
    const limit = patience(timeoutMs, () => {
      isLate = true;
      refused(new Error(`no answer in ${String(timeoutMs / 1000)} s`));
    });
    const refused = (error: Error): void => {
      reject(jumpFailure(label, `${host} port ${port}`, error.message));
    };
    try {
      client.forwardOut("127.0.0.1", 0, host, port, (error, stream) => {
        limit.end();
        if (error) return refused(error);
        // settled already if the time is over; then nobody wants the channel any more
        resolve(stream);
        if (isLate) stream.destroy();
      });
    } catch (error) {
      limit.end();
      refused(error as Error);
    }
  });
}

/** How long a program may take to end after its output has, and to say why. */
const LAST_WORDS_MS = 500;

// The streams of a program as one. It gets a session of its own, so that Ctrl-C in our
// terminal only reaches us. Where it fails, the stream ends with its last words.
function throughProgram([program = "", ...words]: string[]): Duplex {
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"], detached: true });
  const { stdin, stdout } = child;
  const stream = new Duplex({
    read: () => void stdout.resume(),
    write: (bytes, _encoding, done) => void stdin.write(bytes, () => done()),
    final: (done) => void stdin.end(done),
  });
  stdin.on("error", () => undefined);
  stdout.on("data", (bytes: Buffer) => {
    if (!stream.push(bytes)) stdout.pause();
  });
  endWith(stream, child);
  stream.on("close", () => child.kill());
  return stream;
}

// Ends a stream when its program has ended, or its output has.
function endWith(stream: Duplex, child: ChildProcessWithoutNullStreams): void {
  let said = "";
  child.stderr.on(
    "data",
    (bytes: Buffer) => (said = `${said}${bytes.toString("utf8")}`.slice(-2000)),
  );
  const failed = (why: string): void =>
    void stream.destroy(
      new ProxyError(`the proxy command failed: ${said.trim().split("\n").at(-1) || why}`),
    );
  const end = (): void => {
    const { exitCode, signalCode } = child;
    if (stream.destroyed) return;
    if (signalCode === null && (exitCode ?? 0) === 0) stream.push(null);
    else failed(`it ended with ${signalCode ?? `code ${exitCode}`}`);
  };
  child.stdout.once("end", () => setTimeout(end, LAST_WORDS_MS).unref());
  child.on("error", (error) => failed(error.message));
  child.on("close", end);
}

/** The program that carries the connection ended. */
export class ProxyError extends Error {}

// What ssh puts for the tokens of a ProxyCommand.
function withTokens(command: string, { host, port, user, config }: Connection): string {
  const values: Record<string, string> = {
    "%": "%",
    h: host,
    p: String(port),
    r: user,
    n: config?.question.destination ?? host,
    d: homedir(),
    u: process.env["USER"] ?? "",
  };
  return command.replace(/%(.)/g, (all, token: string) => values[token] ?? all);
}
