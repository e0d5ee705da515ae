import { createHash } from "node:crypto";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { noteUnrepeatable } from "../disk/reading.ts";
import { makeDirectory } from "../disk/make-directory.ts";
import { TaskFailure } from "../errors.ts";
import {
  type Checksum,
  findSum,
  noSum,
  parseChecksum,
  showChecksum,
} from "../modules/shared/files/checksum.ts";
import type { LocalFile } from "../modules/contract/module.ts";
import { describeFile, digestFile } from "./digest.ts";
import { adoptPart, newPart } from "./part.ts";
import { DiskError, fetchText, fetchTo, unreachable } from "./http.ts";
import { sha256Hex } from "../sha256.ts";
import { reasonOf } from "../system-error.ts";

const BYTES_LIMIT = 256 * 1024;

// Where the controller keeps what it has downloaded.
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "hullwright");
}

/**
 * Brings a file into the cache, checked against `checksum`, and never twice: what was checked once
 * against the same checksum is taken from there. A `url` that is a path is a file on the
 * controller, and is only checked.
 */
export async function download(
  url: string,
  checksum: string | undefined,
  cache: string,
): Promise<LocalFile> {
  const wanted = checksum === undefined ? undefined : parseChecksum(checksum);
  if (!isRemote(url)) return checkLocal(url, wanted);
  noteUnrepeatable(`${url} was fetched`);
  const known =
    wanted &&
    ((await cached(wanted.algorithm === "sha256" ? wanted.hex : undefined, cache)) ??
      (await cached(await remembered(url, wanted, cache), cache)));
  if (known) return known;
  const hex = wanted && (wanted.hex ?? (await fetchSum(wanted, url)));
  const sha256 = await fetchInto(cache, url, wanted && { algorithm: wanted.algorithm, hex: hex! });
  if (wanted) await remember(url, wanted, cache, sha256);
  return cachedFile(join(cache, "sha256", sha256));
}

// Tells URLs from paths.
function isRemote(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

// Checks a file that lies on the controller anyway.
async function checkLocal(path: string, wanted: Checksum | undefined): Promise<LocalFile> {
  const file = await describeFile(path);
  const hex = wanted && (wanted.hex ?? (await fetchSum(wanted, path)));
  const found =
    !wanted || wanted.algorithm === "sha256"
      ? file.sha256
      : await digestFile(path, wanted.algorithm);
  if (wanted && found !== hex) throw mismatch(path, wanted, hex!, found);
  return file;
}

// A file of the cache whose content is what its name says; a damaged one is removed.
async function cached(sha256: string | undefined, cache: string): Promise<LocalFile | undefined> {
  if (!sha256) return undefined;
  const path = join(cache, "sha256", sha256);
  const file = await cachedFile(path).catch(() => undefined);
  if (file?.sha256 === sha256) return file;
  await rm(path, { force: true });
  return undefined;
}

// A file in the cache: its permissions mean nothing, and a small one that is not text comes with
// its bytes, since keys are read.
async function cachedFile(path: string): Promise<LocalFile> {
  const { mode: _mode, ...file } = await describeFile(path);
  if (file.text !== undefined || file.size > BYTES_LIMIT) return file;
  return { ...file, content: await readFile(path) };
}

// Where the digest for a URL and a checksum is recorded.
function notePath(url: string, wanted: Checksum, cache: string): string {
  return join(cache, "checked", sha256Hex(`${url}\n${showChecksum(wanted)}`));
}

async function remembered(
  url: string,
  wanted: Checksum,
  cache: string,
): Promise<string | undefined> {
  const note = await readFile(notePath(url, wanted, cache), "utf8").catch(() => "");
  return /^[0-9a-f]{64}$/.exec(note.trim())?.[0];
}

async function remember(
  url: string,
  wanted: Checksum,
  cache: string,
  sha256: string,
): Promise<void> {
  makeDirectory(join(cache, "checked"));
  await writeFile(notePath(url, wanted, cache), `${sha256}\n`);
}

// Reads the file of digests, from a URL or from a path on the controller, and
// picks the digest for `url`.
async function fetchSum(wanted: Checksum, url: string): Promise<string> {
  const sums = wanted.sums!;
  const text = isRemote(sums) ? await fetchText(sums) : await readFile(sums, "utf8");
  const name = basename(isRemote(url) ? decodeURIComponent(new URL(url).pathname) : url);
  const hex = findSum(text, name, wanted.algorithm);
  if (!hex) throw noSum(sums, name);
  return hex;
}

/** A digest that a download must have. */
interface Expected {
  algorithm: Checksum["algorithm"];
  hex: string;
}

// Streams a URL into the cache under its sha256; nothing unverified is ever there under that name.
async function fetchInto(
  cache: string,
  url: string,
  wanted: Expected | undefined,
): Promise<string> {
  const folder = join(cache, "sha256");
  makeCache(folder);
  const part = join(folder, newPart(url, wanted?.hex));
  const isBegun = await adoptPart(part, wanted !== undefined);
  try {
    let [sha256, other] = await store(url, part, wanted);
    if (wanted && other !== wanted.hex && isBegun) {
      // what the run before had begun may have been of another file
      await rm(part);
      [sha256, other] = await store(url, part, wanted);
    }
    if (wanted && other !== wanted.hex) throw mismatch(url, wanted, wanted.hex, other!);
    await rename(part, join(folder, sha256!));
    return sha256!;
  } finally {
    await rm(part, { force: true });
  }
}

// Makes a directory of the cache.
function makeCache(folder: string): void {
  try {
    makeDirectory(folder);
  } catch (error) {
    throw new TaskFailure(
      `downloads cannot be kept in ${folder}: ${reasonOf(error)}`,
      "set XDG_CACHE_HOME to a directory that you may write to",
    );
  }
}

// Appends a download to what is already on disk, and returns its digests.
async function store(url: string, to: string, wanted: Expected | undefined): Promise<string[]> {
  const algorithms = ["sha256", wanted?.algorithm ?? "sha256"];
  const file = await open(to, "a+", 0o600);
  let hashes = algorithms.map((algorithm) => createHash(algorithm));
  let size = 0;
  const count = (chunk: Uint8Array): void => {
    for (const hash of hashes) hash.update(chunk);
    size += chunk.length;
  };
  try {
    const begun = file.createReadStream({ start: 0, autoClose: false });
    for await (const chunk of begun as AsyncIterable<Buffer>) count(chunk);
    const isWhole = size > 0 && hashes[1]!.copy().digest("hex") === wanted?.hex;
    if (!isWhole)
      await fetchTo(url, {
        async write(chunk) {
          for (let done = 0; done < chunk.length;)
            done += (await file.write(chunk, done).catch(onDisk)).bytesWritten;
          count(chunk);
        },
        async reset() {
          hashes = algorithms.map((algorithm) => createHash(algorithm));
          size = 0;
          await file.truncate(0).catch(onDisk);
        },
        size: () => size,
      });
    await file.sync();
    return hashes.map((hash) => hash.digest("hex"));
  } finally {
    await file.close();
  }
}

// What the disk says is no fault of the server.
function onDisk(error: unknown): never {
  throw new DiskError("the disk", { cause: unreachable("it to the cache", error as Error) });
}

function mismatch(
  from: string,
  wanted: { algorithm: string },
  expected: string,
  found: string,
): TaskFailure {
  return new TaskFailure(
    `${from} has the ${wanted.algorithm} ${found}, not ${expected}`,
    "the file or the checksum is of another release, or the file was tampered with",
  );
}
