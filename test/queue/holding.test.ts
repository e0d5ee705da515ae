import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBroker, type Broker } from "../../src/queue/broker.ts";
import { Holding } from "../../src/queue/holding.ts";
import { startRedis, type TestRedis } from "../redis.ts";
import { has } from "../requires.ts";

const isSkipped = !has("redis-server");

let folder: string;
let redis: TestRedis;
let broker: Broker;

beforeAll(async () => {
  if (isSkipped) return;
  folder = mkdtempSync(join(tmpdir(), "hullwright-holding-"));
  redis = await startRedis(folder);
  broker = await openBroker(redis.url, Buffer.alloc(32, 7));
});
afterAll(async () => {
  if (isSkipped) return;
  await broker.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

// The result that is kept of a host.
async function kept(run: string, field: string): Promise<string | null> {
  return broker.redis.hget(broker.names.run(run, "done"), field);
}

test.skipIf(isSkipped)(
  "a worker that another has taken over from keeps no result, and tells of none (skipped without redis-server)",
  async () => {
    const first = await Holding.take(broker, "run", 3);
    expect(await first.look()).toEqual({ isMine: true, stop: 0 });
    expect(await first.keep("a", "first of a", "first a")).toBe(true);
    const second = await Holding.take(broker, "run", 3);
    expect((await first.look()).isMine).toBe(false);
    expect((await second.look()).isMine).toBe(true);
    expect(await first.keep("b", "first of b", "first b")).toBe(false);
    expect(await kept("run", "b")).toBeNull();
    expect(await second.keep("a", "second of a", "second a")).toBe(true);
    expect(await kept("run", "a")).toBe("first of a");
    expect(await second.keep("b", "second of b", "second b")).toBe(true);
    expect(await kept("run", "b")).toBe("second of b");
    const told = await broker.redis.xrange(broker.names.run("run", "events"), "-", "+");
    expect(told.map(([, [, event]]) => event)).toEqual(["first a", "second a", "second b"]);
  },
);

test.skipIf(isSkipped)(
  "a worker at a share of a queue that has lost everything still reports (skipped without redis-server)",
  async () => {
    const holding = await Holding.take(broker, "lost", 1);
    await redis.crash();
    expect(await holding.look()).toEqual({ isMine: true, stop: 0 });
    expect(await holding.keep("a", "result", "told")).toBe(true);
    expect(await kept("lost", "a")).toBe("result");
  },
);
