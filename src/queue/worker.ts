import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { InputError } from "../errors.ts";
import type { Broker, JobData } from "./broker.ts";
import { unpackTo } from "./bundle.ts";
import { Holding } from "./holding.ts";
import { KEPT_SECONDS, type Share, type ShareError, type ShareEvent } from "./protocol.ts";
import {
  SharePrograms,
  type Program,
  type ShareMessage,
  type ShareProgram,
} from "./share-program.ts";
import { hiddenName, sealJson, unseal, unsealJson, type QueueKey } from "./seal.ts";

export interface WorkerOptions {
  broker: Broker;
  key: QueueKey;
  version: string;
  program: Program;
  /** How many shares are done at once. */
  concurrency: number;
  say(line: string): void;
}

/** How often a worker checks whether the run of a share should stop, in milliseconds. */
const LOOK_MS = 500;

// Takes shares from the queue until it is stopped; those that are being done are waited
// for, unless somebody insists.
export async function serve(
  options: WorkerOptions,
  stop: { soon: AbortSignal; now: AbortSignal },
): Promise<void> {
  const { broker, concurrency, say } = options;
  const bundles = new Bundles(options);
  const programs = new SharePrograms(options.program);
  let atWork = 0;
  const worker = broker.worker(async (job) => {
    atWork++;
    await doShare(job.data, options, bundles, programs).finally(() => atWork--);
  }, concurrency);
  worker.on("failed", (job, error) =>
    say(`share ${job?.data.number ?? "?"} of run ${job?.data.run ?? "?"}: ${error.message}`),
  );
  await aborted(stop.soon);
  // an idle worker does not wait for a queue that is away, of which nobody may have been told yet
  const isIdle = (): boolean => atWork === 0;
  const isAway = isIdle() && !(await Promise.race([broker.answers(), aborted(stop.now)]));
  const closed = worker.close(isAway && isIdle());
  await Promise.race([closed, aborted(stop.now), queueLost(broker, isIdle)]);
  await programs.end();
  bundles.remove();
}

// Waits until the queue has gone away at a time when that may be.
async function queueLost({ redis }: Broker, may: () => boolean): Promise<void> {
  await new Promise<void>((resolve) => redis.on("close", () => may() && resolve()));
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

// The bundles that this worker has unpacked: each once, in a directory that
// only its owner may enter.
class Bundles {
  private readonly root = mkdtempSync(join(tmpdir(), "hullwright-worker-"));
  private readonly unpacked = new Map<string, Promise<string>>();
  private readonly options: WorkerOptions;

  constructor(options: WorkerOptions) {
    this.options = options;
  }

  directory(digest: string): Promise<string> {
    const known = this.unpacked.get(digest) ?? this.unpack(digest);
    this.unpacked.set(digest, known);
    return known;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private async unpack(digest: string): Promise<string> {
    const { broker, key } = this.options;
    const name = broker.names.bundle(digest);
    const sealed = await broker.redis.getBuffer(name);
    if (!sealed) throw new InputError("the run's files are not in the queue any more");
    const directory = mkdtempSync(join(this.root, "bundle-"));
    await unpackTo(directory, unseal(key, name, sealed));
    return directory;
  }
}

// Does those hosts of a share that are not done yet: a worker that had the share before may have
// finished some. A worker that was frozen, or cut off from the queue, for so long that another one
// has taken over starts nothing more, and reports nothing more.
async function doShare(
  data: JobData,
  options: WorkerOptions,
  bundles: Bundles,
  programs: SharePrograms,
): Promise<void> {
  const { broker, key, say } = options;
  const { run, number } = data;
  const { redis } = broker;
  const share = unsealJson<Share>(key, `share ${run} ${number}`, data.sealed);
  const holding = await Holding.take(broker, run, number);
  const events = broker.names.run(run, "events");
  const sealed = (event: ShareEvent): string => {
    const { attempt } = holding;
    return sealJson(key, events, { ...event, share: number, attempt });
  };
  const tell = async (event: ShareEvent): Promise<void> => {
    await redis.xadd(events, "*", "event", sealed(event));
    if (event.kind === "begun") await redis.expire(events, KEPT_SECONDS);
  };
  const error = await reasonAgainst(share, options);
  if (error) return tell({ kind: "ended", error });
  const worker = `${hostname()} pid ${process.pid}`;
  await tell({ kind: "begun", worker });
  const directory = await bundles.directory(share.bundle);
  const done = new Set(await redis.hkeys(broker.names.run(run, "done")));
  const hosts = share.hosts.filter((host) => !done.has(hiddenName(key, `${share.phase} ${host}`)));
  if (hosts.length === 0) return tell({ kind: "ended" });
  const lost = (): void =>
    say(`run ${run}, share ${number}: another worker has taken over; nothing more is begun`);
  if (!(await holding.look()).isMine) return lost();
  say(`run ${run}, share ${number}: ${share.phase} of ${hosts.length} hosts`);
  const looking = new AbortController();
  const watch = (program: ShareProgram): void =>
    void passStop(program, holding, lost, looking.signal);
  try {
    const take = async (message: ShareMessage): Promise<void> => {
      if (message.kind !== "result") return tell(message);
      const { host, result } = message;
      const field = hiddenName(key, `${share.phase} ${host}`);
      const name = broker.names.run(run, "done");
      await holding.keep(field, sealJson(key, name, result), sealed({ kind: "result", host }));
    };
    await programs.do({ ...share, hosts }, directory, take, watch);
  } finally {
    looking.abort();
    await holding.leave();
  }
  say(`run ${run}, share ${number}: done`);
}

// Why a share is not to be done here; undefined: it is.
async function reasonAgainst(
  share: Share,
  { broker, version }: WorkerOptions,
): Promise<ShareError | undefined> {
  if (share.version !== version)
    return {
      message: `the worker on ${hostname()} is hullwright ${version}, and the run was started by ${share.version}`,
      hint: "coordinators and workers need the same version",
    };
  if (share.expires < Date.now()) return { message: "the share is too old to be done" };
  return (await broker.redis.exists(broker.names.run(share.run, "alive"))) === 0
    ? { message: "the coordinator of the run is gone" }
    : undefined;
}

// Passes it on to the program where somebody stops the run: once softly, the second time at once.
// The program is stopped softly, too, where another worker has taken over the share.
async function passStop(
  program: ShareProgram,
  holding: Holding,
  onLost: () => void,
  done: AbortSignal,
): Promise<void> {
  let passed = 0;
  let isMine = true;
  while (!done.aborted && passed < 2) {
    const seen = await holding.look().catch(() => undefined);
    const asked = seen?.stop ?? 0;
    if (seen && isMine && !seen.isMine) {
      isMine = false;
      onLost();
      if (asked === 0) program.stop();
    }
    for (; passed < asked; passed++) program.stop();
    await wait(LOOK_MS, undefined, { signal: done }).catch(() => undefined);
  }
}
