import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What a command used of this machine. */
export interface Used {
  /** Seconds by the clock. */
  wall: number;
  /** Seconds of CPU, of the process itself. */
  cpu: number;
  /** The most memory that it had at once. */
  megabytes: number;
}

const HOOK = pathToFileURL(join(import.meta.dirname, "usage.mjs")).href;
const PROGRAM = join(import.meta.dirname, "../../dist/main.js");

/** Makes a directory for the length of some work; it is the home of what runs there. */
export async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

// Runs the built program in a directory, and measures it; it must end well.
export function hullwright(directory: string, words: readonly string[]): Used {
  const usage = join(directory, "usage.json");
  const env = { ...process.env, HOME: directory, HULLWRIGHT_USAGE: usage };
  const wall = timed(process.execPath, ["--import", HOOK, PROGRAM, ...words], directory, env);
  return { wall, ...(JSON.parse(readFileSync(usage, "utf8")) as Omit<Used, "wall">) };
}

// Runs any other program in a directory, and measures it by GNU time's format: seconds of CPU and kilobytes.
export function measured(directory: string, words: readonly string[]): Used {
  const usage = join(directory, "usage.txt");
  const env = { ...process.env, HOME: directory };
  const timing = ["-o", usage, "-f", "%U %S %M", ...words];
  const wall = timed("/usr/bin/time", timing, directory, env);
  const [user = 0, system = 0, kilobytes = 0] = readFileSync(usage, "utf8")
    .trim()
    .split(" ")
    .map(Number);
  return { wall, cpu: user + system, megabytes: kilobytes / 1024 };
}

function timed(
  program: string,
  words: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, words, {
    cwd,
    env,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0 && status !== 2) throw new Error(`${program} ${words.join(" ")}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

// A cell of a table: a number with so many digits behind the point.
export function cell(value: number, digits: number): string {
  return value.toFixed(digits);
}
