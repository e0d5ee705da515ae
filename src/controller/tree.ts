import { join } from "node:path";
import { defined } from "../defined.ts";
import { lstat, readdir, readlink, realpath, stat } from "../disk/reading.ts";
import type { LocalTree, TreeEntry } from "../modules/contract/local-tree.ts";
import type { Vault } from "../vault/vault.ts";
import { decryptedFile } from "./decrypted.ts";
import { describeFile } from "./digest.ts";

/** How a tree is read. */
export interface TreeReading {
  /** It decrypts what ansible-vault encrypted; undefined: files are taken as they are. */
  vault: Vault | undefined;
  /** Goes into directories that links lead to, unless that is a circle. */
  follow: boolean;
}

/** A directory within a tree that is read. */
interface Within {
  root: string;
  /** The directory, relative to the root, with a slash at its end; "": the root. */
  base: string;
  /** The resolved paths of the directories that it is in, and its own. */
  above: readonly string[];
}

// Reads a directory of the controller, by name, directories before what is in them.
export async function readTree(root: string, reading: TreeReading): Promise<LocalTree> {
  const above = [await realpath(root)];
  return { entries: await entriesBelow({ root, base: "", above }, reading) };
}

async function entriesBelow(within: Within, reading: TreeReading): Promise<TreeEntry[]> {
  const names = (await readdir(join(within.root, within.base))).sort();
  const entries: TreeEntry[] = [];
  for (const name of names) entries.push(...(await entriesAt(within, name, reading)));
  return entries;
}

// One entry, with all that is below it.
async function entriesAt(within: Within, name: string, reading: TreeReading): Promise<TreeEntry[]> {
  const path = `${within.base}${name}`;
  const at = join(within.root, path);
  const found = await lstat(at);
  const mode = found.mode & 0o7777;
  if (found.isDirectory()) return directoryAt(within, path, mode, reading);
  if (!found.isSymbolicLink())
    return [{ path, type: "file", mode, file: await fileAt(at, reading) }];
  const end = await stat(at).catch(() => undefined); // none: it leads nowhere, or to itself
  if (reading.follow && end?.isDirectory() && !within.above.includes(await realpath(at)))
    return directoryAt(within, path, mode, reading);
  const leadsToFile = end?.isFile() ? true : undefined;
  return [{ path, type: "link", mode, target: await readlink(at), ...defined({ leadsToFile }) }];
}

async function directoryAt(
  { root, above }: Within,
  path: string,
  mode: number,
  reading: TreeReading,
): Promise<TreeEntry[]> {
  const real = await realpath(join(root, path));
  const within = { root, base: `${path}/`, above: [...above, real] };
  return [{ path: within.base, type: "directory", mode }, ...(await entriesBelow(within, reading))];
}

async function fileAt(at: string, { vault }: TreeReading) {
  return (vault && (await decryptedFile(at, vault))) ?? (await describeFile(at));
}
