import { setTimeout as wait } from "node:timers/promises";
import { UnplacedError } from "../errors.ts";
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
/**
 * How long a share may be missing from the queue before its worker's last word counts
 * as lost, in milliseconds.
 */
const GRACE_MS = 5_000;
/** How many results are fetched at once. */
const FETCHED_AT_ONCE = 500;

// Has workers do one phase of a run, and answers what came of it. `stop` is passed
// on to them, once or twice.
export async function distribute(
  run: QueuedRun,
  phase: SharePhase,
  shares: readonly { hosts: readonly string[]; task: unknown }[],
  stop: { soon: AbortSignal; now: AbortSignal },
): Promise<WorkersAnswer> {
  const { broker, key, name } = run;
  const queue = broker.queue();
  const alive = keepAlive(run);
  const watch = new QueueWatch(run, stop.now);
  const stopped = (times: 1 | 2) => (): void =>
    void broker.redis
      .set(broker.names.run(name, "stop"), times, "EX", KEPT_SECONDS)
      .catch(() => undefined);
  const [soon, now] = [stopped(1), stopped(2)];
  stop.soon.addEventListener("abort", soon, { once: true });
  stop.now.addEventListener("abort", now, { once: true });
  const offset = phase === "plan" ? 0 : 1_000_000;
  const gathered = async (): Promise<WorkersAnswer> => {
    await sendBundle(run);
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
    return gather(run, jobs, events, { queue, stop });
  };
  try {
    return await Promise.race([gathered(), watch.givenUp]);
  } finally {
    stop.soon.removeEventListener("abort", soon);
    stop.now.removeEventListener("abort", now);
    alive.abort();
    watch.end();
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
  // the connection ends before the last beat where the queue is away
  beat().catch(() => undefined);
  return until;
}

/** Watches whether the queue answers; the connection is made again by itself. */
class QueueWatch {
  /**
   * Fails with the reason of a stop that insists, once the queue does not
   * answer: nobody could hear of it.
   */
  readonly givenUp: Promise<never>;
  private readonly timer: NodeJS.Timeout;

  constructor({ broker, warn }: QueuedRun, now: AbortSignal) {
    let giveUp: (reason: unknown) => void = () => undefined;
    this.givenUp = new Promise((_, reject) => (giveUp = reject));
    this.givenUp.catch(() => undefined);
    let isAway = false;
    this.timer = setInterval(() => {
      const wasAway = isAway;
      isAway = broker.redis.status !== "ready";
      if (isAway && !wasAway)
        warn(
          "the queue does not answer: workers go on with what they have, and the run waits for it",
        );
      if (isAway && now.aborted) giveUp(now.reason);
    }, LOOK_MS);
  }

  end(): void {
    clearInterval(this.timer);
  }
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
  const workers = new Map<number, { name: string; attempt: number }>();
  const failed: { hosts: readonly string[]; error: ShareError }[] = [];
  const files: unknown[] = [];
  const found = new Map<string, HostResult>();
  const missing = new Map<number, number>();
  let looked = Date.now();
  const end = (number: number, error?: ShareError): void => {
    const share = open.get(number);
    if (share && error) failed.push({ hosts: share.hosts, error });
    open.delete(number);
  };
  while (open.size > 0) {
    const reported: string[] = [];
    for (const event of await events.next()) {
      const worker = workers.get(event.share);
      // a worker that was taken over from may still have said something
      if (!open.has(event.share) || event.attempt < (worker?.attempt ?? 0)) continue;
      if (event.kind === "begun") {
        if (worker && worker.attempt < event.attempt)
          run.warn(
            `the worker ${worker.name} is gone; ${event.worker} takes over the hosts that it had`,
          );
        workers.set(event.share, { name: event.worker, attempt: event.attempt });
      }
      if (event.kind === "result") reported.push(event.host);
      run.hear(event);
      if (event.kind === "ended") {
        if (event.files !== undefined) files.push(event.files);
        end(event.share, event.error);
      }
    }
    // at once, and not at the end: a queue that is not kept on disk may have lost them by then
    await fetchResults(run, shares[0]!.phase, reported, found);
    // a share that nobody has started when the run is stopped is removed from the queue
    if (stop.soon.aborted)
      for (const share of [...open.values()].filter(({ number }) => !workers.has(number)))
        if (await withdraw(queue, share)) end(share.number);
    if (Date.now() - looked < LOOK_MS) continue;
    looked = Date.now();
    for (const [share, failure] of await lostOf(run, queue, [...open.values()], missing))
      end(share.number, failure ?? lostError(workers.get(share.number)?.name));
  }
  const rest = shares.flatMap(({ hosts }) => hosts).filter((host) => !found.has(host));
  await fetchResults(run, shares[0]!.phase, rest, found);
  return { hosts: found, failed, files };
}

// Takes a share out of the queue; false: a worker has it by now.
async function withdraw(queue: ReturnType<Broker["queue"]>, share: Share): Promise<boolean> {
  try {
    return (await queue.remove(jobId(share))) === 1;
  } catch {
    return false;
  }
}

// The shares that will never end, with the reason if a worker gave one. A share is lost where the
// queue does not have it, and no worker has been seen at it for a while.
async function lostOf(
  { broker, name }: QueuedRun,
  queue: ReturnType<Broker["queue"]>,
  shares: readonly Share[],
  missing: Map<number, number>,
): Promise<[share: Share, error: ShareError | undefined][]> {
  const asked = broker.redis.pipeline();
  for (const share of shares) {
    asked.exists(queue.toKey(jobId(share)), broker.names.atWork(name, share.number));
    asked.zscore(queue.toKey("failed"), jobId(share));
  }
  const said = ((await asked.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
  const lost: [Share, ShareError | undefined][] = [];
  for (const [index, share] of shares.entries()) {
    const { number } = share;
    if (said[2 * index + 1] !== null) {
      const job = await queue.getJob(jobId(share));
      lost.push([share, { message: `a worker failed: ${job?.failedReason}` }]);
    } else if (Number(said[2 * index]) > 0) missing.delete(number);
    else {
      const since = missing.get(number) ?? Date.now();
      missing.set(number, since);
      if (Date.now() - since > GRACE_MS) lost.push([share, undefined]);
    }
  }
  return lost;
}

// What is said of a share that the queue has lost.
function lostError(worker: string | undefined): ShareError {
  const hint =
    "Redis keeps what it holds over a restart with `appendonly yes`; run again: what is done is not done twice";
  if (worker === undefined)
    return {
      message: "the queue has lost these hosts before a worker began with them; nothing was done",
      hint,
    };
  return {
    message: `the queue has lost these hosts while the worker ${worker} was at them, and no result came from it`,
    hint,
  };
}

// Adds what is known of hosts.
async function fetchResults(
  { broker, key, name }: QueuedRun,
  phase: SharePhase,
  hosts: readonly string[],
  found: Map<string, HostResult>,
): Promise<void> {
  const hash = broker.names.run(name, "done");
  for (let at = 0; at < hosts.length; at += FETCHED_AT_ONCE) {
    const some = hosts.slice(at, at + FETCHED_AT_ONCE);
    const fields = some.map((host) => hiddenName(key, `${phase} ${host}`));
    for (const [index, text] of (await broker.redis.hmget(hash, ...fields)).entries())
      if (text !== null) found.set(some[index]!, unsealJson<HostResult>(key, hash, text));
  }
}

// A name for the queue's key file must be given: there is none that everybody has.
export function wantKeyFile(file: string | undefined): string {
  if (file !== undefined) return file;
  throw new UnplacedError(
    "a queue needs a key that coordinators and workers share",
    "make one with hullwright worker --make-key FILE, bring it to all of them, and name it: --queue-key FILE",
  );
}
