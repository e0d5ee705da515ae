import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./command.ts";
import { identify, isAlive, type Process } from "./processes.ts";

// Where everything that is made once, and every running lab, lives.
export function labFolder(): string {
  return process.env["HULLWRIGHT_LAB"] ?? "/var/cache/hullwright-lab";
}

// Takes the lock, or says false while a living process holds it.
function tryLock(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: "wx" });
    return true;
  } catch {
    const holder = readHolder(file);
    if (holder !== undefined && !isAlive(holder)) rmSync(file, { force: true });
    return false;
  }
}

// A lock that was taken this instant may still be empty; that is no holder yet.
function readHolder(file: string): Process | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Process;
  } catch {
    return undefined;
  }
}

// Runs the work while no other process of this machine does work under the same name.
export async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(labFolder(), { recursive: true });
  const file = join(labFolder(), `${name}.lock`);
  await until(`the lock ${file}`, () => tryLock(file) || undefined, 600_000);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

// Makes a folder of the cache when it is not there yet; it appears whole or not at all.
export async function once(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(labFolder(), name);
  if (existsSync(folder)) return folder;
  return await locked(name, async () => {
    if (existsSync(folder)) return folder;
    const unfinished = `${folder}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished);
    await make(unfinished);
    renameSync(unfinished, folder);
    return folder;
  });
}
