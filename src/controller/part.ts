import { randomBytes } from "node:crypto";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { sha256Hex } from "../sha256.ts";

/** A file that has not been written to for this long is not a download in progress. */
const OLD_MS = 24 * 60 * 60 * 1000;

const digest = (text: string, length: number): string => sha256Hex(text).slice(0, length);

// A name for a download that begins: what is fetched, on which machine, by which
// process. No two are the same.
export function newPart(url: string, hex: string | undefined, pid = process.pid): string {
  const owner = `${digest(hostname(), 8)}-${pid}-${randomBytes(4).toString("hex")}`;
  return `.${digest(`${url}\n${hex ?? ""}`, 32)}.${owner}.part`;
}

/**
 * Goes through the parts beside a new one. What a process of this machine that is gone had begun of
 * the same is taken over, or removed where it cannot be checked; any other part that is a day old
 * and has no living process is removed. True: the new part is there, begun.
 */
export async function adoptPart(part: string, mayResume: boolean): Promise<boolean> {
  const [folder, own] = [dirname(part), basename(part)];
  const [, what, machine] = own.split(/[.-]/);
  let isBegun = false;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(".") || !name.endsWith(".part")) continue;
    const path = join(folder, name);
    const [, itsWhat, itsMachine, pid] = name.split(/[.-]/);
    const isOurs = itsMachine === machine;
    if (isOurs && isAlive(Number(pid))) continue;
    if (isOurs && itsWhat === what && mayResume && !isBegun) isBegun = await moved(path, part);
    else if ((isOurs && itsWhat === what) || (await isOld(path))) await rm(path, { force: true });
  }
  return isBegun;
}

// Of two that want the same file one gets it.
async function moved(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    () => false,
  );
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > OLD_MS;
}

// Whether a process of this machine lives, whoever owns it.
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
