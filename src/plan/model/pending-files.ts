import type { Play } from "../../playbook/play.ts";
import { isUnknown, type Entry } from "./entry.ts";
import type { Walk, Pass } from "./state.ts";
import { canonical } from "../../canonical.ts";

// Tells which task that is not done yet may still make one of these files on this machine: whether
// they are missing is not known then.
export function pendingFiles(walk: Walk, paths: readonly string[]): string | undefined {
  const { pass } = walk;
  for (const { host, known, entries } of pass.walks.values()) {
    const isHere = ({ on }: Entry): boolean =>
      (on === undefined ? host : pass.view.member(on).host).isLocal;
    const found = entries.find(
      (entry) =>
        !known.completed.has(entry.id) && !entry.readOnly && isHere(entry) && mayMake(entry, paths),
    );
    if (found) return `task "${found.task}"`;
  }
  walk.awaitsController = !walk.known.applying && othersMayMake(pass, walk.host.playbook.plays);
  return walk.awaitsController ? "files that a task creates on this machine" : undefined;
}

// Whether an entry makes a path, or may do so: a command may do anything.
function mayMake(entry: Entry, paths: readonly string[]): boolean {
  const { change, probes } = entry;
  if (!change) return isUnknown(entry);
  if (change.opaque === true || change.opaque === "files") return true;
  const made = probes
    .filter(([, before, after]) => canonical(before) !== canonical(after))
    .map(([probe]) => probe.kind.subject(probe.arg as never));
  return [...made, ...(change.also ?? []).map(({ subject }) => subject)].some((subject) =>
    paths.includes(subject.replace(/^\w+ (?=\/)/, "")),
  );
}

// Whether this machine is walked by itself, and may make files in this or an earlier play. Once
// hosts are worked on, those plays are done.
function othersMayMake({ partial, play, view, walks }: Pass, plays: readonly Play[]): boolean {
  return (
    partial &&
    plays
      .slice(0, play + 1)
      .some((one) =>
        view.hostsOf(one).some((name) => !walks.has(name) && view.member(name).host.isLocal),
      )
  );
}
