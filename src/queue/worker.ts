import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { InputError } from "../errors.ts";
import type { Broker, JobData } from "./broker.ts";
import { unpackTo } from "./bundle.ts";
import { Holding } from "./holding.ts";
import {
  KEPT_SECONDS,
  type HostResult,
  type Share,
  type ShareError,
  type ShareEvent,
} from "./protocol.ts";
import { hiddenName, sealJson, unseal, unsealJson, type QueueKey } from "./seal.ts";

/** What a program that does a share reports to its worker. */
export type ShareMessage =
  | { kind: "planned" | "host-done"; host: string; failure?: string }
  | { kind: "step"; host: string; task: string; item?: string; state: "begin" | "done" | "failed" }
  | { kind: "warning"; message: string }
  | { kind: "result"; host: string; result: HostResult }
  | { kind: "ended"; error?: ShareError; files?: unknown; interrupted?: true };

/** How a worker starts a program for a share; its stdin is closed, and it talks over IPC. */
export interface Program {
  command: string;
  args: readonly string[];
}

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

// Takes shares from the queue until it is stopped; those that are being done are waited for, unless somebody insists.
export async function serve(
  options: WorkerOptions,
  stop: { soon: AbortSignal; now: AbortSignal },
): Promise<void> {
  const { broker, concurrency, say } = options;
  const bundles = new Bundles(options);
  let atWork = 0;
  const worker = broker.worker(async (job) => {
    atWork++;
    await doShare(job.data, options, bundles).finally(() => atWork--);
  }, concurrency);
  worker.on("failed", (job, error) =>
    say(`share ${job?.data.number ?? "?"} of run ${job?.data.run ?? "?"}: ${error.message}`),
  );
  await aborted(stop.soon);
  // an idle worker does not wait for a queue that is away
  const mayLeave = (): boolean => atWork === 0 && broker.redis.status !== "ready";
  const closed = worker.close(mayLeave());
  await Promise.race([closed, aborted(stop.now), lost(broker, mayLeave)]);
  bundles.remove();
}

// Waits until the queue has gone away at a time when that may be.
async function lost({ redis }: Broker, may: () => boolean): Promise<void> {
  await new Promise<void>((resolve) => redis.on("close", () => may() && resolve()));
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

// The bundles that this worker has unpacked: each once, in a directory that only its owner may enter.
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

// Does those hosts of a share that are not done yet: a worker that had the share before may have finished some. A worker that was
// frozen, or cut off from the queue, for so long that another one has taken over starts nothing more, and reports nothing more.
async function doShare(data: JobData, options: WorkerOptions, bundles: Bundles): Promise<void> {
  const { broker, key, say } = options;
  const { run, number } = data;
  const { redis } = broker;
  const share = unsealJson<Share>(key, `share ${run} ${number}`, data.sealed);
  const holding = await Holding.take(broker, run, number);
  const tell = async (event: ShareEvent): Promise<void> => {
    const name = broker.names.run(run, "events");
    const { attempt } = holding;
    await redis.xadd(name, "*", "event", sealJson(key, name, { ...event, share: number, attempt }));
    if (event.kind === "begun") await redis.expire(name, KEPT_SECONDS);
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
  const child = start(options.program, directory, { ...share, hosts });
  const looking = new AbortController();
  void passStop(child, holding, lost, looking.signal);
  try {
    await hear(child, async (message) => {
      if (message.kind !== "result") return tell(message);
      const { host, result } = message;
      const field = hiddenName(key, `${share.phase} ${host}`);
      const name = broker.names.run(run, "done");
      if (await holding.keep(field, sealJson(key, name, result)))
        await tell({ kind: "result", host });
    });
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

// Starts the program that does a share, in the directory of its bundle. It has a group of its own: Ctrl-C at the worker is not for it.
function start({ command, args }: Program, cwd: string, share: Share): ChildProcess {
  const child = spawn(command, args, {
    cwd,
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  child.send(share);
  return child;
}

// Receives the program's messages, one after another, until it has ended. Throws if it ends without any.
async function hear(
  child: ChildProcess,
  take: (message: ShareMessage) => Promise<void>,
): Promise<void> {
  let last = "";
  let isEnded = false;
  let work: Promise<void> = Promise.resolve();
  child.stderr!.on("data", (data: Buffer) => {
    last = `${last}${data.toString("utf8")}`.slice(-2000);
  });
  child.on("message", (message: ShareMessage) => {
    isEnded ||= message.kind === "ended";
    work = work.then(() => take(message));
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  await work;
  if (!isEnded)
    throw new Error(
      `its program ended with ${code ?? "a signal"}: ${last.trim().split("\n").at(-1)}`,
    );
}

// Passes it on to the program where somebody stops the run: once softly, the second time at once. The program is stopped softly,
// too, where another worker has taken over the share.
async function passStop(
  child: ChildProcess,
  holding: Holding,
  lost: () => void,
  done: AbortSignal,
): Promise<void> {
  let passed = 0;
  let isMine = true;
  while (!done.aborted && passed < 2) {
    const seen = await holding.look().catch(() => undefined);
    const asked = seen?.stop ?? 0;
    if (seen && isMine && !seen.isMine) {
      isMine = false;
      lost();
      if (asked === 0) child.kill("SIGTERM");
    }
    for (; passed < asked; passed++) child.kill("SIGTERM");
    await wait(LOOK_MS, undefined, { signal: done }).catch(() => undefined);
  }
}
