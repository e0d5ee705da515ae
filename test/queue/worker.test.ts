import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { Broker } from "../../src/queue/broker.ts";
import { serve } from "../../src/queue/worker.ts";

// A worker without work, whose queue answers or not, and closes so.
function serving(isThere: boolean, close: () => Promise<void>) {
  const redis = new EventEmitter();
  const closings: boolean[] = [];
  const worker = Object.assign(new EventEmitter(), {
    close: (isForced: boolean) => {
      closings.push(isForced);
      return close();
    },
  });
  const broker = { redis, worker: () => worker, answers: () => Promise.resolve(isThere) };
  const [soon, now] = [new AbortController(), new AbortController()];
  const served = serve(
    {
      broker: broker as unknown as Broker,
      key: Buffer.alloc(32),
      version: "1",
      program: { command: "false", args: [] },
      concurrency: 1,
      say: () => undefined,
    },
    { soon: soon.signal, now: now.signal },
  );
  const end = (): Promise<void> => {
    soon.abort();
    return served;
  };
  return { closings, redis, end };
}

test.each([
  ["answers", true, false],
  ["does not answer, though nobody was told", false, true],
])("an idle worker waits for a queue that %s: %j", async (_what, isThere, isForced) => {
  const { closings, end } = serving(isThere, () => Promise.resolve());
  await end();
  expect(closings).toEqual([isForced]);
});

test("an idle worker that is stopped does not wait for a queue that goes away only then", async () => {
  const { closings, redis, end } = serving(true, () => new Promise(() => undefined));
  const served = end();
  await expect.poll(() => closings).toEqual([false]);
  redis.emit("close");
  await served;
});
