/** Runs whose hosts workers do, over a real Redis: the same as without a queue, also where a worker dies. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { JsonReport } from "../../src/report/summary.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { has } from "../requires.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { ended, startRedis, type TestRedis } from "../redis.ts";
import { half, isDrawn } from "../sample.ts";
import { SEED } from "../seed.ts";
import { changesOf, Desk, MAIN, skipped } from "./cli.ts";

const reason = skipped ?? (has("redis-server") ? undefined : "this machine has no redis-server");

/** How often a worker is killed; more of them by QUEUE_ROUNDS. */
const ROUNDS = Number(process.env["QUEUE_ROUNDS"] ?? 2);

const PLAYBOOK = `- hosts: all
  gather_facts: false
  tasks:
    - {name: first, copy: {content: "{{ inventory_hostname }} {{ secret }}\\n", dest: /root/queue.first, mode: "0600"}}
    - {name: waits, shell: "sleep 1; echo once >> /root/queue.waited", args: {creates: /root/queue.waited}}
    - {name: last, copy: {content: "{{ round }}\\n", dest: /root/queue.last}}
`;

describe.skipIf(reason !== undefined)(
  `a queue${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  () => {
    let lab: Lab;
    let desk: Desk;
    let redis: TestRedis;
    const workers: ChildProcess[] = [];

    beforeAll(async () => {
      lab = await startLab({ hosts: 3 });
      desk = new Desk();
      desk.file("hosts.yml", lab.inventory({}));
      desk.file("site.yml", PLAYBOOK);
      redis = await startRedis(desk.folder);
      const { code } = await desk.call(["worker", "--make-key", "queue.key"]);
      expect(code).toBe(0);
    });
    afterAll(async () => {
      await Promise.all(workers.map((worker) => ended(worker, "SIGTERM")));
      await redis?.stop();
      await lab?.stop();
    });

    const queue = (): string[] => [
      ...["--queue", redis.url, "--queue-key", "queue.key", "--queue-share", "1"],
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
    const startWorker = (words = queue()): ChildProcess => {
      const worker = spawn(process.execPath, [MAIN, "worker", ...words.slice(0, 4)], {
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
      const listed = await desk.call(["runs", "-i", "hosts.yml"]);
      expect(listed.stdout).toMatch(/hullwright apply site\.yml -i hosts\.yml .*--queue /);
      expect(listed.stdout).not.toContain("sesame");
    });

    test("shows what workers warn of, once for all hosts", async () => {
      desk.file(
        "warned.yml",
        `- hosts: all
  tasks:
    - {command: {cmd: "true", executable: /bin/bash}, when: ansible_facts.system == "Linux"}
`,
      );
      const { stderr } = await desk.call(["plan", "warned.yml", "-i", "hosts.yml", ...queue()]);
      expect(stderr.match(/warning: .*executable/g)).toHaveLength(1);
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
      const dump = await everything(redis.port);
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

    // Begins a run, does something when a worker is in the middle of the first host, and answers what the run says.
    const amid = async (
      round: number,
      act: (coordinator: ChildProcess) => Promise<void>,
      words: readonly string[] = queue(),
    ): Promise<{ code: number; stdout: string; stderr: string }> => {
      await reset();
      const child = spawn(
        process.execPath,
        [MAIN, ...run("apply", "-y", "--json", "-e", `round=${round}`, ...words)],
        { cwd: desk.folder, env: desk.env, stdio: ["ignore", "pipe", "pipe"] },
      );
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
      const over = new Promise<number>((resolve) =>
        child.on("close", (code) => resolve(code ?? -1)),
      );
      await lab.hosts[0]!.must(
        "for i in $(seq 300); do [ -e /root/queue.first ] && exit; sleep 0.1; done; exit 1",
      );
      await act(child);
      return { code: await over, stdout, stderr };
    };
    // Whatever befell the run: another one completes it, and nothing is done twice.
    const completes = async (round: number, words: readonly string[] = queue()): Promise<void> => {
      const again = await desk.json(run("apply", "-y", "-e", `round=${round}`, ...words));
      expect([again.code, again.totals.failed]).toEqual([0, 0]);
      expect(await contents("last")).toEqual(lab.hosts.map(() => `${round}\n`));
      expect(await contents("waited")).toEqual(lab.hosts.map(() => "once\n"));
    };

    test.each(
      half([
        ["worker", false],
        ["worker and its program", true],
      ]),
    )("a %s that is frozen for longer than its lock does nothing twice", async (_, both) => {
      const round = both ? 21 : 20;
      const frozen: number[] = [];
      const words = [...queue(), "--lock-timeout", "5"];
      const { code } = await amid(
        round,
        async () => {
          const { pid } = workers.findLast(
            ({ exitCode, signalCode }) => (exitCode ?? signalCode) === null,
          )!;
          frozen.push(pid!, ...(both ? childrenOf(pid!) : []));
          for (const one of frozen) process.kill(one, "SIGSTOP");
        },
        words,
      );
      for (const one of frozen) process.kill(one, "SIGCONT");
      // a program that is frozen keeps its host locked: whoever takes over finds that
      if (!both) expect(code).toBe(0);
      await completes(round);
    });

    test.runIf(isDrawn(0))(
      "a coordinator that is killed leaves hosts that another run completes",
      async () => {
        const { code } = await amid(22, async (coordinator) => ended(coordinator, "SIGKILL"));
        expect(code).toBe(-1);
        await completes(22);
      },
    );

    test.runIf(isDrawn(1))(
      "a queue that loses everything ends the run, and says which hosts have no result",
      async () => {
        const { code, stdout } = await amid(23, () => redis.crash());
        const { hosts } = JSON.parse(stdout) as JsonReport;
        const messages = Object.values(hosts).flatMap(({ failed }) => failed?.message ?? []);
        for (const message of messages) expect(message).toMatch(/^the queue has lost these hosts/);
        expect(code === 0).toBe(messages.length === 0);
        await completes(23);
      },
    );

    test.runIf(isDrawn(2))("a queue that is kept on disk loses nothing", async () => {
      const kept = await startRedis(desk.folder, true);
      const words = queue().map((word) => (word === redis.url ? kept.url : word));
      try {
        startWorker(words);
        const { code } = await amid(24, () => kept.crash(), words);
        expect(code).toBe(0);
        await completes(24, words);
      } finally {
        await ended(workers.pop()!, "SIGTERM");
        await kept.stop();
      }
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
        workers.splice(workers.indexOf(victim), 1);
        startWorker();
        const report = await call;
        expect([round, report.code, report.totals.failed]).toEqual([round, 0, 0]);
        expect(Object.keys(report.hosts)).toEqual(lab.hosts.map(({ name }) => name));
        expect(await contents("last")).toEqual(lab.hosts.map(() => `${round}\n`));
        expect(await contents("waited")).toEqual(lab.hosts.map(() => "once\n"));
      }
    });
  },
);

// The programs that a process has started and that have not ended.
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
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
