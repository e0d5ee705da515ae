import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readFile, stat } from "../disk/reading.ts";
import { SETTLED_SECONDS } from "../disk/settled.ts";
import { makeDirectory } from "../disk/make-directory.ts";
import { sha256Hex } from "../sha256.ts";

/** Smaller files are read again: that costs less than to look. In bytes. */
const WORTHWHILE = 4 * 1024 * 1024;

/**
 * The result of reading a large file on the controller, cached under the file's size, times and
 * inode, as git's index does it, so that runs with nothing to do need not read archives again.
 */
export async function fileCache<T>(
  cache: string,
  kind: string,
  path: string,
  read: () => Promise<T>,
): Promise<T> {
  const before = await identity(path);
  if (!before) return read();
  const note = join(cache, "learnt", sha256Hex(`${kind} ${path}`));
  const kept = await readNote<T>(note, before);
  if (kept !== undefined) return kept;
  const value = await read();
  if ((await identity(path)) === before)
    await writeNote(note, before, value).catch(() => undefined);
  return value;
}

// What changes whenever a file's content does; undefined: not worth a note, or changed just now.
async function identity(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  if (!found?.isFile() || found.size < WORTHWHILE) return undefined;
  const { size, mtimeNs, ctimeNs, dev, ino, mode } = found;
  if (Date.now() - Number(ctimeNs / 1_000_000n) < SETTLED_SECONDS * 1000) return undefined;
  return [size, mtimeNs, ctimeNs, dev, ino, mode].join(" ");
}

async function readNote<T>(note: string, identity: string): Promise<T | undefined> {
  try {
    const kept = JSON.parse(await readFile(note, "utf8")) as { identity: string; value: T };
    return kept.identity === identity ? kept.value : undefined;
  } catch {
    return undefined;
  }
}

async function writeNote(note: string, identity: string, value: unknown): Promise<void> {
  makeDirectory(join(note, ".."));
  await writeFile(`${note}.${process.pid}`, JSON.stringify({ identity, value }));
  await rename(`${note}.${process.pid}`, note);
}
