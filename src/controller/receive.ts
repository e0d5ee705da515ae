import { createHash, randomBytes } from "node:crypto";
import { chmod, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { open, realpath, stat } from "../disk/reading.ts";
import { makeDirectory } from "../disk/make-directory.ts";
import { TaskFailure } from "../errors.ts";
import type { ControllerPath } from "../modules/contract/module.ts";
import type { BroughtFile } from "../modules/contract/controller-step.ts";
import { digestFile } from "./digest.ts";

// What is at a path on the controller, with the digests of a file; null: nothing.
export async function lookHere(path: string): Promise<ControllerPath | null> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (!found) return null;
  if (found.isDirectory()) return { type: "directory" };
  if (!found.isFile()) throw new TaskFailure(`${path} on the controller is not a regular file`);
  const sums = hashes();
  await digestFile(path, "sha256", (chunk) => sums.see(chunk));
  return { type: "file", ...sums.take() };
}

/**
 * What a file that is brought must be, and the permissions that a new one gets as the
 * umask lets it; both if known.
 */
export interface WantedFile {
  sha256?: string | undefined;
  mode?: number | undefined;
}

// Writes a file that arrives in pieces: beside its destination, verified, synced, renamed. An
// existing file keeps its mode; a link is followed. Throws TaskFailure if the content is not the
// expected one, or the destination cannot be written.
export async function bringFile(
  to: string,
  pieces: AsyncIterable<Buffer>,
  { sha256: wanted, mode = 0o666 }: WantedFile,
): Promise<BroughtFile> {
  const place = await realpath(to).catch(() => to);
  const temporary = `${place}.${randomBytes(4).toString("hex")}.part`;
  try {
    makeDirectory(dirname(place));
    const sums = await writePieces(temporary, pieces, (mode & 0o777) | 0o200);
    if (wanted !== undefined && sums.sha256 !== wanted)
      throw new TaskFailure(
        "checksum mismatch",
        `the host's file changed while it was fetched: its sha256 was ${wanted}, and what arrived has ${sums.sha256}`,
      );
    const before = await stat(place).catch(() => undefined);
    if (before) await chmod(temporary, before.mode & 0o7777);
    await rename(temporary, place);
    return sums;
  } catch (error) {
    await rm(temporary, { force: true });
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new TaskFailure(
      `cannot write ${to} on the controller: ${error.message}`,
      "choose another dest, or run as a user who can write there",
    );
  }
}

// Writes the pieces to a new file, and syncs it.
async function writePieces(
  path: string,
  pieces: AsyncIterable<Buffer>,
  mode: number,
): Promise<BroughtFile> {
  const sums = hashes();
  const file = await open(path, "wx", mode);
  try {
    for await (const piece of pieces) {
      sums.see(piece);
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return sums.take();
}

// All digests that results contain, computed along the way.
function hashes(): { see(chunk: Buffer): void; take(): BroughtFile } {
  const all = { sha256: createHash("sha256"), sha1: createHash("sha1"), md5: createHash("md5") };
  return {
    see: (chunk) => Object.values(all).forEach((hash) => hash.update(chunk)),
    take: () => ({
      sha256: all.sha256.digest("hex"),
      sha1: all.sha1.digest("hex"),
      md5: all.md5.digest("hex"),
    }),
  };
}
