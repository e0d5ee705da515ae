/** Runs whose hosts workers do, over a real Redis: the same as without a queue, also where a worker dies. */
import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { has } from "../requires.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { SEED } from "../seed.ts";
import { changesOf, Desk, MAIN, skipped } from "./cli.ts";

const reason = skipped ?? (has("redis-server") ? undefined : "this machine has no redis-server");

/** How often a worker is killed; more of them by QUEUE_ROUNDS. */
const ROUNDS = Number(process.env["QUEUE_ROUNDS"] ?? 2);

const PLAYBOOK = `- hosts: all
  gather_facts: false
  tasks:
    - {name: first, copy: {content: "{{ inventory_hostname }} {{ secret }}\\n", dest: /root/queue.first, mode: "0600"}}
    - {name: waits, shell: "sleep 1; date > /root/queue.waited", args: {creates: /root/queue.waited}}
    - {name: last, copy: {content: "{{ round }}\\n", dest: /root/queue.last}}
`;

describe.skipIf(reason !== undefined)(
  `a queue${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    let lab: Lab;
    let desk: Desk;
    let redis: ChildProcess;
    let port: number;
    const workers: ChildProcess[] = [];

    beforeAll(async () => {
      [lab, port] = await Promise.all([startLab({ hosts: 3 }), freePort()]);
      desk = new Desk();
      desk.file("hosts.yml", lab.inventory({}));
      desk.file("site.yml", PLAYBOOK);
      redis = spawn(
        "redis-server",
        ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", desk.folder],
        { stdio: "ignore" },
      );
      await untilOpen(port);
      const { code } = await desk.call(["worker", "--make-key", "queue.key"]);
      expect(code).toBe(0);
    });
    afterAll(async () => {
      await Promise.all(workers.map((worker) => ended(worker, "SIGTERM")));
      if (redis) await ended(redis, "SIGTERM");
      await lab?.stop();
    });

    const queue = (): string[] => [
      ...["--queue", `redis://127.0.0.1:${port}`, "--queue-key", "queue.key", "--queue-share", "1"],
    ];
    const given = (round: number): string[] => [
      "-e",
      "secret=sesame-sesame",
      "-e",
      `round=${round}`,
    ];
    const run = (command: string, ...more: string[]): string[] => [
      ...[command, "site.yml", "-i", "hosts.yml", "-e", "secret=sesame-sesame", ...more],
    ];
    const startWorker = (): ChildProcess => {
      const worker = spawn(process.execPath, [MAIN, "worker", ...queue().slice(0, 4)], {
        cwd: desk.folder,
        stdio: "ignore",
      });
      workers.push(worker);
      return worker;
    };
    const reset = async (): Promise<void> => {
      for (const host of lab.hosts) await host.must("rm -f /root/queue.*");
    };
    const contents = async (file: string): Promise<string[]> =>
      Promise.all(lab.hosts.map((host) => host.must(`cat /root/queue.${file}`)));

    test("waits for a worker, and says so", async () => {
      const call = desk.call(run("plan", "-e", "round=0", ...queue()));
      await new Promise((resolve) => setTimeout(resolve, 3000));
      startWorker();
      startWorker();
      const { code, stderr } = await call;
      expect(stderr).toMatch(/no worker with this key listens on the queue yet/);
      expect(code).toBe(2);
    });

    test("plans and applies as without it", async () => {
      const alone = await desk.json(run("plan", "-e", "round=0"));
      const queued = await desk.json(run("plan", "-e", "round=0", ...queue()));
      expect(Object.keys(queued.hosts)).toEqual(Object.keys(alone.hosts));
      for (const host of Object.keys(alone.hosts)) {
        expect(changesOf(queued, host)).toEqual(changesOf(alone, host));
        expect(queued.hosts[host]!.changes).toEqual(alone.hosts[host]!.changes);
      }
      expect(queued.totals).toEqual(alone.totals);
      const done = await desk.json(run("apply", "-y", "-e", "round=0", ...queue()));
      expect([done.code, done.totals.changed]).toEqual([0, 3]);
      expect(await contents("first")).toEqual(
        lab.hosts.map(({ name }) => `${name} sesame-sesame\n`),
      );
      const again = await desk.json(run("apply", "-y", "-e", "round=0", ...queue()));
      expect(again.totals).toMatchObject({ ok: 3, changes: 0 });
    });

    test("keeps a plan that is applied with it or without it, and refused where a host has changed", async () => {
      await reset();
      const plan = await desk.call(run("plan", "-e", "round=0", "-o", "plan.bin", ...queue()));
      expect(plan.code).toBe(2);
      await lab.hosts[0]!.must("echo else > /root/queue.first");
      const given = ["apply", "plan.bin", "-e", "secret=sesame-sesame", "-e", "round=0"];
      await desk.call([...given, "--check", ...queue()]);
      for (const host of lab.hosts) await host.must("test ! -e /root/queue.last");
      const done = await desk.json([...given, ...queue()]);
      expect(done.totals).toMatchObject({ changed: 2, failed: 1 });
      expect(changesOf(done, lab.hosts[0]!.name).join()).toMatch(
        /changed since the plan was saved/,
      );
      await lab.hosts[0]!.must("rm /root/queue.first");
      const rest = await desk.json([...given, "-l", lab.hosts[0]!.name]);
      expect(rest.totals).toMatchObject({ changed: 1, failed: 0 });
    });

    test("leaves nothing that can be read in Redis", async () => {
      const dump = await everything(port);
      expect(dump.length).toBeGreaterThan(1000);
      // A host's bare name is too short to look for: three letters stand in any sealed text by chance.
      const { name, ip } = lab.hosts[0]!;
      for (const word of ["sesame", "queue.first", `"${name}"`, ip])
        expect([word, dump.includes(word)]).toEqual([word, false]);
    });

    test("one worker does hosts that look at each other, and it is said", async () => {
      desk.file(
        "together.yml",
        `- hosts: all\n  gather_facts: false\n  tasks:\n    - {name: all, copy: {content: "{{ ansible_play_hosts | join(' ') }}", dest: /root/queue.all}}\n`,
      );
      const { code, stderr } = await desk.call([
        ...["apply", "together.yml", "-i", "hosts.yml", "-y", ...queue()],
      ]);
      expect(stderr).toMatch(/one worker does all hosts, as a task looks at other hosts/);
      expect(code).toBe(0);
      expect(new Set(await contents("all"))).toEqual(
        new Set([lab.hosts.map(({ name }) => name).join(" ")]),
      );
    });

    test("Ctrl-C at the coordinator stops the workers' hosts softly", async () => {
      await reset();
      const run = spawn(
        process.execPath,
        [MAIN, "apply", "site.yml", "-i", "hosts.yml", "-y", ...given(0), ...queue()],
        { cwd: desk.folder, stdio: ["ignore", "pipe", "ignore"] },
      );
      let said = "";
      run.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      for (const host of lab.hosts)
        await host
          .must("for i in $(seq 300); do [ -e /root/queue.first ] && exit; sleep 0.1; done; exit 1")
          .catch(() => undefined);
      await ended(run, "SIGINT");
      expect(run.exitCode).toBe(130);
      expect(said).toMatch(/The run was stopped/);
    });

    test("a worker that is stopped ends what it is at", async () => {
      await reset();
      const call = desk.json(run("apply", "-y", "-e", "round=9", ...queue()));
      await lab.hosts[0]!.must(
        "for i in $(seq 300); do [ -e /root/queue.first ] && exit; sleep 0.1; done; exit 1",
      );
      const stopped = workers.at(-1)!;
      startWorker();
      await ended(stopped, "SIGTERM");
      expect(stopped.exitCode).toBe(0);
      const report = await call;
      expect([report.code, report.totals.changed]).toEqual([0, lab.hosts.length]);
    });

    test(`a worker that is killed has its hosts taken over (seed ${SEED}, ${ROUNDS} rounds)`, async () => {
      let random = SEED;
      for (let round = 1; round <= ROUNDS; round++) {
        await reset();
        const victim = workers.at(-1)!;
        const call = desk.json(run("apply", "-y", "-e", `round=${round}`, ...queue()));
        random = (random * 1103515245 + 12345) % 2147483648;
        await new Promise((resolve) => setTimeout(resolve, 800 + (random % 2500)));
        await ended(victim, "SIGKILL");
        startWorker();
        const report = await call;
        expect([round, report.code, report.totals.failed]).toEqual([round, 0, 0]);
        expect(Object.keys(report.hosts)).toEqual(lab.hosts.map(({ name }) => name));
        expect(await contents("last")).toEqual(lab.hosts.map(() => `${round}\n`));
      }
    });
  },
);

// A port of this machine that is free now.
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilOpen(port: number): Promise<void> {
  const { Redis } = await import("ioredis");
  const redis = new Redis(port, { retryStrategy: () => 100, maxRetriesPerRequest: null });
  redis.on("error", () => undefined);
  await redis.ping();
  redis.disconnect();
}

// All names and values that stand in Redis, as text.
async function everything(port: number): Promise<string> {
  const { Redis } = await import("ioredis");
  const redis = new Redis(port);
  // Else DUMP compresses values, and a word could hide in them.
  await redis.config("SET", "rdbcompression", "no");
  const found: string[] = [];
  for (const name of await redis.keys("*")) {
    const value = await redis.dumpBuffer(name);
    found.push(name, value?.toString("latin1") ?? "");
  }
  redis.disconnect();
  return found.join("\n");
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((resolve) => child.once("close", resolve));
  child.kill(signal);
  await over;
}
