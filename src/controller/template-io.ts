import { isUtf8 } from "node:buffer";
import { spawnSync } from "node:child_process";
import { type Stats } from "node:fs";
import { homedir, hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { lstatSync, readFileSync, readdirSync, realpathSync, statSync } from "../disk/reading.ts";
import { readText } from "../disk/text.ts";
import { TaskFailure, type Place } from "../errors.ts";
import type { Outside, WhatIsThere } from "../jinja/template-io.ts";
import { Unknown } from "../value.ts";
import { seal } from "../vault/cipher.ts";
import { isEncrypted, writeEnvelope } from "../vault/envelope.ts";
import { Vault } from "../vault/vault.ts";
import { urlAsker } from "./ask-url.ts";
import { Chance } from "./random.ts";
import type { ControllerFiles } from "./files.ts";
import { attempt } from "../instead-of.ts";
import { reasonOf } from "../system-error.ts";

/** Directories of a role, next to which its other directories are. */
const ROLE_FOLDERS = new Set(["tasks", "handlers", "templates", "vars", "defaults", "files"]);

// What templates and lookups may see of this machine.
export function controllerOutside(
  files: ControllerFiles,
  playbookFolder: string,
  vault = new Vault(),
): Omit<Outside, "hosts"> {
  const chance = new Chance();
  const folders = (from: Place, searchPath?: readonly string[]): readonly string[] => {
    if (searchPath) return searchPath;
    const beside = dirname(from.file);
    return [
      ...(ROLE_FOLDERS.has(basename(beside)) ? [dirname(beside)] : []),
      beside,
      playbookFolder,
    ];
  };
  return {
    find(path, where, from, searchPath) {
      const among = folders(from, searchPath);
      const awaited = files.expected(path, where, among);
      return awaitedBy(awaited) ?? files.find(path, where, among);
    },
    places: (path, where, from, searchPath) => files.places(path, where, folders(from, searchPath)),
    read: (path) => vault.content(readText(path), { file: path, line: 1, column: 1 }),
    decrypt: (text, from) => vault.value(text, from),
    encrypt: (text, secret, id, salt) => encryptText(text, secret, id, salt ?? chance),
    decryptWith: (text, secret, from) =>
      isEncrypted(text) ? vault.reveal(text, secret, from) : text,
    stat: (path) => awaitedBy(files.expectedAt(resolve(path))) ?? describe(resolve(path)),
    written(path) {
      const { uid, mtimeMs } = statSync(path);
      return { owner: nameOfUser(uid), at: mtimeMs };
    },
    glob: (pattern, from, searchPath) => glob(files, pattern, folders(from, searchPath)),
    realpath: (path) => resolveLinks(resolve(path)),
    cwd: () => process.cwd(),
    home: (user) => (user === undefined ? homedir() : homeOf(user)),
    hostname,
    variable: (name) => process.env[name],
    now: () => chance.now(),
    random: () => chance.random(),
    begin: (key) => chance.begin(key),
    keep: (path, make) => keep(files, files.place(path, playbookFolder), make),
    get: urlAsker(),
    pipe: (command) =>
      chance.once(JSON.stringify(command), () => runCommand(command, playbookFolder)),
  };
}

// Runs a command of the shell on this machine.
function runCommand(command: string, cwd: string): ReturnType<Outside["pipe"]> {
  const said = spawnSync("/bin/sh", ["-c", command], { cwd, maxBuffer: 1 << 28 });
  const { status, signal, error } = said;
  if (error) return { stdout: "", failure: `could not be run: ${error.message}` };
  const stdout = said.stdout.toString("utf8");
  if (signal !== null) return { stdout, failure: `was killed by ${signal}` };
  if (!isUtf8(said.stdout)) return { stdout, failure: "printed what is not UTF-8 text" };
  return status === 0 ? { stdout } : { stdout, failure: `returned ${status}` };
}

// A file that a template makes; what the system says against it fails the task that wants it.
function keep(
  files: ControllerFiles,
  path: string,
  make: Parameters<Outside["keep"]>[1],
): string | undefined {
  try {
    return files.generated.keep(path, make);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new TaskFailure(`${path} cannot be kept on the controller: ${reasonOf(error)}`);
  }
}

// Encrypts with a salt that is given, or drawn.
function encryptText(text: string, secret: string, id: string, salt: string | Chance): string {
  const bytes =
    typeof salt === "string"
      ? Buffer.from(salt, "utf8")
      : Buffer.from(Array.from({ length: 32 }, () => Math.floor(salt.random() * 256)));
  return writeEnvelope(seal(Buffer.from(text, "utf8"), Buffer.from(secret, "utf8"), bytes, id));
}

// What waits for a task that is still to be done; undefined: there is none.
function awaitedBy(task: string | undefined): Unknown | undefined {
  return task === undefined ? undefined : new Unknown(`a file that task "${task}" makes`);
}

// What is at a path; nothing is an answer too.
function describe(path: string): WhatIsThere {
  const link = attempt(() => lstatSync(path))?.isSymbolicLink() ?? false;
  const target: Stats | undefined = attempt(() => statSync(path));
  const parent = attempt(() => lstatSync(dirname(path)));
  const mount =
    !link &&
    target?.isDirectory() === true &&
    (parent?.dev !== target.dev || parent.ino === target.ino);
  return {
    link,
    mount,
    kind: kindOf(target),
  };
}

// What kind of thing a path leads to.
function kindOf(target: Stats | undefined): WhatIsThere["kind"] {
  if (target === undefined) return "missing";
  if (target.isFile()) return "file";
  return target.isDirectory() ? "directory" : "other";
}

// The files that match a pattern with wildcards only in its last part, like Ansible's fileglob:
// from the first directory that has any.
function glob(
  files: ControllerFiles,
  pattern: string,
  folders: readonly string[],
): string[] | Unknown {
  const named = pattern.includes("/") ? files.find(dirname(pattern), "files", folders) : undefined;
  const matcher = globPattern(basename(pattern));
  for (const folder of pattern.includes("/")
    ? [named ?? []].flat()
    : folders.flatMap((one) => [join(one, "files"), one])) {
    const isNamed = (name: string): boolean => matcher.test(name);
    const awaited = awaitedBy(files.expectedIn(resolve(folder), isNamed));
    if (awaited) return awaited;
    const names = (attempt(() => readdirSync(folder)) ?? []).filter(isNamed);
    const found = names
      .map((name) => join(resolve(folder), name))
      .filter((path) => describe(path).kind === "file")
      .toSorted();
    if (found.length > 0) return found;
  }
  return [];
}

// A pattern of the shell as a regular expression; names that begin with a dot
// are only found by one.
function globPattern(pattern: string): RegExp {
  const source = pattern.replaceAll(
    /\[!|[*?[\]]|[.+^${}()|\\]/g,
    (part) => ({ "*": ".*", "?": ".", "[": "[", "]": "]", "[!": "[^" })[part] ?? `\\${part}`,
  );
  return new RegExp(`^${pattern.startsWith(".") ? "" : "(?!\\.)"}${source}$`, "s");
}

// The path without links, as far as it exists.
function resolveLinks(path: string): string {
  const real = attempt(() => realpathSync(path));
  if (real !== undefined || path === "/") return real ?? path;
  return join(resolveLinks(dirname(path)), basename(path));
}

// Another user's home, from the list of users.
function homeOf(user: string): string | undefined {
  return users().find(([name]) => name === user)?.[5];
}

// A user's name, from the list of users; without one, the number.
function nameOfUser(uid: number): string {
  return users().find(([, , number]) => number === String(uid))?.[0] ?? String(uid);
}

// The fields of each line of the list of users.
function users(): string[][] {
  const lines = attempt(() => readFileSync("/etc/passwd", "utf8"))?.split("\n") ?? [];
  return lines.map((line) => line.split(":"));
}
