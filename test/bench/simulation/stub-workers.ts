/** Workers whose hosts are made up: they say of each what a host with one change says. `URL KEYFILE COUNT`, until SIGTERM. */
import type { Job } from "bullmq";
import { openBroker, type JobData } from "../../../src/queue/broker.ts";
import { Holding } from "../../../src/queue/holding.ts";
import type { HostResult, Share, ShareEvent } from "../../../src/queue/protocol.ts";
import { hiddenName, readKey, sealJson, unsealJson } from "../../../src/queue/seal.ts";

const [url = "", keyFile = "", count = "1"] = process.argv.slice(2);
const key = readKey(keyFile);

const DONE = { ok: 0, changed: 1, skipped: 0, failed: 0, ignored: 0, rescued: 0 };
const TASK = "a directory";

// The result of a host.
function resultOf(host: string): HostResult {
  return {
    report: {
      status: "changed",
      counts: DONE,
      changes: [],
      deferred: [],
      tasks: [],
      rounds: 2,
      failed: null,
    },
    words: [host],
  };
}

// What is said of a host before its result.
function eventsOf(host: string): ShareEvent[] {
  const step = { kind: "step", host, task: TASK } as const;
  return [
    { kind: "planned", host },
    { ...step, state: "begin" },
    { ...step, state: "done" },
    { kind: "host-done", host },
  ];
}

const brokers = await Promise.all(
  Array.from({ length: Number(count) }, async () => openBroker(url, key)),
);
for (const broker of brokers)
  broker.worker(async ({ data: { run, number, sealed } }: Job<JobData>) => {
    const share = unsealJson<Share>(key, `share ${run} ${number}`, sealed);
    const holding = await Holding.take(broker, run, number);
    const [events, done] = [broker.names.run(run, "events"), broker.names.run(run, "done")];
    const told = (event: ShareEvent): string =>
      sealJson(key, events, { ...event, share: number, attempt: holding.attempt });
    const tell = (event: ShareEvent): Promise<unknown> =>
      broker.redis.xadd(events, "*", "event", told(event));
    await tell({ kind: "begun", worker: "a stub" });
    for (const host of share.hosts) {
      await holding.look();
      for (const event of eventsOf(host)) await tell(event);
      const field = hiddenName(key, `${share.phase} ${host}`);
      const result = sealJson(key, done, resultOf(host));
      await holding.keep(field, result, told({ kind: "result", host }));
    }
    await tell({ kind: "ended" });
    await holding.leave();
  }, 1);
process.stdout.write("ready\n");
process.once("SIGTERM", () => {
  process.kill(process.pid, "SIGKILL");
});
