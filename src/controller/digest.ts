import { createHash } from "node:crypto";
import { createReadStream, stat } from "../disk/reading.ts";
import { DirectoryError, TaskFailure } from "../errors.ts";
import type { LocalFile } from "../modules/contract/module.ts";
import { defined } from "../defined.ts";
import { attempt } from "../instead-of.ts";

const TEXT_LIMIT = 1024 * 1024;

// Describes a file on the controller: size, permissions, digest, and its text if it is one.
export async function describeFile(path: string): Promise<LocalFile> {
  const found = await stat(path);
  if (found.isDirectory()) throw new DirectoryError(path);
  if (!found.isFile()) throw new TaskFailure(`${path} on the controller is not a regular file`);
  const kept: Buffer[] = [];
  const sha256 = await digestFile(
    path,
    "sha256",
    found.size <= TEXT_LIMIT ? (chunk) => kept.push(chunk) : undefined,
  );
  const text = found.size <= TEXT_LIMIT ? decode(Buffer.concat(kept)) : undefined;
  return { path, size: found.size, sha256, mode: found.mode & 0o7777, ...defined({ text }) };
}

// The digest of a file, read as a stream.
export async function digestFile(
  path: string,
  algorithm: string,
  see?: (chunk: Buffer) => void,
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, {
    highWaterMark: 1024 * 1024,
  }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    see?.(chunk);
  }
  return hash.digest("hex");
}

// Bytes as text, if they are UTF-8.
export function decode(bytes: Buffer): string | undefined {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return attempt(() => decoder.decode(bytes));
}
