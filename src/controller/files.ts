import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { existsSync, statSync } from "../disk/reading.ts";
import { InputError, plainly, TaskFailure } from "../errors.ts";
import type { ArchiveMember, ControllerPath, LocalFile } from "../modules/contract/module.ts";
import type { LocalTree } from "../modules/contract/local-tree.ts";
import type { BroughtFile } from "../modules/contract/controller-step.ts";
import { Vault } from "../vault/vault.ts";
import { listArchive } from "./archive.ts";
import { decryptedFile } from "./decrypted.ts";
import { readVars } from "./read-vars.ts";
import { bringFile, lookHere, type WantedFile } from "./receive.ts";
import { describeFile } from "./digest.ts";
import { readTree } from "./tree.ts";
import { cacheFolder, download } from "./download.ts";
import { ExpectedFiles, type Maker } from "./expected.ts";
import { GeneratedFiles } from "./generated-files.ts";
import { fileCache } from "./file-cache.ts";
import { filePlaces } from "../playbook/load/search-paths.ts";
import type { MapNode } from "../yaml/node.ts";
import { reasonOf } from "../system-error.ts";

/**
 * What planning wants from the controller's disk. Paths are absolute. What ansible-vault encrypted
 * is decrypted unless it is wanted `encrypted`.
 */
export type LocalRequest =
  | { kind: "file"; path: string; encrypted?: true }
  | { kind: "tree"; path: string; encrypted?: true; follow?: true }
  | { kind: "archive"; path: string }
  | { kind: "here"; path: string }
  | { kind: "vars"; path: string }
  | { kind: "download"; url: string; checksum?: string };

export type LoadedAnswer =
  | { value: LocalFile | LocalTree | ArchiveMember[] | ControllerPath | MapNode | null }
  | { error: TaskFailure | InputError };

/** The controller's files as planning sees them: looked up and read once a run, for all hosts. */
export interface ControllerFiles {
  /**
   * A file by Ansible's search order: in each directory, first its `files` (or `templates` ...),
   * then the directory itself.
   */
  find(
    name: string,
    where: "files" | "templates" | "vars" | "tasks" | "handlers",
    searchPath: readonly string[],
  ): string | undefined;
  /** What `load` brought; undefined: it was not asked for yet. */
  loaded(request: LocalRequest): LoadedAnswer | undefined;
  /** Reads what is wanted, each once; what fails is an answer too. */
  load(requests: readonly LocalRequest[]): Promise<void>;
  /** An absolute path: a relative one is resolved from `folder`, `~` is the home. */
  place(name: string, folder: string): string;
  /**
   * Notes that a planned task may bring this file from a host, and whether that is
   * another than what is here.
   */
  expect(path: string, task: string, isOther: boolean): void;
  /** Notes a planned task that may make or rewrite files of this machine. */
  expectMany(maker: Maker): void;
  /** The task that decides what kind of thing is at a path, if one is still to do so. */
  expectedAt(path: string): string | undefined;
  /** The task that decides which files with certain names a directory has, likewise. */
  expectedIn(directory: string, isNamed: (name: string) => boolean): string | undefined;
  /** Forgets what was read: tasks have changed this machine. */
  forget(): void;
  /** Whether anything is expected. */
  readonly isExpecting: boolean;
  /** Forgets everything that was expected, because a new pass plans again. */
  expectNothing(): void;
  /**
   * The task that brings the file which a search finds, or would find: undefined where
   * it is here as it will be.
   */
  expected(name: string, where: string, searchPath: readonly string[]): string | undefined;
  /** The files of this machine that templates make. */
  generated: GeneratedFiles;
  /** The paths at which a search looks, the first choice first. */
  places(name: string, where: string, searchPath: readonly string[]): string[];
  /**
   * Writes a file that comes from a host in pieces, and forgets what was known
   * of it. Throws TaskFailure.
   */
  bring(path: string, pieces: AsyncIterable<Buffer>, wanted: WantedFile): Promise<BroughtFile>;
}

// The files of the controller. `cache` is the directory for downloads and for what was
// learned about large files.
export function controllerFiles(
  cache: string = cacheFolder(),
  vault = new Vault(),
  onRead: (path: string) => void = () => {},
): ControllerFiles {
  const answers = new Map<string, LoadedAnswer>();
  const underway = new Map<string, Promise<void>>();
  const awaited = new ExpectedFiles();
  const generated = new GeneratedFiles();
  return {
    find: findFile,
    loaded: (request) => answers.get(keyOf(request)),
    async load(requests) {
      for (const request of requests) {
        const key = keyOf(request);
        if (!underway.has(key))
          underway.set(
            key,
            read(request, cache, vault).then((answer) => {
              pathsIn(request, answer).forEach(onRead);
              answers.set(key, answer);
            }),
          );
      }
      await Promise.all(requests.flatMap((request) => underway.get(keyOf(request)) ?? []));
    },
    generated,
    place: (name, folder) => resolve(folder, atHome(name)),
    places: candidates,
    expect: awaited.bring.bind(awaited),
    expectMany: awaited.add.bind(awaited),
    expectedAt: awaited.at.bind(awaited),
    expectedIn: awaited.within.bind(awaited),
    forget() {
      for (const key of [...underway.keys()].filter((known) => !known.startsWith("download ")))
        for (const memory of [answers, underway]) memory.delete(key);
    },
    get isExpecting() {
      return !awaited.isEmpty;
    },
    expectNothing() {
      awaited.clear();
      generated.expectNothing();
    },
    expected: (name, where, searchPath) =>
      awaited.maker(findFile(name, where, searchPath), candidates(name, where, searchPath)),
    async bring(path, pieces, wanted) {
      const brought = await bringFile(path, pieces, wanted);
      awaited.arrived(path);
      for (const key of [...underway.keys()].filter((known) => concerns(known, path)))
        for (const memory of [answers, underway]) memory.delete(key);
      return brought;
    },
  };
}

// Whether what is known under a key is about a path, or a directory that contains it. A tree whose
// links are followed may contain any.
function concerns(key: string, path: string): boolean {
  const start = key.indexOf(" /");
  const [how, subject] = [key.slice(0, start), key.slice(start + 1)];
  return how.endsWith(" follow") || path === subject || path.startsWith(`${subject}/`);
}

/** The forms of what is read, in the order of keys. */
const FORMS = ["encrypted", "follow"];

// Equal requests have equal keys.
function keyOf(request: LocalRequest): string {
  return request.kind === "download"
    ? `download ${request.url}\n${request.checksum ?? ""}`
    : [request.kind, ...FORMS.filter((form) => form in request), request.path].join(" ");
}

/** Answers that leave open what is at a path. */
const UNSEEN = new Set(["EACCES", "ELOOP", "EIO"]);

// Looks for a file as Ansible does. Where none is found, a place that could not be looked at is a
// mistake: what is there would be left out in silence.
function findFile(name: string, where: string, searchPath: readonly string[]): string | undefined {
  const places = candidates(name, where, searchPath);
  const found = places.find((path) => existsSync(path));
  if (found === undefined) for (const place of places) refuseHidden(place);
  return found;
}

function refuseHidden(path: string): void {
  try {
    statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (UNSEEN.has((error as NodeJS.ErrnoException).code ?? "")) throw plainly(error);
  }
}

// The paths at which a file may be, the first choice first.
function candidates(name: string, where: string, searchPath: readonly string[]): string[] {
  const plain = atHome(name);
  return isAbsolute(plain)
    ? [resolve(plain)]
    : filePlaces(plain, where, searchPath).map((path) => resolve(path));
}

// A path whose `~` is written out.
function atHome(name: string): string {
  return name === "~" || name.startsWith("~/") ? join(homedir(), name.slice(1)) : name;
}

// The files that an answer was made of.
function pathsIn(request: LocalRequest, answer: LoadedAnswer): string[] {
  if (request.kind === "download" || request.kind === "here" || "error" in answer) return [];
  if (request.kind !== "tree") return [request.path];
  return (answer.value as LocalTree).entries
    .filter(({ type }) => type === "file")
    .map(({ path }) => join(request.path, path));
}

// Answers one request; a failure is an answer, so that it fails the tasks that asked and no others.
async function read(request: LocalRequest, cache: string, vault: Vault): Promise<LoadedAnswer> {
  try {
    return { value: await readValue(request, cache, vault) };
  } catch (error) {
    return {
      error:
        error instanceof TaskFailure || error instanceof InputError
          ? error
          : unreadable(request, error as NodeJS.ErrnoException),
    };
  }
}

async function readValue(
  request: LocalRequest,
  cache: string,
  vault: Vault,
): Promise<LocalFile | LocalTree | ArchiveMember[] | ControllerPath | MapNode | null> {
  switch (request.kind) {
    case "file":
      return (
        (request.encrypted ? undefined : await decryptedFile(request.path, vault)) ??
        fileCache(cache, "file", request.path, () => describeFile(request.path))
      );
    case "tree":
      return readTree(request.path, {
        vault: request.encrypted ? undefined : vault,
        follow: request.follow === true,
      });
    case "archive":
      return fileCache(cache, "archive with texts", request.path, () => listArchive(request.path));
    case "here":
      return lookHere(request.path);
    case "vars":
      return readVars(request.path, vault);
    case "download":
      return download(request.url, request.checksum, cache);
  }
}

// Says what the system says, with the file's name.
function unreadable(request: LocalRequest, error: NodeJS.ErrnoException): TaskFailure {
  const name = request.kind === "download" ? request.url : request.path;
  if (error.code === "ENOENT")
    return new TaskFailure(
      `there is no ${name} on the controller`,
      "check the path; a relative path is looked for in the role and next to the playbook",
    );
  return new TaskFailure(
    `cannot read ${name} on the controller: ${reasonOf(error)}`,
    error.code === "EACCES" ? "run as a user who can read it" : undefined,
  );
}
