import { canonical } from "../../canonical.ts";
import { overlayPath, path, type PathArg, type PathState } from "../../probes/files/path.ts";
import type { Probe } from "../../probes/probe.ts";
import type { Json } from "../../value.ts";
import type { PlannedPaths } from "./planned-paths.ts";

/** What a probe found, and what a change leaves for it. */
export type ChangedProbe = readonly [probe: Probe<unknown>, before: Json, after: Json];

// What a change leaves for each probe, if two of its paths are one file, or links will lead
// elsewhere: all of them get the same state.
export function agreedStates(
  planned: PlannedPaths,
  states: readonly ChangedProbe[],
): ChangedProbe[] {
  const paths = states.filter(([{ kind, arg }]) => kind.name === path.name && !isBelow(arg));
  if (paths.length < 2) return [...states];
  const made = new Map<string, PathState>();
  // a link that is replaced leads nowhere any more
  for (const [{ arg }, before, after] of paths.toSorted(byWay)) {
    if (canonical(before) === canonical(after)) continue;
    const found = planned.locate(...wayOf(arg), made);
    if (typeof found === "object" && "location" in found)
      made.set(found.location, after as PathState);
  }
  return states.map((state) => (paths.includes(state) ? agreedState(planned, state, made) : state));
}

function agreedState(
  planned: PlannedPaths,
  probed: ChangedProbe,
  made: ReadonlyMap<string, PathState>,
): ChangedProbe {
  const [probe, before, after] = probed;
  const found = planned.locate(...wayOf(probe.arg), made);
  if (found === "circle") return [probe, before, null];
  if (!("location" in found) || canonical(before) !== canonical(after)) return probed;
  const now = made.get(found.location);
  if (now === undefined || after === null || now === null) return probed;
  return [probe, before, overlayPath(after as PathState, now)];
}

// Paths themselves before what links at them lead to.
function byWay([a]: ChangedProbe, [b]: ChangedProbe): number {
  return Number(wayOf(a.arg)[1]) - Number(wayOf(b.arg)[1]);
}

// A path, and whether a link at its end is followed.
function wayOf(arg: unknown): [path: string, follows: boolean] {
  const { path: at, follow } = arg as PathArg;
  return [at, follow === true];
}

function isBelow(arg: unknown): boolean {
  return (arg as PathArg).below !== undefined;
}
