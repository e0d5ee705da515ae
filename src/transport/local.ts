import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accountName } from "./account.ts";
import { UnreachableError } from "../errors.ts";
import {
  LAST_WORDS_MS,
  type Channel,
  type Closing,
  type OpenChannel,
  type Sinks,
} from "./channel.ts";
import { ShellSession } from "./session.ts";
import type { Connection, Session } from "./transport.ts";

// This machine as a host: the same shells, as child processes.
export function openLocal(connection: Connection): Session {
  const user = accountName();
  return new ShellSession({
    open: openProcess,
    user,
    label: `${user}@${connection.name}`,
    shellMs: connection.shellMs,
    end: () => Promise.resolve(),
  });
}

// Starts a process on this machine.
export const openProcess: OpenChannel = async (argv: string[], sinks: Sinks): Promise<Channel> =>
  (await startProcess(argv, sinks)).channel;

/** A process on this machine, and its streams. */
export interface Started {
  channel: Channel;
  child: ChildProcess;
}

// Starts a child in a session of its own, so that Ctrl-C in our terminal only reaches us.
export async function startProcess(
  [command = "", ...args]: string[],
  sinks: Sinks,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Started> {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    env: environment,
  });
  const closed = processEnd(child);
  child.stdout.on("data", sinks.stdout);
  child.stderr.on("data", sinks.stderr);
  // A child that ended early shows in `closed`.
  child.stdin.on("error", () => undefined);
  await once(child, "spawn").catch((error: Error) => {
    throw new UnreachableError(
      "protocol",
      `cannot start ${command} on this machine: ${error.message}`,
    );
  });
  const channel: Channel = {
    closed,
    write: (bytes) =>
      Promise.race([
        new Promise<void>((resolve) => child.stdin.write(bytes, () => resolve())),
        closed.then(() => undefined),
      ]),
    close() {
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
    },
  };
  return { channel, child };
}

// Resolves when the child has ended and its output is read, as far as others do not hold it open.
function processEnd(child: ChildProcess): Promise<Closing> {
  return new Promise((resolve) => {
    const end = (code: number | null, signal: string | null): void =>
      resolve({ code: code ?? undefined, signal: signal ?? undefined });
    child.on("exit", (code, signal) => setTimeout(end, LAST_WORDS_MS, code, signal).unref());
    child.on("close", end);
    child.on("error", (error) => resolve({ lost: error.message }));
  });
}
