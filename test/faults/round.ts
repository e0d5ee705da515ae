import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { MAIN } from "../e2e/cli.ts";
import { pause } from "../lab/command.ts";
import type { Interruption, Victim } from "./interruptions.ts";
import { openWay, type Way } from "./points.ts";
import type { Stand } from "./scenario.ts";

/** Longer than this no run may take, whatever befalls it, in milliseconds. */
const LIMIT = 240_000;

/** One fault at one point of a run. */
export interface Round {
  interruption: Interruption;
  point: number;
  /** Milliseconds from the point to the fault. */
  delay: number;
  disk: string;
}

/** What a round came to. */
export interface Came {
  round: Round;
  /** The run was over before it came to the point. */
  late: boolean;
  /** The run did not succeed: the fault was felt. */
  felt: boolean;
  /** What is not as it should be. */
  wrong: string[];
  /** What was still there of ours after the next run. */
  left: string[];
  /** The container runs on; undefined: it could not. */
  container: boolean | undefined;
}

// Runs the job without any fault, and counts its points.
export async function countPoints(stand: Stand): Promise<number> {
  await stand.reset();
  const way = await openWay(stand.host, () => undefined);
  const { code, said } = await ended(start(stand, way.port), way);
  await way.close();
  if (code !== 0) throw new Error(`the job fails without a fault: ${said()}`);
  return way.points;
}

// Does one round: from the same state, a run, the fault, the look, the run once more, and the look again.
export async function doRound(stand: Stand, round: Round): Promise<Came> {
  await stand.reset();
  const { interruption, point, delay, disk } = round;
  let struck: Promise<unknown> | undefined;
  const way = await openWay(stand.host, (at) => {
    if (at === point) struck ??= pause(delay).then(() => interruption.strike(victim));
  });
  const tool = start(stand, way.port);
  const victim: Victim = { host: stand.host, way, tool, disk };
  const { code, said } = await ended(tool, way);
  const late = struck === undefined;
  await struck;
  const again = (async () => {
    if (!interruption.mend) return;
    await pause(300);
    await interruption.mend(victim);
  })();
  const wrong: string[] = [];
  if (/^\s+at .*[:(]\d/m.test(said())) wrong.push(`a stack trace: ${said()}`);
  wrong.push(...torn(stand, await stand.tree()));
  await again;
  const failure = await stand.again();
  if (failure !== "") wrong.push(failure);
  const tree = await stand.tree();
  wrong.push(...different(stand.after, tree));
  const plan = await stand.plan();
  if (plan !== "") wrong.push(`the plan is not empty: ${plan}`);
  const canRun = stand.job.from !== undefined && !interruption.endsContainers;
  const container = canRun ? await stand.runsOn() : undefined;
  if (container === false) wrong.push("the container does not run any more");
  const left = [...(await stand.leftovers()), ...parts(stand)];
  await way.close();
  return { round, late, felt: code !== 0, wrong, left, container };
}

// Starts the tool as a user does.
function start(stand: Stand, port: number): ChildProcess {
  const { folder } = stand.fleet.desk;
  return spawn(process.execPath, [MAIN, ...stand.words(port), "-vvv"], {
    cwd: folder,
    env: { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

// Waits until it has ended; what it prints on the way has points.
async function ended(tool: ChildProcess, way: Way): Promise<{ code: number; said: () => string }> {
  const said: Buffer[] = [];
  for (const stream of [tool.stdout!, tool.stderr!]) {
    stream.on("data", (bytes: Buffer) => said.push(bytes));
    createInterface(stream).on("line", way.read);
  }
  const limit = setTimeout(() => tool.kill("SIGKILL"), LIMIT);
  const code = await new Promise<number>((resolve) =>
    tool.on("close", (status) => resolve(status ?? -1)),
  );
  clearTimeout(limit);
  return { code, said: () => Buffer.concat(said).toString() };
}

// Paths that are neither as before nor as after the job, and such as are gone that both have.
function torn({ before, after }: Stand, now: Set<string>): string[] {
  const paths = new Set([...now].map(pathOf));
  const both = new Set([...after].map(pathOf));
  const gone = [...before].map(pathOf).filter((path) => both.has(path) && !paths.has(path));
  return [
    ...[...now]
      .filter((line) => !before.has(line) && !after.has(line))
      .map((line) => `torn: ${line}`),
    ...gone.map((path) => `gone: ${path}`),
  ];
}

// How a tree differs from what it should be.
function different(wanted: Set<string>, now: Set<string>): string[] {
  return [
    ...[...wanted].filter((line) => !now.has(line)).map((line) => `not there: ${line}`),
    ...[...now].filter((line) => !wanted.has(line)).map((line) => `too much: ${line}`),
  ];
}

function pathOf(line: string): string {
  return line.slice(0, line.indexOf(" "));
}

// Downloads on this machine that were broken off, and have not been gone on with.
function parts({ fleet }: Stand): string[] {
  const cache = join(fleet.desk.folder, "cache");
  if (!existsSync(cache)) return [];
  return readdirSync(cache, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".part"),
  );
}
