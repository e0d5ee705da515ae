/**
 * `npm run bench:simulation`: one coordinator, the built program, over more hosts and workers than there are here. The workers are
 * stubs that report hosts as done as fast as they can. `--hosts 1000,10000,100000`, `--workers 100`; with `--write` it becomes
 * docs/simulation.md.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { getHeapStatistics } from "node:v8";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openBroker, type Broker } from "../../../src/queue/broker.ts";
import { readKey } from "../../../src/queue/seal.ts";
import { ended, startRedis } from "../../redis.ts";

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "1000,10000,100000" },
    workers: { type: "string", default: "100" },
    write: { type: "boolean", default: false },
  },
});

/** So many programs have all the workers. */
const PROGRAMS = 2;
const PLAY = [
  {
    hosts: "all",
    gather_facts: false,
    tasks: [{ name: "a directory", file: { path: "/srv/one", state: "directory" } }],
  },
];

/** What was seen of one run. */
interface Seen {
  hosts: number;
  /** Seconds until the first share was in the queue, and of the whole run. */
  prepared: number;
  wall: number;
  /** Of the coordinator: processor time in seconds, the most memory in MiB. */
  cpu: number;
  memory: number;
  /** The most shares that waited in the queue. */
  depth: number;
  events: number;
  /** The most memory of Redis, in MiB. */
  redis: number;
}

// Processor time of a process so far, in seconds, and the most memory that it had, in MiB.
function usage(pid: number): { cpu: number; memory: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, memory: Number(peak) / 1024 };
}

// The number after a word in what Redis says of itself.
function told(info: string, word: string): number {
  return Number(new RegExp(`^${word}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
}

// An inventory of so many hosts; a range of it has at most 50,000.
function inventoryOf(hosts: number): string {
  const ranges = Array.from({ length: Math.ceil(hosts / 50_000) }, (_, i) => {
    const last = Math.min((i + 1) * 50_000, hosts);
    return `n[${i * 50_000 + 1}:${last}]\n`;
  });
  return ranges.join("");
}

// How many events the run's workers have told so far.
async function eventsIn({ redis, names }: Broker): Promise<number> {
  const streams = await redis.keys(`${names.prefix}:run:*:events`);
  const lengths = await Promise.all(streams.map((stream) => redis.xlen(stream)));
  return lengths.reduce((sum, length) => sum + length, 0);
}

// Runs one coordinator to its end, and watches it.
async function run(folder: string, hosts: number, broker: Broker, words: string[]): Promise<Seen> {
  await broker.redis.flushall();
  writeFileSync(join(folder, "hosts"), inventoryOf(hosts));
  const seen: Seen = {
    ...{ hosts, prepared: 0, wall: 0, cpu: 0, memory: 0, depth: 0, events: 0, redis: 0 },
  };
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const program = [resolve("dist/main.js"), "apply", "play.yml", "-i", "hosts", "-y", "--json"];
  const child = spawn(process.execPath, [...program, ...words], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const over = new Promise<number | null>((done) => child.once("close", done));
  const queue = broker.queue();
  while (child.exitCode === null && child.signalCode === null) {
    try {
      const { cpu, memory } = usage(child.pid!);
      seen.cpu = Math.max(seen.cpu, cpu);
      seen.memory = Math.max(seen.memory, memory);
    } catch {
      break; // it has just ended
    }
    const { waiting = 0, active = 0 } = await queue.getJobCounts("waiting", "active");
    if (seen.prepared === 0 && waiting + active > 0) seen.prepared = seconds();
    seen.depth = Math.max(seen.depth, waiting);
    seen.redis = Math.max(
      seen.redis,
      told(await broker.redis.info("memory"), "used_memory") / 2 ** 20,
    );
    await wait(200);
  }
  const code = await over;
  if (code !== 0) throw new Error(`the coordinator of ${hosts} hosts ended with ${code}`);
  return { ...seen, wall: seconds(), events: await eventsIn(broker) };
}

// One line of the table.
function row({ hosts, prepared, wall, cpu, memory, depth, events, redis }: Seen): string {
  const cells = [
    hosts,
    prepared.toFixed(1),
    wall.toFixed(1),
    cpu.toFixed(1),
    ((cpu / hosts) * 1000).toFixed(2),
    memory.toFixed(0),
    depth,
    events,
    Math.round(events / Math.max(wall - prepared, 0.1)),
    redis.toFixed(0),
  ];
  return `| ${cells.join(" | ")} |`;
}

// What the two largest runs say of still larger ones.
function breaksFirst(seen: readonly Seen[]): string {
  const [few, many] = seen.slice(-2);
  if (!few || !many) return "One run alone does not tell.";
  const kib = ((many.memory - few.memory) / (many.hosts - few.hosts)) * 1024;
  const limit = getHeapStatistics().heap_size_limit / 2 ** 20;
  const hosts = Math.round((many.hosts + ((limit - many.memory) * 1024) / kib) / 1000) * 1000;
  return `The memory of the coordinator. From ${few.hosts} to ${many.hosts} hosts, each more took ${kib.toFixed(0)} KiB of it: the coordinator reads the playbook for each host before it
shares them out, and keeps each host's report to the end. Node's heap ends at ${limit.toFixed(0)} MiB on this machine unless \`NODE_OPTIONS=--max-old-space-size\` says otherwise,
which would be about ${hosts} hosts. Divide larger fleets into several runs (\`--limit\`). The queue is far from a limit: Redis held ${many.redis.toFixed(0)} MiB at most.`;
}

const folder = mkdtempSync(join(tmpdir(), "hullwright-simulation-"));
const redis = await startRedis(folder);
const stubs: ChildProcess[] = [];
const keyFile = join(folder, "queue.key");
spawnSync(process.execPath, ["dist/main.js", "worker", "--make-key", keyFile]);
const broker = await openBroker(redis.url, readKey(keyFile));
const all: Seen[] = [];
try {
  writeFileSync(join(folder, "play.yml"), JSON.stringify(PLAY));
  for (let n = 0; n < PROGRAMS; n++) {
    const stub = join(import.meta.dirname, "stub-workers.ts");
    const each = String(Math.ceil(Number(values.workers) / PROGRAMS));
    const words = ["test/ts.mjs", stub, redis.url, keyFile, each];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
    stubs.push(child);
    await new Promise((ready) => child.stdout.once("data", ready));
  }
  for (const hosts of values.hosts.split(",").map(Number)) {
    all.push(await run(folder, hosts, broker, ["--queue", redis.url, "--queue-key", keyFile]));
    process.stderr.write(`${row(all.at(-1)!)}\n`);
  }
} finally {
  for (const stub of stubs) await ended(stub, "SIGTERM");
  await broker.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}

const date = new Date().toISOString().slice(0, 10);
const page = `# A simulation of many workers

<!-- Written by \`npm run bench:simulation -- --write\`. -->

One coordinator (\`hullwright apply --queue\`, the built program) over more hosts than there are here. Redis is real; the ${values.workers} workers are stubs that open each
share, and report all its hosts as changed as fast as they can: planned, a step that begins and ends, done, and a sealed result, six events a host.
${availableParallelism()} cores for coordinator, Redis and stubs together, other work beside; ${date}. So events a second are what this machine does as a whole; real hosts
take seconds each, and a hundred real workers with 50 hosts at once each report less.

| hosts | seconds until the first share | seconds | coordinator's CPU, seconds | CPU a host, ms | coordinator's memory, MiB | most shares waiting | events | events a second | Redis, MiB |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${all.map(row).join("\n")}

## What breaks first

${breaksFirst(all)}
`;
process.stdout.write(page);
if (values.write) writeFileSync("docs/simulation.md", page);
