import { findUnknown, Unknown } from "../../value.ts";
import { HostView } from "../view/host-view.ts";
import { unknownOf, type Entry } from "./entry.ts";
import type { Mark, Pass, Walk, WalkMark } from "./state.ts";
import { forgetNotes } from "./pass-walks.ts";
import type { Rest } from "./steps.ts";

// Notes where a pass is, so that it can go on from there again.
export function setMark(pass: Pass, rest: Rest): void {
  pass.mark = markOf(pass, rest);
}

// Where a pass is, and all that is known there.
function markOf(pass: Pass, rest: Rest): Mark {
  pass.journal.begin();
  const walks = [...pass.walks.values()].map((walk): WalkMark => ({
    walk,
    fields: { ...walk },
    entries: walk.entries.length,
    at: [...walk.at],
    returns: walk.known.returns,
    begun: walk.view.begun,
  }));
  return { rest, pass: { ...pass, mark: undefined }, added: pass.added.length, walks };
}

// Whether a host is another since a mark was made: it went away and came back,
// maybe with other facts.
export function isOutdated({ walks }: Mark): boolean {
  return walks.some(({ walk, returns }) => walk.known.returns !== returns);
}

// Takes a pass back to its mark, and lets it see what is known of its hosts by now.
export function goBack(pass: Pass, mark: Mark): void {
  pass.journal.takeBack();
  pass.added.length = mark.added;
  Object.assign(pass, mark.pass, { mark });
  for (const { walk, fields, entries, at, begun } of mark.walks) {
    const { version } = walk;
    walk.entries.length = entries;
    walk.at.splice(0, walk.at.length, ...at);
    // a version never occurs twice, because others use it to see what is new; facts that were
    // unknown may be known by now
    const view = new HostView(walk.known, begun);
    Object.assign(walk, fields, { version: version + 1, view });
    for (const [name, value] of walk.facts) if (value instanceof Unknown) walk.facts.delete(name);
    walk.host.files.expectNothing();
  }
  forgetNotes(pass);
}

/**
 * Whether a pass over one host can come back to where it is once files have been read: no task
 * before has planned a change, which others would have to see again.
 */
export function canComeBack({ walks }: Pass): boolean {
  if (walks.size !== 1) return false;
  const [walk] = walks.values();
  const { entries, host } = walk!;
  return !host.files.isExpecting && entries.every(({ change }) => change === undefined);
}

// Whether a pass wants files of this machine to be read. Downloads wait until
// all is read and checked.
export function wantsFiles({ walks }: Pass): boolean {
  for (const { wanted } of walks.values())
    for (const { kind } of wanted.values()) if (kind !== "download") return true;
  return false;
}

// Has a pass begin at the top again.
export function forgetMark(pass: Pass): void {
  pass.mark = undefined;
  pass.journal.end();
}

// Whether everything that a pass has visited since a mark, or since the top, is settled and will
// have the same result again.
export function isDoneSince(pass: Pass, mark: Mark | undefined): boolean {
  const from = new Map(mark?.walks.map(({ walk, entries }) => [walk, entries]));
  return [...pass.walks.values()].every(
    (walk) => hasAll(walk) && isSettledFrom(walk, from.get(walk) ?? 0),
  );
}

// Whether a walk has had to guess or to ask nothing. A user who was not there may be there later
// and has to be asked then.
function hasAll({ missing, wanted, retry, guessed, awaitsController, known }: Walk): boolean {
  return (
    [missing, wanted, retry, known.noUsers, known.noLogins].every(({ size }) => size === 0) &&
    !guessed &&
    !awaitsController
  );
}

// Whether the entries of a walk from one on are done with.
function isSettledFrom({ known, entries }: Walk, from: number): boolean {
  for (let index = from; index < entries.length; index++) {
    const entry = entries[index]!;
    if (!known.completed.has(entry.id) || !isFinal(entry)) return false;
  }
  return true;
}

// Keeps the results of the first entries of a walk that are found and have nothing to do: what they
// saw is about to be otherwise.
export function settleFirst({ known, entries }: Walk): void {
  for (const entry of entries) {
    if (known.completed.has(entry.id)) continue;
    if (
      !["ok", "skipped"].includes(entry.verdict.status) ||
      entry.change !== undefined ||
      !isFinal(entry)
    )
      return;
    known.completed.set(entry.id, { entry });
  }
}

// Whether nothing of an entry that is done with is still to be found out.
function isFinal(entry: Entry): boolean {
  return unknownOf(entry) === undefined && findUnknown(entry.result) === undefined;
}
