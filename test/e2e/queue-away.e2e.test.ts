/** A worker and a coordinator whose Redis is gone for good can be ended. */
import { spawn, type ChildProcess } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { has } from "../requires.ts";
import { ended, startRedis, type TestRedis } from "../redis.ts";
import { Desk, MAIN } from "./cli.ts";

const reason = has("redis-server") ? undefined : "this machine has no redis-server";

describe.skipIf(reason !== undefined)(
  `a queue that is away${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    let desk: Desk;
    let redis: TestRedis;
    let child: ChildProcess;
    let said = "";

    beforeEach(async () => {
      desk = new Desk();
      desk.file("hosts", "h1 ansible_connection=local\n");
      desk.file("site.yml", "- {hosts: all, gather_facts: false, tasks: [{command: id}]}\n");
      redis = await startRedis(desk.folder);
      await desk.call(["worker", "--make-key", "queue.key"]);
    });
    afterEach(() => ended(child, "SIGKILL"));

    const start = async (words: readonly string[], until: string): Promise<void> => {
      said = "";
      child = spawn(
        process.execPath,
        [MAIN, ...words, "--queue", redis.url, "--queue-key", "queue.key"],
        { cwd: desk.folder, stdio: ["ignore", "pipe", "pipe"] },
      );
      for (const stream of [child.stdout!, child.stderr!])
        stream.on("data", (data: Buffer) => (said += data.toString()));
      await heard(until);
    };
    const heard = async (text: string): Promise<void> => {
      while (!said.includes(text)) {
        if (child.exitCode !== null) throw new Error(`it ended before it said ${text}: ${said}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };

    test("does not hold a worker that has nothing to do", async () => {
      await start(["worker"], "waiting for hosts");
      await redis.stop();
      await ended(child, "SIGTERM");
      expect({ code: child.exitCode, said }).toMatchObject({ code: 0 });
    });

    test("does not hold an idle worker to which it seems to be there", async () => {
      await start(["worker"], "waiting for hosts");
      redis.freeze();
      await ended(child, "SIGTERM");
      expect({ code: child.exitCode, said }).toMatchObject({ code: 0 });
      await redis.stop();
    });

    test("does not hold a run that is stopped twice", async () => {
      await start(["plan", "site.yml", "-i", "hosts"], "no worker with this key listens");
      await redis.stop();
      await heard("the queue does not answer");
      child.kill("SIGTERM");
      await new Promise((resolve) => setTimeout(resolve, 300));
      await ended(child, "SIGTERM");
      expect({ code: child.exitCode, said }).toMatchObject({ code: 143 });
      expect(said).not.toMatch(/ at .*\.(ts|js|cjs):\d/);
    });
  },
);
