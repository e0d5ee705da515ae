import { homedir, tmpdir } from "node:os";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { existsSync, readFileSync, statSync } from "../../disk/reading.ts";
import { digestFile } from "../../controller/digest.ts";
import { PROGRAM } from "../playbook-path.ts";
import { attempt } from "../../instead-of.ts";

/** What a file of this machine was read for. */
export type ReadKind = "playbook" | "inventory" | "variables" | "file";

/** A file that a plan was made from. */
export interface RecordedFile {
  /** Relative to the directory of planning where it moves with it, else absolute. */
  path: string;
  /** It comes with hullwright: the path is relative to where that is. */
  shipped?: true;
  kind: ReadKind;
  /** Of its bytes; of what ansible-vault encrypted, too. */
  sha256: string;
}

/** What tasks call other hosts of their play by, and what is known of them. */
const OF_OTHERS = /\b(?:hostvars|(?:ansible_)?play_hosts|ansible_play_(?:hosts_all|batch))\b/;

/** The files of this machine that a run has read. */
export class ReadFiles {
  private readonly kinds = new Map<string, ReadKind>();

  // Notes a file; what it was first read for counts.
  note(path: string, kind: ReadKind): void {
    const absolute = resolve(path);
    if (!this.kinds.has(absolute)) this.kinds.set(absolute, kind);
  }

  // Whether a word occurs in a playbook, or in a file that a playbook reads.
  hasWord(word: string): boolean {
    const pattern = new RegExp(`(?<![\\w-])${word}(?!\\w|\\s*[:=])`);
    return [...this.kinds].some(
      ([path, kind]) => (kind === "playbook" || kind === "file") && pattern.test(textOf(path)),
    );
  }

  // Whether one of them has a word by which tasks look at other hosts, also where
  // no walk has come to it yet.
  get mayLookElsewhere(): boolean {
    return [...this.kinds.keys()].some((path) => OF_OTHERS.test(textOf(path)));
  }

  // Whether all of them can be read again: a pipe gives what is in it once.
  get areLasting(): boolean {
    return [...this.kinds.keys()].every(
      (path) => statSync(path, { throwIfNoEntry: false })?.isFile() !== false,
    );
  }

  // All of them with their digests, in the order of their paths.
  async recorded(directory: string): Promise<RecordedFile[]> {
    const files: RecordedFile[] = [];
    for (const [path, kind] of [...this.kinds].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (existsSync(path))
        files.push({
          ...portablePath(path, directory),
          kind,
          sha256: await digestFile(path, "sha256"),
        });
    }
    return files;
  }
}

// The text of a file; nothing where it cannot be read.
function textOf(path: string): string {
  return attempt(() => readFileSync(path, "utf8")) ?? "";
}

// A path as it is written down, so that it is found again from another
// directory or on another machine.
export function portablePath(path: string, directory: string): { path: string; shipped?: true } {
  const [absolute, ofProgram] = [
    resolve(directory, path),
    relative(PROGRAM, resolve(directory, path)),
  ];
  if (isInside(ofProgram) && !isInside(relative(directory, absolute)))
    return { path: ofProgram, shipped: true };
  return {
    path: movesAlong(absolute, directory) ? relative(directory, absolute) || "." : absolute,
  };
}

// Where a path that was written down is, seen from a directory.
export function foundPath(
  { path, shipped }: { path: string; shipped?: true },
  directory: string,
): string {
  return shipped ? join(PROGRAM, path) : resolve(directory, path);
}

/** What became of a file that a plan was made from. */
export interface FileChange {
  file: RecordedFile;
  what: "changed" | "gone";
}

// The files that are not any more as they were when they were written down.
export async function changedFiles(
  files: readonly RecordedFile[],
  directory: string,
): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  for (const file of files) {
    const path = foundPath(file, directory);
    if (!existsSync(path)) changes.push({ file, what: "gone" });
    else if ((await digestFile(path, "sha256").catch(() => "")) !== file.sha256)
      changes.push({ file, what: "changed" });
  }
  return changes;
}

// Whether a file is moved together with the directory: both lie in one tree that is neither a
// home nor the whole machine.
function movesAlong(path: string, directory: string): boolean {
  if (isInside(relative(directory, path))) return true;
  const [parts, others] = [path.split(sep), directory.split(sep)];
  const same = parts.findIndex((part, index) => part !== others[index]);
  const common = parts.slice(0, same).join(sep);
  return ![homedir(), tmpdir(), "", sep].includes(common) && same > 2;
}

function isInside(path: string): boolean {
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
