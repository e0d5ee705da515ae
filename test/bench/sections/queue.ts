import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startRedis } from "../../redis.ts";
import { laid } from "../commands.ts";
import { must } from "../../lab/command.ts";
import { measured, type Usage } from "../measured.ts";
import type { Section } from "../section.ts";
import { median } from "../turns.ts";

const NAMES = 2000;
const WORKERS = [0, 1, 2, 4] as const;
/** The kernel counts processor time in hundredths of a second. */
const TICKS = 100;

const PLAY = [
  {
    hosts: "all",
    gather_facts: false,
    tasks: [{ file: { path: "/etc", state: "directory" } }],
  },
];

/** What a run took: itself, and its workers with the programs that they started. */
interface Took {
  wall: number;
  own: number;
  workers: number;
}

// Processor time of a process and of its children, those that have ended too, in seconds.
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  const own = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / TICKS;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").match(/\d+/g) ?? [];
  return children.reduce((sum, child) => sum + cpuOf(Number(child)), own);
}

// Ends a worker and waits for it.
async function end(worker: ChildProcess): Promise<void> {
  const over = new Promise((done) => worker.once("close", done));
  worker.kill("SIGTERM");
  await over;
}

// Runs the play with so many workers; with none by one process.
async function run(folder: string, url: string, count: number): Promise<Took> {
  const program = [process.execPath, resolve("dist/main.js")];
  const queue = ["--queue", url, "--queue-key", join(folder, "queue.key")];
  const workers = Array.from({ length: count }, () =>
    spawn(program[0]!, [program[1]!, "worker", ...queue], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  try {
    await Promise.all(
      workers.map((worker) => new Promise((ready) => worker.stdout.once("data", ready))),
    );
    const before = workers.map(({ pid }) => cpuOf(pid!));
    const words = ["env", "-C", folder, ...program, "apply", "play.yml", "-i", "hosts", "--yes"];
    const usage: Usage = await measured([...words, ...(count > 0 ? queue : [])]);
    const after = workers.map(({ pid }) => cpuOf(pid!));
    const used = after.reduce((sum, seconds, index) => sum + seconds - before[index]!, 0);
    return { wall: usage.wall, own: usage.cpu, workers: used };
  } finally {
    await Promise.all(workers.map(end));
  }
}

export const queueOnLoopback: Section = {
  name: "queue",
  title: "Workers on loopback",
  async measure({ rounds, names, quick }) {
    const count = Math.min(names * 2, quick ? 400 : NAMES);
    const folder = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
    const redis = await startRedis(folder);
    try {
      laid(folder, "play.yml", PLAY);
      laid(folder, "hosts", `n[1:${count}] ansible_connection=local\n`);
      await must([
        process.execPath,
        "dist/main.js",
        "worker",
        "--make-key",
        join(folder, "queue.key"),
      ]);
      const seen = new Map(WORKERS.map((workers) => [workers, [] as Took[]]));
      for (let round = 0; round < rounds; round++) {
        for (const [workers, all] of seen) all.push(await run(folder, redis.url, workers));
        process.stderr.write(` ${round + 1}`);
      }
      process.stderr.write("\n");
      const of = (workers: (typeof WORKERS)[number], what: (took: Took) => number): number =>
        median(seen.get(workers)!.map(what));
      const cpu = ({ own, workers }: Took): number => own + workers;
      const alone = { wall: of(0, (took) => took.wall), cpu: of(0, cpu) };
      return [
        `${count} names of this machine (local connections), one directory to check; medians of ${rounds} rounds. Redis, coordinator and workers share the`,
        "same cores. Goal: one worker takes at most 1.1 times the processor time of one process.",
        "",
        "| workers | seconds | ratio | processor of the coordinator, seconds | of the workers | ratio of all |",
        "|---:|---:|---:|---:|---:|---:|",
        ...WORKERS.map((workers) => {
          const [wall, all] = [of(workers, (took) => took.wall), of(workers, cpu)];
          const name = workers === 0 ? "none, one process" : String(workers);
          const parts = [of(workers, (took) => took.own), of(workers, (took) => took.workers)];
          return `| ${name} | ${wall.toFixed(1)} | ${(wall / alone.wall).toFixed(2)} | ${parts.map((part) => part.toFixed(2)).join(" | ")} | ${(all / alone.cpu).toFixed(2)} |`;
        }),
      ];
    } finally {
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
