import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";

/** A Redis of a test's own on this machine. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Ends it as a power cut would, and starts it again at once, with what it kept on disk. */
  crash(): Promise<void>;
  stop(): Promise<void>;
  /** It takes part no more, and nobody is told: its connections stay. */
  freeze(): void;
}

// Starts a Redis whose files are in a directory; it writes each command to disk where `persistent`, else nothing.
export async function startRedis(directory: string, persistent = false): Promise<TestRedis> {
  const port = await freePort();
  const start = async (): Promise<ChildProcess> => {
    const kept = persistent ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--save", ""];
    const child = spawn(
      "redis-server",
      ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, ...kept],
      { stdio: "ignore" },
    );
    await untilOpen(port);
    return child;
  };
  let child = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async crash() {
      await ended(child, "SIGKILL");
      child = await start();
    },
    async stop() {
      child.kill("SIGCONT");
      await ended(child, "SIGTERM");
    },
    freeze: () => void child.kill("SIGSTOP"),
  };
}

// A port of this machine that is free now.
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilOpen(port: number): Promise<void> {
  const { Redis } = await import("ioredis");
  const redis = new Redis(port, { retryStrategy: () => 100, maxRetriesPerRequest: null });
  redis.on("error", () => undefined);
  await redis.ping();
  redis.disconnect();
}

// Ends a process, if it has not ended, and waits for it.
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once("close", resolve));
  child.kill(signal);
  await over;
}
