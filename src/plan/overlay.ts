import type { Entry } from "./entry.ts";
import type { Walk } from "./state.ts";

// What a planned entry means for the tasks after it.
export function overlay(walk: Walk, entry: Entry): void {
  const { change } = entry;
  if (!change) return;
  for (const made of change.also ?? []) walk.world.make(made); // First, as these are the folders that hold the others.
  for (const [probe, , after] of entry.probes ?? []) walk.world.make({ kind: probe.kind.name, subject: probe.kind.subject(probe.arg as never), after });
  if (change.opaque === true || change.opaque === "start") walk.world.blur(entry.task, change.opaque);
  if (change.runner?.kind === "bring") walk.host.files.expect(change.runner.to, entry.task, true);
  if (!change.silent || change.opaque) walk.dirty = true;
}
