/**
 * Node's functions that read the disk, for everything that a plan is made from. While a run is
 * watched, they note what they are asked about: by that a later run tells that nothing has changed,
 * absent files included (docs/decisions/0038).
 */
import {
  type BigIntStats,
  accessSync as accessNow,
  createReadStream as createReadStreamNow,
  existsSync as existsNow,
  lstatSync as lstatNow,
  readFileSync as readFileNow,
  readdirSync as readdirNow,
  realpathSync as realpathNow,
  statSync as statNow,
} from "node:fs";
import {
  access as accessLater,
  lstat as lstatLater,
  open as openLater,
  readFile as readFileLater,
  readdir as readdirLater,
  readlink as readlinkLater,
  realpath as realpathLater,
  stat as statLater,
} from "node:fs/promises";
import { resolve } from "node:path";

/** What a run has read of this machine, beside its arguments and its environment. */
export interface Readings {
  /**
   * Absolute path (with a slash where a directory was listed) -> what was there, as `stateOf` says
   * it, before it was read for the first time.
   */
  readonly paths: ReadonlyMap<string, string>;
  /** Why the same files need not come to the same: a program was run, the time was asked. */
  readonly unrepeatable: string | undefined;
}

/** The run of this process that is watched; there is one at most. */
let watched: { paths: Map<string, string>; unrepeatable: string | undefined } | undefined;

// Begins to note what is read from here on.
export function watchReadings(): Readings {
  return (watched = { paths: new Map(), unrepeatable: undefined });
}

// Notes that something was learned that another run may learn otherwise from the same files.
export function noteUnrepeatable(why: string): void {
  if (watched) watched.unrepeatable ??= why;
}

// What is at a path, by everything that changes with its content; of a link, also what it leads to.
// What is in a directory counts only for a path that ends with a slash.
export function stateOf(path: string): string {
  try {
    const own = lstatNow(path, { bigint: true });
    const target = own.isSymbolicLink() ? statNow(path, { bigint: true }) : undefined;
    return [own, ...(target ? [target] : [])]
      .map((stats) => identityOf(stats, path.endsWith("/")))
      .join(" ");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "error";
  }
}

function identityOf(stats: BigIntStats, isListed: boolean): string {
  const { dev, ino, mode, uid, gid, size, mtimeNs, ctimeNs } = stats;
  const own = [dev, ino, mode, uid, gid];
  return (stats.isDirectory() && !isListed ? own : [...own, size, mtimeNs, ctimeNs]).join(":");
}

/** Files of the kernel: their content changes while what stat says of them stays. */
const KERNEL = /^\/(?:proc|sys|dev)(?:\/|$)/;

function note(path: unknown, isListed: boolean): void {
  if (!watched || typeof path !== "string") return;
  const absolute = isListed ? `${resolve(path)}/` : resolve(path);
  if (watched.paths.has(absolute)) return;
  watched.paths.set(absolute, stateOf(absolute));
  if (KERNEL.test(absolute)) watched.unrepeatable ??= `${absolute} was read`;
}

// The same function, which first notes the path that it is given. It is named when it is first
// used, as the build has parts of Node loaded by then.
function noting<F extends (path: never, ...rest: never[]) => unknown>(
  read: () => F,
  isListed = false,
): F {
  return ((path: never, ...rest: never[]) => {
    note(path, isListed);
    return read()(path, ...rest);
  }) as F;
}

export const accessSync = noting(() => accessNow);
export const createReadStream = noting(() => createReadStreamNow);
export const existsSync = noting(() => existsNow);
export const lstatSync = noting(() => lstatNow);
export const readFileSync = noting(() => readFileNow);
export const readdirSync = noting(() => readdirNow, true);
export const realpathSync = noting(() => (path: string) => realpathNow(path));
export const statSync = noting(() => statNow);

export const access = noting(() => accessLater);
export const lstat = noting(() => lstatLater);
export const open = noting(() => openLater);
export const readFile = noting(() => readFileLater);
export const readdir = noting(() => readdirLater, true);
export const readlink = noting(() => readlinkLater);
export const realpath = noting(() => realpathLater);
export const stat = noting(() => statLater);
