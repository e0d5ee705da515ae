import type { Bring } from "../modules/runner-step.ts";
import type { Entry } from "./entry.ts";
import type { Walk } from "./state.ts";

// What a planned entry means for the tasks after it.
export function overlay(walk: Walk, entry: Entry): void {
  const { change } = entry;
  if (!change) return;
  for (const made of change.also ?? []) walk.world.make(made); // First, as these are the folders that hold the others.
  for (const [probe, , after] of entry.probes ?? []) walk.world.make({ kind: probe.kind.name, subject: probe.kind.subject(probe.arg as never), after });
  if (change.opaque === true || change.opaque === "start") walk.world.blur(entry.task, change.opaque);
  if (change.runner?.kind === "bring") expectFile(walk, entry, change.runner);
  if (!change.silent || change.opaque) walk.dirty = true;
}

// Tasks that read a file of the controller which is brought first wait for it, on other hosts too where it is not there.
function expectFile(walk: Walk, entry: Entry, { to }: Bring): void {
  walk.coming.set(to, entry.task);
  walk.host.files.expect(to);
}
