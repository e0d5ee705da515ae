import { setTimeout as wait } from "node:timers/promises";
import { InputError } from "../errors.ts";
import type { Broker } from "./broker.ts";
import type { Bundle } from "./bundle.ts";
import {
  ALIVE_SECONDS,
  KEPT_SECONDS,
  type HostResult,
  type SharePhase,
  type Share,
  type ShareError,
  type WorkerEvent,
} from "./protocol.ts";
import { hiddenName, seal, sealJson, unsealJson, type QueueKey } from "./seal.ts";

/** A run whose hosts workers do. */
export interface QueuedRun {
  broker: Broker;
  key: QueueKey;
  /** Its name; it is that of no other run. */
  name: string;
  version: string;
  bundle: Bundle;
  /** Hears what happens on the workers, as it happens. */
  hear(event: WorkerEvent): void;
  warn(message: string): void;
}

/** What workers made of one phase of a run. */
export interface WorkersAnswer {
  hosts: ReadonlyMap<string, HostResult>;
  /** Shares that could not be done at all: their hosts, and why. */
  failed: readonly { hosts: readonly string[]; error: ShareError }[];
  /** What each share says about the files that it was made from. */
  files: readonly unknown[];
}

/** How long the coordinator waits for the next event before it looks around, in milliseconds. */
const BLOCK_MS = 500;
/** How often shares are looked for that will never end, in milliseconds. */
const LOOK_MS = 2_000;
/** How long a share may be missing from the queue before its worker's last word counts as lost, in milliseconds. */
const GRACE_MS = 5_000;

// Has workers do one phase of a run, and answers what came of it. `stop` is passed on to them, once or twice.
export async function distribute(
  run: QueuedRun,
  phase: SharePhase,
  shares: readonly { hosts: readonly string[]; task: unknown }[],
  stop: { soon: AbortSignal; now: AbortSignal },
): Promise<WorkersAnswer> {
  const { broker, key, name } = run;
  const queue = broker.queue();
  const alive = keepAlive(run);
  await sendBundle(run);
  const stopped = (times: 1 | 2) => (): void =>
    void broker.redis.set(broker.names.run(name, "stop"), times, "EX", KEPT_SECONDS);
  const [soon, now] = [stopped(1), stopped(2)];
  stop.soon.addEventListener("abort", soon, { once: true });
  stop.now.addEventListener("abort", now, { once: true });
  const offset = phase === "plan" ? 0 : 1_000_000;
  try {
    const jobs = shares.map(({ hosts, task }, index): Share => {
      const { version, bundle } = run;
      const number = offset + index;
      const expires = Date.now() + KEPT_SECONDS * 1000;
      return { run: name, number, phase, version, expires, bundle: bundle.digest, hosts, task };
    });
    const events = new Events(run);
    await queue.addBulk(
      jobs.map((share) => ({
        name: phase,
        data: {
          run: name,
          number: share.number,
          sealed: sealJson(key, `share ${name} ${share.number}`, share),
        },
        opts: { jobId: jobId(share), removeOnComplete: true, removeOnFail: { age: 3600 } },
      })),
    );
    if ((await queue.getWorkersCount()) === 0)
      run.warn("no worker with this key listens on the queue yet; the run begins when one does");
    return await gather(run, jobs, events, { queue, stop });
  } finally {
    stop.soon.removeEventListener("abort", soon);
    stop.now.removeEventListener("abort", now);
    alive.abort();
    await queue.close();
  }
}

function jobId({ run, number }: Share): string {
  return `${run}-${number}`;
}

// Shows workers that the coordinator is alive, until it is stopped.
function keepAlive({ broker, name }: QueuedRun): AbortController {
  const until = new AbortController();
  const beat = async (): Promise<void> => {
    while (!until.signal.aborted) {
      await broker.redis.set(broker.names.run(name, "alive"), 1, "EX", ALIVE_SECONDS);
      await wait((ALIVE_SECONDS / 5) * 1000, undefined, { signal: until.signal, ref: false }).catch(
        () => undefined,
      );
    }
  };
  void beat();
  return until;
}

// Stores the bundle where workers fetch it, unless the same one is already there.
async function sendBundle({ broker, key, bundle }: QueuedRun): Promise<void> {
  const name = broker.names.bundle(bundle.digest);
  if ((await broker.redis.expire(name, KEPT_SECONDS)) === 1) return;
  await broker.redis.set(name, seal(key, name, bundle.content), "EX", KEPT_SECONDS);
}

/** What happens on the workers of a run, in its order. */
class Events {
  private last = "$";
  private readonly run: QueuedRun;

  constructor(run: QueuedRun) {
    this.run = run;
    this.last = "0";
  }

  // Those that have come since, waiting a while for the first.
  async next(): Promise<WorkerEvent[]> {
    const { broker, key, name } = this.run;
    const stream = broker.names.run(name, "events");
    const read = await broker.redis.xread("BLOCK", BLOCK_MS, "STREAMS", stream, this.last);
    const entries = read?.[0]?.[1] ?? [];
    this.last = entries.at(-1)?.[0] ?? this.last;
    return entries.map(([, fields]) => unsealJson<WorkerEvent>(key, stream, fields[1]!));
  }
}

// Hears the workers until all shares have ended, in one way or another.
async function gather(
  run: QueuedRun,
  shares: readonly Share[],
  events: Events,
  { queue, stop }: { queue: ReturnType<Broker["queue"]>; stop: { soon: AbortSignal } },
): Promise<WorkersAnswer> {
  const open = new Map(shares.map((share) => [share.number, share]));
  const workers = new Map<number, string>();
  const failed: { hosts: readonly string[]; error: ShareError }[] = [];
  const files: unknown[] = [];
  const missing = new Map<number, number>();
  let looked = Date.now();
  const end = (number: number, error?: ShareError): void => {
    const share = open.get(number);
    if (share && error) failed.push({ hosts: share.hosts, error });
    open.delete(number);
  };
  while (open.size > 0) {
    for (const event of await events.next()) {
      if (!open.has(event.share)) continue;
      if (event.kind === "begun") {
        const before = workers.get(event.share);
        if (before !== undefined)
          run.warn(
            `the worker ${before} is gone; ${event.worker} takes over the hosts that it had`,
          );
        workers.set(event.share, event.worker);
      }
      run.hear(event);
      if (event.kind === "ended") {
        if (event.files !== undefined) files.push(event.files);
        end(event.share, event.error);
      }
    }
    // a share that nobody has started when the run is stopped is removed from the queue
    if (stop.soon.aborted)
      for (const share of [...open.values()].filter(({ number }) => !workers.has(number)))
        if (await withdraw(queue, share)) end(share.number);
    if (Date.now() - looked < LOOK_MS) continue;
    looked = Date.now();
    for (const share of open.values()) {
      const error = await lost(queue, share, missing);
      if (error) end(share.number, error);
    }
  }
  return { hosts: await results(run, shares), failed, files };
}

// Takes a share out of the queue; false: a worker has it by now.
async function withdraw(queue: ReturnType<Broker["queue"]>, share: Share): Promise<boolean> {
  try {
    return (await queue.remove(jobId(share))) === 1;
  } catch {
    return false;
  }
}

// Why a share will never end; undefined: it is waited for.
async function lost(
  queue: ReturnType<Broker["queue"]>,
  share: Share,
  missing: Map<number, number>,
): Promise<ShareError | undefined> {
  const job = await queue.getJob(jobId(share));
  if (job && (await job.isFailed())) return { message: `a worker failed: ${job.failedReason}` };
  if (job) {
    missing.delete(share.number);
    return undefined;
  }
  const since = missing.get(share.number) ?? Date.now();
  missing.set(share.number, since);
  return Date.now() - since > GRACE_MS
    ? { message: "the share is no longer in the queue, and nobody reported its result" }
    : undefined;
}

// What is known of each host.
async function results(
  { broker, key, name }: QueuedRun,
  shares: readonly Share[],
): Promise<ReadonlyMap<string, HostResult>> {
  const hash = broker.names.run(name, "done");
  const found = new Map<string, HostResult>();
  for (const { hosts, phase } of shares) {
    const sealed = await broker.redis.hmget(
      hash,
      ...hosts.map((host) => hiddenName(key, `${phase} ${host}`)),
    );
    for (const [index, text] of sealed.entries())
      if (text !== null) found.set(hosts[index]!, unsealJson<HostResult>(key, hash, text));
  }
  return found;
}

// A name for the queue's key file must be given: there is none that everybody has.
export function wantKeyFile(file: string | undefined): string {
  if (file !== undefined) return file;
  throw new InputError(
    "a queue needs a key that coordinators and workers share",
    undefined,
    "make one with hullwright worker --make-key FILE, bring it to all of them, and name it: --queue-key FILE",
  );
}
