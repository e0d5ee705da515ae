import type { Play } from "../../playbook/play.ts";
import { isUnknown, type Entry } from "./entry.ts";
import { forgetStates } from "./host.ts";
import { settleFirst } from "./marks.ts";
import { expectGenerated } from "./pass-walks.ts";
import { couple, type Walk, type Pass } from "./state.ts";
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
function othersMayMake(pass: Pass, plays: readonly Play[]): boolean {
  return pass.partial && hasOthersHere(pass, plays.slice(0, pass.play + 1));
}

// Whether some of these plays are for this machine, which the pass does not walk.
function hasOthersHere({ view, walks }: Pass, plays: readonly Play[]): boolean {
  return plays.some((play) =>
    view.hostsOf(play).some((name) => !walks.has(name) && view.member(name).host.isLocal),
  );
}

// What templates make of files of this machine (lookup("password")), for the tasks after the one
// that they are of. What was just made was not there yet when hosts were asked.
export function noteGenerated({ pass, host, play }: Walk, task: string): void {
  const { awaited, written } = host.files.generated.takeNews();
  if (awaited.size === 0 && written.length === 0) return;
  const here = [...pass.walks.values()].filter((walk) => walk.host.isLocal);
  if (written.length > 0) here.forEach(lookAnew);
  host.files.expectMany({
    task,
    mayMake: (path) => awaited.has(path),
    places: [...awaited.keys()],
  });
  for (const walk of here) expectGenerated(walk, awaited);
  if (pass.partial && hasOthersHere(pass, host.playbook.plays.slice(play))) couple(pass);
}

// What a host has is asked for again, but for the tasks before.
function lookAnew(walk: Walk): void {
  settleFirst(walk);
  forgetStates(walk.known);
}
