import { constants } from "node:fs/promises";
import { access, open, readFile, readdir, stat } from "../disk/reading.ts";
import { utf8Text } from "../disk/text.ts";
import { InputError } from "../errors.ts";
import { reasonOf } from "../system-error.ts";

// The one file of the inventory that touches the disk.

/** What is at a path; undefined: nothing. */
export type PathKind = "file" | "folder" | undefined;

// Finds out what is at a path, following links.
export async function kindOf(path: string): Promise<PathKind> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(codeOf(error))) return undefined;
    throw fileError(path, error);
  }
}

// The names in a directory, sorted; none if there is no such directory.
export async function listFolder(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).toSorted();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return [];
    throw fileError(path, error);
  }
}

// The text of a file, which must be UTF-8.
export async function readText(path: string): Promise<string> {
  try {
    return utf8Text(await readFile(path), path).replace(/^\uFEFF/, "");
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fileError(path, error);
  }
}

// The first bytes of a file, as text of one byte a letter.
export async function readBeginning(path: string, bytes: number): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
      return buffer.subarray(0, bytesRead).toString("latin1");
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

// Whether this process may execute a file.
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function fileError(path: string, error: unknown): InputError {
  return new InputError(`${path} cannot be read: ${reasonOf(error)}`);
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error) return String(error.code);
  throw error;
}
