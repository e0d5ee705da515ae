import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { Broker } from "../../src/queue/broker.ts";
import { serve } from "../../src/queue/worker.ts";

test("an idle worker that is stopped does not wait for a queue that goes away only then", async () => {
  const redis = Object.assign(new EventEmitter(), { status: "ready" });
  const closings: boolean[] = [];
  const worker = Object.assign(new EventEmitter(), {
    close: (isForced: boolean) => {
      closings.push(isForced);
      return new Promise(() => undefined);
    },
  });
  const [soon, now] = [new AbortController(), new AbortController()];
  const served = serve(
    {
      broker: { redis, worker: () => worker } as unknown as Broker,
      key: Buffer.alloc(32),
      version: "1",
      program: { command: "false", args: [] },
      concurrency: 1,
      say: () => undefined,
    },
    { soon: soon.signal, now: now.signal },
  );
  soon.abort();
  await expect.poll(() => closings).toEqual([false]);
  redis.status = "reconnecting";
  redis.emit("close");
  await served;
});
