import { existsSync } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { TaskFailure } from "../errors.ts";
import type { ArchiveMember, LocalFile, LocalTree } from "../modules/module.ts";
import { listArchive } from "./archive.ts";
import { describeFile } from "./digest.ts";
import { cacheFolder, download } from "./download.ts";
import { learnt } from "./learnt.ts";

/** What planning wants from the controller's disk. Paths are absolute. */
export type LocalRequest =
  | { kind: "file"; path: string }
  | { kind: "tree"; path: string }
  | { kind: "archive"; path: string }
  | { kind: "download"; url: string; checksum?: string };

export type LoadedAnswer = { value: LocalFile | LocalTree | ArchiveMember[] } | { error: TaskFailure };

/** The controller's files as planning sees them: looked up and read once a run, for all hosts. */
export interface ControllerFiles {
  /** A file by Ansible's search order: for each folder, first its `files` (or `templates` ...), then itself. */
  find(name: string, where: "files" | "templates" | "vars" | "tasks" | "roles", searchPath: readonly string[]): string | undefined;
  /** What `load` brought; undefined: it was not asked for yet. */
  loaded(request: LocalRequest): LoadedAnswer | undefined;
  /** Reads what is wanted, each once; what fails is an answer too. */
  load(requests: readonly LocalRequest[]): Promise<void>;
}

// The files of this machine. `cache` is the folder for downloads and for what was learnt of big files.
export function controllerFiles(cache: string = cacheFolder()): ControllerFiles {
  const answers = new Map<string, LoadedAnswer>();
  const underway = new Map<string, Promise<void>>();
  return {
    find: findFile,
    loaded: (request) => answers.get(keyOf(request)),
    async load(requests) {
      for (const request of requests) {
        const key = keyOf(request);
        if (!underway.has(key)) underway.set(key, read(request, cache).then((answer) => void answers.set(key, answer)));
      }
      await Promise.all(requests.map((request) => underway.get(keyOf(request))));
    },
  };
}

// Equal requests have equal keys.
function keyOf(request: LocalRequest): string {
  return request.kind === "download" ? `download ${request.url}\n${request.checksum ?? ""}` : `${request.kind} ${request.path}`;
}

// Looks for a file as Ansible does.
function findFile(name: string, where: string, searchPath: readonly string[]): string | undefined {
  if (name === "~" || name.startsWith("~/")) return existing(join(homedir(), name.slice(1)));
  if (isAbsolute(name)) return existing(resolve(name));
  for (const folder of searchPath) {
    const found = existing(resolve(folder, where, name)) ?? existing(resolve(folder, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

// Answers one request; a failure is an answer, so that it fails the tasks that asked and no others.
async function read(request: LocalRequest, cache: string): Promise<LoadedAnswer> {
  try {
    return { value: await readValue(request, cache) };
  } catch (error) {
    return { error: error instanceof TaskFailure ? error : unreadable(request, error as NodeJS.ErrnoException) };
  }
}

function readValue(request: LocalRequest, cache: string): Promise<LocalFile | LocalTree | ArchiveMember[]> {
  switch (request.kind) {
    case "file": return learnt(cache, "file", request.path, () => describeFile(request.path));
    case "tree": return readTree(request.path);
    case "archive": return learnt(cache, "archive", request.path, () => listArchive(request.path));
    case "download": return download(request.url, request.checksum, cache);
  }
}

// Everything below a folder, in the order of names; links are kept as links.
async function readTree(root: string): Promise<LocalTree> {
  const entries: LocalTree["entries"] = [];
  const names = await readdir(root, { recursive: true });
  for (const path of names.sort()) {
    const at = join(root, path);
    const found = await lstat(at);
    const mode = found.mode & 0o7777;
    if (found.isDirectory()) entries.push({ path: `${path}/`, type: "directory", mode });
    else if (found.isSymbolicLink()) entries.push({ path, type: "link", mode, target: await readlink(at) });
    else entries.push({ path, type: "file", mode, file: await describeFile(at) });
  }
  return { entries };
}

// Says what the system says, with the file's name.
function unreadable(request: LocalRequest, error: NodeJS.ErrnoException): TaskFailure {
  const name = request.kind === "download" ? request.url : request.path;
  const hint = error.code === "EACCES" ? "run as a user who may read it" : error.code === "ENOENT" ? "check the path; relative ones are looked for beside the playbook and in its role" : undefined;
  return new TaskFailure(`cannot read ${name} on the controller: ${error.message}`, hint);
}
