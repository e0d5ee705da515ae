import { hasStatus, isUnknown, retryOf, type Entry } from "../plan/model/entry.ts";
import { comparePositions } from "../plan/model/position.ts";
import type { HostRun } from "./host-run.ts";
import { nextEntries } from "./program/build.ts";

/**
 * What one host does next: the entries that one program can do, and all that
 * are done with once it has.
 */
export interface Part {
  run: HostRun;
  ready: Entry[];
  passed: Entry[];
}

/** What hosts do at the same time. At a barrier only a limited number work at once (throttle). */
export interface Wave {
  parts: Part[];
  limit: number;
}

/**
 * The next wave of a play. No host goes past a barrier that others have not done, nor into a batch
 * before the one before it is done; once nothing is left before the barrier, that is what is done.
 */
export function nextWave(runs: readonly HostRun[], play: number, forks: number): Wave {
  const open = runs.map((run) => ({ run, entries: entriesUpTo(run, play) }));
  const left = open.flatMap(
    ({ run, entries }) => entries.find((entry) => isLeft(run, entry)) ?? [],
  );
  const barriers = open.flatMap(
    ({ run, entries }) => entries.find((entry) => entry.barrier && isLeft(run, entry)) ?? [],
  );
  const first = earliest(left);
  const barrier = earliest(barriers);
  const free = (entry: Entry): boolean =>
    isBefore(entry, barrier) && (first === undefined || !comesLater(entry, first));
  const before = open.map(({ run, entries }) => partOf(run, entries.filter(free)));
  if (
    !barrier ||
    before.some(({ ready }) => ready.length > 0) ||
    left.some((entry) => isBefore(entry, barrier))
  )
    return { parts: before, limit: forks };
  const parts = open.map(({ run, entries }) =>
    partOf(
      run,
      entries.filter(
        (entry) => isBefore(entry, barrier) || comparePositions(entry.at, barrier.at) === 0,
      ),
    ),
  );
  return { parts, limit: Math.min(forks, barrier.throttle) };
}

// The entries of a host as far as a play goes.
export function entriesUpTo({ walk }: HostRun, play: number): Entry[] {
  return (walk?.entries ?? []).filter((entry) => entry.play <= play);
}

// What is ready on one host.
function partOf(run: HostRun, entries: readonly Entry[]): Part {
  return { run, ...nextEntries(entries, (entry) => isSettled(run, entry)) };
}

function isSettled({ known }: HostRun, entry: Entry): boolean {
  return known.completed.has(entry.id) && retryOf(entry) === undefined;
}

// Whether something is still to be done for an entry, or to be found out.
function isLeft(run: HostRun, entry: Entry): boolean {
  if (isUnknown(entry)) return true;
  return (
    !hasStatus(entry, "failed") &&
    (entry.change !== undefined || entry.crossesOff.length > 0) &&
    !isSettled(run, entry)
  );
}

function isBefore(entry: Entry, barrier: Entry | undefined): boolean {
  return barrier === undefined || comparePositions(entry.at, barrier.at) < 0;
}

// Whether an entry belongs to a later batch (or play) than another.
function comesLater(entry: Entry, other: Entry): boolean {
  return comparePositions(entry.at.slice(0, 2), other.at.slice(0, 2)) > 0;
}

function earliest(entries: readonly Entry[]): Entry | undefined {
  return entries.reduce<Entry | undefined>(
    (a, b) => (a && comparePositions(a.at, b.at) <= 0 ? a : b),
    undefined,
  );
}
