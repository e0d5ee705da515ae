import { TaskFailure } from "../../errors.ts";
import { whoOf } from "../scope/login.ts";
import { askLeave, type Leave } from "../../probes/files/leave.ts";
import { askLinks, othersLink, type Links } from "../../probes/files/links.ts";
import { path, type PathArg, type PathState } from "../../probes/files/path.ts";
import { answerIn, type Probe, type NamedProbe } from "../../probes/probe.ts";
import { Unknown, type Json } from "../../value.ts";
import type { Change } from "../../modules/contract/module.ts";
import type { Entry, Identity } from "../model/entry.ts";
import { NotAsked } from "../model/signals.ts";
import type { Walk } from "../model/state.ts";
import { canonical } from "../../canonical.ts";

// The questions whether a user other than root may write what a task looks at; they
// travel with the task's own.
export function leaveProbes({ identity }: Entry, questions: readonly NamedProbe[]): Probe<Leave>[] {
  if (identity.user === "root") return [];
  return questions.flatMap(({ probe }) => {
    const arg = pathOf(probe);
    return arg && !arg.below && arg.path !== "/" ? [askLeave(arg.path)] : [];
  });
}

/**
 * Fails a change of files that its user may not make, as apply would. What earlier tasks make of
 * the directories is not known here, so there nothing is said. Throws TaskFailure, or NotAsked
 * where the host was not asked yet.
 */
export function refuseUnwritable(
  walk: Walk,
  entry: Entry,
  change: Change<Record<string, Json>>,
  questions: readonly NamedProbe[],
): void {
  const { identity, probes } = entry;
  if (change.opaque === true || walk.view.blurredBy !== undefined) return;
  if (identity.user === "root") return refuseLinksOfOthers(walk, entry, change, questions);
  for (const [at, [probe, found]] of probes.entries()) {
    const arg = pathOf(probe);
    const wanted = answerIn(change.after, questions[at]!);
    const [before, after] = [found, wanted] as [PathState, PathState];
    const what = arg && needed(before, after);
    if (!arg || !what) continue;
    const leave = walk.view.get(askLeave(arg.path), whoOf(identity)) as Leave | Unknown | undefined;
    if (leave === undefined) throw new NotAsked("the host");
    if (leave instanceof Unknown || isMadeBefore(walk, entry, arg.path)) continue;
    if (what === "owner" && !leave.owns)
      throw new TaskFailure(
        `${identity.user} may not change ${arg.path}, which belongs to ${before?.owner ?? "somebody else"}`,
        hintFor(identity),
      );
    if (what === "directory" && leave.writes === false)
      throw new TaskFailure(
        `${identity.user} may not write in ${leave.directory}`,
        hintFor(identity),
      );
  }
}

/**
 * Fails a change that root would make through a link of another user (ADR 37), as apply would. It
 * needs no question of its own: the links on the way to what is looked at are known. Throws
 * TaskFailure.
 */
function refuseLinksOfOthers(
  walk: Walk,
  entry: Entry,
  change: Change<Record<string, Json>>,
  questions: readonly NamedProbe[],
): void {
  const { identity, probes } = entry;
  if (entry.module === "user") return; // useradd goes its own way
  const changed = probes.flatMap(([probe, found], at) => {
    const arg = pathOf(probe);
    return arg && canonical(found) !== canonical(answerIn(change.after, questions[at]!))
      ? [arg]
      : [];
  });
  const replaced = new Set(
    changed.filter(({ follow, below }) => !follow && !below).map((arg) => arg.path),
  );
  for (const { path: name } of changed) {
    const links = walk.view.get(askLinks(name), whoOf(identity)) as Links | Unknown | undefined;
    if (links === undefined || links instanceof Unknown) continue;
    const link = othersLink(links, { isEnd: !replaced.has(name) });
    if (!link || [name, link.location].some((one) => isMadeBefore(walk, entry, one))) continue;
    const { location, owner, leadsTo } = link;
    throw new TaskFailure(
      `${location} is a link of ${owner} to what belongs to ${leadsTo}, which is not followed: by then it may lead anywhere`,
      `name what it leads to, or give the link to root if it is right: chown -h root ${location}`,
    );
  }
}

function hintFor({ become }: Identity): string {
  return become ? "use a different become_user" : "become: true does the task as root";
}

// What a change of a path takes: that its directory may be written, or that the path is one's
// own; undefined: none of it.
function needed(before: PathState, after: PathState): "directory" | "owner" | undefined {
  if (before === null || after === null) return before === after ? undefined : "directory";
  if (before.type !== after.type || before.target !== after.target) return "directory";
  if (after.type === "file" && before.sha256 !== after.sha256) return "directory";
  return before.mode !== undefined && after.mode !== undefined && before.mode !== after.mode
    ? "owner"
    : undefined;
}

function pathOf({ kind, arg }: Probe<unknown>): PathArg | undefined {
  return kind.name === path.name ? (arg as unknown as PathArg) : undefined;
}

// Whether an earlier task changes a path, or a directory above it.
function isMadeBefore({ entries }: Walk, entry: Entry, name: string): boolean {
  return entries.some(
    ({ change, probes, on }) =>
      change !== undefined &&
      on === entry.on &&
      probes.some(([probe]) => {
        const above = pathOf(probe)?.path;
        return above !== undefined && (above === name || `${name}/`.startsWith(`${above}/`));
      }),
  );
}
