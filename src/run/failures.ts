import type { UnreachableError } from "../errors.ts";
import type { FailedEntry } from "../plan/model/entry.ts";
import type { HostKnowledge } from "../plan/model/host.ts";
import type { Walk } from "../plan/model/state.ts";

/** A host in a run, as far as it has failed. */
interface HostInRun {
  readonly known: HostKnowledge;
  readonly walk: Walk | undefined;
  readonly ended: { play: number } | undefined;
}

// The entry that ended a host's part; undefined: there is none before the run ends.
export function failedEntryOf({ walk, ended }: HostInRun): FailedEntry | undefined {
  const entry = walk?.failed ?? walk?.clearedFailure;
  return entry && ended && entry.play > ended.play ? undefined : entry;
}

// Why a host, or one that it delegates to, could not be reached, where the play did not go on
// without it.
export function unreachableOf({ walk, known }: HostInRun): UnreachableError | undefined {
  if (walk?.stopped !== "lost") return undefined;
  const on = walk.failed?.on;
  const of = on === undefined ? known : walk.pass.walks.get(on)?.known;
  return walk.lostLogin ?? of?.unreachable;
}
