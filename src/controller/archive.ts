import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { PassThrough, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract, type Entry, type Headers } from "tar-stream";
import { createReadStream, open } from "../disk/reading.ts";
import { TaskFailure } from "../errors.ts";
import type { ArchiveMember } from "../modules/contract/module.ts";
import { defined } from "../defined.ts";

/** Compressions by the bytes that a file begins with, and the program that undoes them. */
const COMPRESSIONS: readonly [magic: string, program: string][] = [
  ["1f8b", "gzip"],
  ["fd377a585a00", "xz"],
  ["425a68", "bzip2"],
  ["28b52ffd", "zstd"],
  ["504b0304", "zip"],
  ["504b0506", "zip"],
];
const TYPES: { readonly [type: string]: ArchiveMember["type"] } = {
  file: "file",
  "contiguous-file": "file",
  directory: "directory",
  symlink: "link",
  link: "hardlink",
};

// Lists a tar archive on the controller with the digests of its files, in one pass.
export async function listArchive(path: string): Promise<ArchiveMember[]> {
  const members: ArchiveMember[] = [];
  const reader = extract();
  const source = await decompress(path);
  source.on("error", (error) => reader.destroy(error));
  source.pipe(reader);
  try {
    for await (const entry of reader) members.push(await readMember(path, entry));
  } catch (error) {
    throw error instanceof TaskFailure ? error : damaged(path, error as Error);
  } finally {
    source.destroy();
  }
  if (members.length === 0) throw new TaskFailure(`${path} is not a tar archive, or is empty`);
  return linked(members);
}

// Reads one member: its digest, and its text if it says what an archive of images holds.
async function readMember(path: string, entry: Entry): Promise<ArchiveMember> {
  const hash = createHash("sha256");
  const kept: Buffer[] | undefined = isImageIndex(entry.header) ? [] : undefined;
  for await (const chunk of entry as AsyncIterable<Buffer>) {
    hash.update(chunk);
    kept?.push(chunk);
  }
  const found = member(path, entry.header, hash.digest("hex"));
  return kept ? { ...found, text: Buffer.concat(kept).toString("utf8") } : found;
}

// Tells the members that say what an archive of images holds.
function isImageIndex({ name, size = 0 }: Headers): boolean {
  return /^(\.\/)?(index|manifest)\.json$/.test(name) && size <= 1024 * 1024;
}

// Opens an archive and undoes its compression: gzip here, others by the controller's own programs.
async function decompress(path: string): Promise<Readable> {
  const program = await compression(path);
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (program === undefined) return file;
  if (program === "gzip") return pass(file, createGunzip());
  if (program === "zip")
    throw new TaskFailure(
      `${path} is a zip archive, and only tar archives can be unpacked`,
      "use the release as .tar.gz, or unpack it with the command module",
    );
  return unpackWith(program, path, file);
}

// Undoes a compression with a program; the result ends well only if the program does.
function unpackWith(program: string, path: string, file: Readable): Readable {
  const result = new PassThrough();
  const child = spawn(program, ["-dc"], { stdio: ["pipe", "pipe", "ignore"] });
  const missing = new TaskFailure(
    `${path} is compressed with ${program}, which the controller does not have`,
    `install ${program}, or use the archive as .tar.gz`,
  );
  child.on("error", () => result.destroy(missing));
  child.on("close", (code) =>
    code === 0 ? result.end() : result.destroy(new Error(`${program} ended with code ${code}`)),
  );
  child.stdin.on("error", () => undefined);
  file.on("error", (error) => result.destroy(error)).pipe(child.stdin);
  child.stdout.pipe(result, { end: false });
  return result.on("close", () => child.kill());
}

// Pipes a file through a filter; an error of either is one of the result.
function pass(file: Readable, filter: Readable & NodeJS.WritableStream): Readable {
  file.on("error", (error) => filter.destroy(error)).pipe(filter);
  return filter;
}

// What a file is packed with, by its first bytes.
async function compression(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    const start = buffer.subarray(0, bytesRead).toString("hex");
    return COMPRESSIONS.find(([magic]) => start.startsWith(magic))?.[1];
  } finally {
    await file.close();
  }
}

// One member as the modules know it; devices and pipes are not for releases.
function member(path: string, header: Headers, sha256: string): ArchiveMember {
  const type = TYPES[header.type ?? "file"];
  if (!type)
    throw new TaskFailure(
      `${path} holds ${header.name}, a ${header.type}, which cannot be unpacked`,
    );
  return {
    path: header.name,
    type,
    mode: (header.mode ?? 0o644) & 0o7777,
    size: header.size ?? 0,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    ...defined({
      uname: header.uname || undefined,
      gname: header.gname || undefined,
      sha256: type === "file" ? sha256 : undefined,
      target: header.linkname && type !== "file" ? header.linkname : undefined,
    }),
  };
}

// A hard link has the content of the member that it names.
function linked(members: ArchiveMember[]): ArchiveMember[] {
  const files = new Map(members.map((found) => [found.path, found]));
  return members.map((found) => {
    const origin = found.type === "hardlink" ? files.get(found.target ?? "") : undefined;
    return origin?.sha256 ? { ...found, sha256: origin.sha256, size: origin.size } : found;
  });
}

function damaged(path: string, error: Error): TaskFailure {
  return new TaskFailure(
    `${path} cannot be read as a tar archive: ${error.message}`,
    "it may be truncated; download it again, with a checksum",
  );
}
