import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { buffer } from "node:stream/consumers";
import { extract, pack } from "tar-stream";
import { InputError, UnplacedError } from "../errors.ts";
import { makeDirectory } from "../disk/make-directory.ts";
import { sha256Hex } from "../sha256.ts";

/** A directory as it travels to workers: a tar archive, and its digest. */
export interface Bundle {
  content: Buffer;
  /** SHA-256, in hex. */
  digest: string;
}

/** Directories that no playbook reads from. */
const LEFT_OUT: ReadonlySet<string> = new Set([".git", ".hg", ".svn", "node_modules"]);

/** The largest sum of files that travels, in bytes. */
const LIMIT = 256 * 1024 * 1024;

// Packs a directory; the same files make the same bytes, whenever and wherever. Throws
// InputError where it is too large.
export async function packDirectory(root: string): Promise<Bundle> {
  const archive = pack();
  const content = buffer(archive);
  let size = 0;
  for (const path of pathsBelow(root, "")) {
    const full = join(root, path);
    const stat = lstatSync(full);
    const header = { name: path, mode: stat.mode & 0o777, mtime: new Date(0) };
    if (stat.isDirectory()) archive.entry({ ...header, type: "directory" });
    else if (stat.isSymbolicLink())
      archive.entry({ ...header, type: "symlink", linkname: readlinkSync(full) });
    else if (stat.isFile()) {
      size += stat.size;
      if (size > LIMIT) throw tooLarge(root, path);
      archive.entry(header, readFileSync(full));
    }
  }
  archive.finalize();
  const bytes = await content;
  return { content: bytes, digest: sha256Hex(bytes) };
}

function tooLarge(root: string, path: string): InputError {
  return new UnplacedError(
    `${root} is too large to be sent to workers: it holds more than ${LIMIT / 1024 / 1024} MiB, at ${path} among others`,
    "call hullwright in the directory that holds the playbook, its roles, files and inventory, and nothing else",
  );
}

// All paths below a directory, each directory before what is in it.
function pathsBelow(root: string, at: string): string[] {
  return readdirSync(join(root, at), { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(at, entry.name);
      return entry.isDirectory() ? [path, ...pathsBelow(root, path)] : [path];
    });
}

// Unpacks a bundle into an empty directory. Throws where a path of it leads outside.
export async function unpackTo(root: string, content: Buffer): Promise<void> {
  const archive = extract();
  archive.end(content);
  for await (const entry of archive) {
    const { name, type, mode, linkname } = entry.header;
    const path = normalize(name);
    if (isAbsolute(path) || path.split("/").includes(".."))
      throw new InputError(`the bundle holds a path that leads outside of it: ${name}`);
    const full = join(root, path);
    makeDirectory(dirname(full), 0o700);
    if (type === "directory") {
      makeDirectory(full, 0o700);
      entry.resume();
    } else if (type === "symlink") {
      symlinkSync(linkname!, full);
      entry.resume();
    } else writeFileSync(full, await buffer(entry), { mode: mode! | 0o400, flag: "wx" });
  }
}
