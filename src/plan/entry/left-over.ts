import type { Handler, Play } from "../../playbook/play.ts";
import type { Entry, Notice, Verdict } from "../model/entry.ts";
import { NOTHING_PLANNED } from "./new-entry.ts";
import { whereOf } from "../scope/become.ts";
import { pendingNotices } from "./notify.ts";
import { taskVariables } from "../scope/task-variables.ts";
import { takeFailure, replaceEntry, type Walk } from "../model/state.ts";

// Lets the handlers that an earlier run left behind run together with those that this run notified.
export function takeLeftOver(walk: Walk, play: Play): void {
  for (const [id, notice] of pendingNotices(walk, play)) {
    if (!walk.notified.has(id)) walk.leftOver.set(id, notice);
    walk.notified.set(id, notice.name);
  }
}

/**
 * Reports a left-over handler that cannot run with what is known now, because what it needs
 * came from the broken run, and keeps its notice; the host's own tasks run all the same.
 * Returns whether that is so.
 */
export function putOff(walk: Walk, from: number, notice: Notice): boolean {
  const { failed, known } = walk;
  const entries = walk.entries.slice(from);
  if (
    !failed?.verdict.failure.place ||
    !entries.includes(failed) ||
    known.completed.get(failed.id)?.outcome
  )
    return false;
  const why = failed.noLog ? "what it needs is not known" : failed.verdict.failure.message;
  takeFailure(walk);
  for (const entry of entries) {
    const { change: _change, ...rest } = entry;
    const shows = `still pending ${originOf(notice)}, and cannot be run now: ${why}\nhint: do by hand what it does, then remove it with --drop-handlers`;
    const verdict: Verdict =
      entry === failed ? { status: "skipped", why, shows } : { status: "skipped" };
    replaceEntry(walk, entry, { ...rest, verdict, result: { changed: false, skipped: true } });
  }
  return true;
}

// Crosses off what an earlier run left of a handler, without running it.
export function dropLeftOver(
  walk: Walk,
  play: Play,
  handler: Handler,
  notice: Notice,
  flush: string,
): void {
  const name = String(handler.name?.value ?? handler.id);
  const entry: Entry = {
    ...NOTHING_PLANNED,
    id: `${handler.id}@${flush} dropped`,
    play: walk.play,
    at: [...walk.at],
    task: name,
    title: name,
    module: "handler",
    place: handler.place,
    identity: whereOf(walk, [play], taskVariables(walk, [play])).identity,
    noLog: false,
    readOnly: true,
    crossesOff: [notice.name],
    verdict: { status: "ok", shows: `dropped: it was still pending ${originOf(notice)}` },
  };
  walk.entries.push(entry);
}

// From which run a handler is left, and which task notified it. A run's name begins with its time.
function originOf({ task, run }: Notice): string {
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(run);
  const when = time
    ? `the run of ${time[1]}-${time[2]}-${time[3]} ${time[4]}:${time[5]}:${time[6]} UTC`
    : "an earlier run";
  return `from ${when}${task === "" ? "" : `, in which "${task}" notified it`}`;
}
