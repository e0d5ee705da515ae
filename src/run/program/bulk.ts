import type { Creation } from "../../modules/contract/module.ts";
import { retryOf, type Entry } from "../../plan/model/entry.ts";
import { path as pathKind, type PathArg, type PathState } from "../../probes/files/path.ts";
import type { Script } from "../../script/sh.ts";
import { lookPattern, looksOf, type Looked } from "../../plan/model/looks.ts";

/**
 * Changes that make things where nothing is, in bulk: all their paths are looked at together before
 * the first and after the last of them, and what their files are to hold is written and synced
 * beside their places first. Each then takes its place by a call that fails where something is by
 * then (mkdir, link), so nothing of others is ever replaced. Where the host is not as planned, or
 * anything is odd, the changes are made one by one instead.
 */

/**
 * The maximum number of changes that are checked together: they are only reported as
 * done after the last check.
 */
const MOST = 64;

/** Shell that prints a file which travels in the program, by its digest. */
export type Inline = ReadonlyMap<string, Script>;

/** Consecutive changes: a single one, or a bulk. */
export interface Bulk {
  from: number;
  entries: Entry[];
}

/** A change of a bulk: all of its steps create something. */
export interface BulkMember {
  entry: Entry;
  creations: readonly Creation[];
  looks: readonly Looked[];
}

// Divides a program's changes into bulks and single changes. `inline`: the files
// that are part of the program.
export function inBulks(entries: readonly Entry[], inline: Inline): Bulk[] {
  const bulks: Bulk[] = [];
  let open: Gathering | undefined;
  for (const [index, entry] of entries.entries()) {
    const member = memberOf(entry, inline);
    const last = bulks.at(-1);
    if (member && open && last && last.entries.length < MOST && open.takes(member))
      last.entries.push(entry);
    else {
      bulks.push({ from: index, entries: [entry] });
      open = member && new Gathering();
      open?.takes(member!);
    }
  }
  return bulks;
}

// A change as a member of a bulk; undefined: it cannot be one.
export function memberOf(entry: Entry, inline: Inline): BulkMember | undefined {
  const { change } = entry;
  if (!change || change.opaque || change.runner || retryOf(entry) !== undefined) return undefined;
  if (entry.crossesOff.length > 0 || change.steps.length === 0) return undefined;
  const creations = change.steps.flatMap(({ creates }) => creates ?? []);
  const looks = looksOf(entry);
  const isFit =
    creations.length === change.steps.length &&
    creations.every(({ path, file }) => isPlain(path) && (!file || inline.has(file.sha256))) &&
    looks.every(isTold) &&
    creations.every(({ path }) => looks.some((one) => argOf(one).path === path && isMade(one)));
  return isFit ? { entry, creations, looks } : undefined;
}

// Whether stat and sha256sum print a path as it is.
function isPlain(path: string): boolean {
  return /^\/[^\\\n]*[^\\\n/]$/.test(path);
}

// Whether a check concerns a path, and its expected result is fully known before, and, as far as it
// is made, after the change.
function isTold(one: Looked): boolean {
  if (!isOfPath(one)) return false;
  if (argOf(one).path !== "/" && !isPlain(argOf(one).path)) return false;
  return [one.before, one.after].every(
    (state) =>
      (state as PathState)?.type !== "denied" &&
      !one.look.words(state, one.probe.arg).includes(null),
  );
}

// Whether a look is at a path.
export function isOfPath({ probe }: Looked): boolean {
  return probe.kind.name === pathKind.name;
}

export function argOf({ probe }: Looked): PathArg {
  return probe.arg as unknown as PathArg;
}

// The path whose inode must stay what it is between a look and its step; of what is undone, no
// directory, as the undo of what is in it changes it.
export function watchedAt(one: Looked): Pick<PathArg, "path" | "follow"> | undefined {
  if (isOfPath(one)) return argOf(one);
  const [mode] = one.look.words(one.before, one.probe.arg);
  const isDirectory = typeof mode === "string" && mode.startsWith("4");
  return isDirectory ? undefined : one.look.about?.(one.probe.arg).path;
}

// Whether a look finds nothing before and something after.
function isMade({ before, after }: Looked): boolean {
  return before === null && after !== null;
}

/** What the changes of a bulk look at and make, as far as it is gathered. */
class Gathering {
  readonly #seen = new Map<string, string>();
  readonly #made = new Set<string>();

  // Adds another change if none in the bulk would find something there that another one makes,
  // apart from existing directories.
  takes({ creations, looks }: BulkMember): boolean {
    const fits =
      looks.every((one) => {
        const seen = this.#seen.get(keyOf(one));
        if (seen === undefined) return !this.#made.has(argOf(one).path);
        return one.before === null && one.after !== null
          ? false
          : seen === lookPattern([one], "before", false);
      }) && creations.every(({ path, file }) => !file || !this.#made.has(above(path)));
    if (!fits) return false;
    for (const one of looks) this.#seen.set(keyOf(one), lookPattern([one], "after", false));
    for (const { path } of creations) this.#made.add(path);
    return true;
  }
}

// What one look is at: a path, or what it leads to.
export function keyOf(one: Looked): string {
  return `${argOf(one).follow ? "-L" : ""}${argOf(one).path}`;
}

// The directory that holds a path.
export function above(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
