import { createRequire } from "node:module";
import { setTimeout as wait } from "node:timers/promises";
import type { Job, Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { InputError, UnplacedError } from "../errors.ts";
import { Names } from "./protocol.ts";
import { fingerprint, type QueueKey } from "./seal.ts";

/**
 * How long it takes until a worker that has died is noticed: its lock on a share is no more
 * renewed. In milliseconds.
 */
const LOCK_MS = 10_000;

/** How long a queue that does not answer is waited for when it is left, in milliseconds. */
const LEAVE_MS = 3_000;

/** A queue that does not answer a ping in this time is taken to be away, in milliseconds. */
const ANSWER_MS = 2_000;

/** The queue, below the names that its key has. */
const QUEUE = "shares";

/** The content of a job in the queue: which share, in plain text; the share itself, sealed. */
export interface JobData {
  run: string;
  number: number;
  sealed: string;
}

/** The broker between a coordinator and its workers: Redis or Valkey, through BullMQ. */
export interface Broker {
  redis: Redis;
  names: Names;
  queue(): Queue<JobData>;
  worker(process: (job: Job<JobData>) => Promise<void>, concurrency: number): Worker<JobData>;
  /** Whether the queue answers, in a time in which one that is there does. */
  answers(): Promise<boolean>;
  /**
   * Leaves the queue. One that is away is not waited for, though BullMQ goes on trying to reach it.
   */
  close(): Promise<void>;
}

// Connects to the broker. Throws InputError where it cannot be reached, or where the
// packages are not installed.
export async function openBroker(url: string, key: QueueKey): Promise<Broker> {
  checkUrl(url);
  const { bullmq, ioredis } = loadPackages();
  const open: Closable[] = [];
  const redis = new ioredis.Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 200, 2000),
  });
  let last: Error | undefined;
  redis.on("error", (error: Error) => {
    last = error;
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    const why = last ?? (error as Error);
    throw new InputError(`the queue ${shownUrl(url)} cannot be reached: ${why.message}`);
  }
  const opened = <T extends Closable & { on(event: "error", hear: () => void): T }>(made: T): T => {
    // what fails is tried again by BullMQ itself; without a listener it would end the program
    made.on("error", () => undefined);
    open.push(made);
    return made;
  };
  const names = new Names(fingerprint(key));
  const options = { connection: { url, maxRetriesPerRequest: null }, prefix: names.prefix };
  return {
    redis,
    names,
    queue: () => opened(new bullmq.Queue<JobData>(QUEUE, options)),
    worker: (process, concurrency) =>
      opened(
        new bullmq.Worker<JobData>(QUEUE, process, {
          ...options,
          concurrency,
          lockDuration: LOCK_MS,
          stalledInterval: LOCK_MS / 2,
          maxStalledCount: 100,
        }),
      ),
    answers: async () =>
      (await inTime(
        redis.ping().catch(() => undefined),
        ANSWER_MS,
      )) !== undefined,
    close: async () => {
      await inTime(leave(open.reverse()), LEAVE_MS);
      redis.disconnect();
    },
  };
}

/** A part of BullMQ that is connected to the queue. */
interface Closable {
  close(): Promise<unknown>;
}

async function leave(open: readonly Closable[]): Promise<void> {
  for (const one of open) await one.close();
}

// Waits for something, but no longer than so many milliseconds; undefined: it took longer.
async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const done = new AbortController();
  const late = wait(milliseconds, undefined, { signal: done.signal }).catch(() => undefined);
  return Promise.race([work, late]).finally(() => done.abort());
}

// The packages are the user's own: nothing of them is loaded or needed where no queue is used.
function loadPackages(): { bullmq: typeof import("bullmq"); ioredis: typeof import("ioredis") } {
  const require = createRequire(import.meta.url);
  try {
    return {
      bullmq: require("bullmq") as typeof import("bullmq"),
      ioredis: require("ioredis") as typeof import("ioredis"),
    };
  } catch (error) {
    throw new UnplacedError(
      `a queue needs the packages bullmq and ioredis: ${(error as Error).message.split("\n")[0]!}`,
      "npm install -g bullmq@6 ioredis@5, where hullwright was installed with -g",
    );
  }
}

function checkUrl(url: string): void {
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: "" };
  if (protocol !== "redis:" && protocol !== "rediss:")
    throw new UnplacedError(
      `"${shownUrl(url)}" is not the address of a queue`,
      "write it as redis://HOST:PORT, or rediss:// for TLS; a login comes before the host: redis://USER:PASSWORD@HOST",
    );
}

// The address without its password.
export function shownUrl(url: string): string {
  return url.replace(/:[^:@/]*@/, ":***@");
}
