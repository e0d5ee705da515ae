import { canonical } from "../../probes/probe.ts";
import { path } from "../../probes/files/path.ts";
import type { Entry } from "../model/entry.ts";
import type { Walk } from "../model/state.ts";
import type { Made } from "../model/host-view.ts";

// The states that an entry makes: the folders that hold the others first, then paths themselves before where they lead.
export function madeBy({ change, probes = [] }: Pick<Entry, "change" | "probes">): Made[] {
  const states = probes.map(([{ kind, arg }, before, after]): Made => ({
    kind: kind.name,
    subject: kind.subject(arg as never),
    before,
    after,
  }));
  const paths = states.filter(
    ({ kind, before, after }) => kind === path.name && canonical(before) !== canonical(after),
  );
  const isOfPathItself = ({ subject }: Made): boolean => subject.startsWith("/");
  return [
    ...(change?.also ?? []),
    ...states.filter(({ kind }) => kind !== path.name),
    ...paths.filter(isOfPathItself),
    ...paths.filter((one) => !isOfPathItself(one)),
  ];
}

// What a planned entry means for the tasks after it.
export function overlay(walk: Walk, entry: Entry): void {
  const { change } = entry;
  if (!change) return;
  for (const made of madeBy(entry)) walk.view.make(made);
  if (change.opaque === true || change.opaque === "start")
    walk.view.blur(entry.task, change.opaque);
  if (change.runner?.kind === "bring") walk.host.files.expect(change.runner.to, entry.task, true);
  if (!change.silent || change.opaque) walk.hasPendingChange = true;
}
