import type { Handler, Play } from "../../playbook/play.ts";
import { walkInclude, type WalkItems } from "./include.ts";
import type { Notice } from "../model/entry.ts";
import { dropLeftOver, putOff } from "../entry/left-over.ts";
import {
  takeFailure,
  returnFailure,
  withSuffix,
  handlersOf,
  isOver,
  replaceEntry,
  type Walk,
} from "../model/state.ts";
import { forcesHandlers } from "../scope/play-flags.ts";
import { act, chain, each, inside, later, nothing, stopAt, type Steps } from "../model/steps.ts";
import { walkTask } from "../task/task.ts";

// Plans the handlers that were notified, in the order in which they are written.
export function flushHandlers(walk: Walk, play: Play, flush: string, walkItems: WalkItems): Steps {
  return later(() => {
    const failed = walk.failed && forcesHandlers(play, walk.pass) ? takeFailure(walk) : walk.failed;
    return chain(
      each(handlersOf(walk, play), (handler, index) =>
        inside(walk, index, walkHandler(walk, play, handler, flush, walkItems)),
      ),
      act(() => returnFailure(walk, failed)),
    );
  });
}

// Plans one handler, if it was notified by the time that its turn comes.
function walkHandler(
  walk: Walk,
  play: Play,
  handler: Handler,
  flush: string,
  walkItems: WalkItems,
): Steps {
  return later(() => {
    if (!walk.notified.has(handler.id) || isOver(walk)) return nothing;
    return chain(
      handler.kind === "task" ? stopAt(walk) : nothing,
      later(() => runHandler(walk, play, handler, flush, walkItems)),
    );
  });
}

// Plans a handler whose turn has come, and crosses off its notice. The ids of the tasks that it
// brings in say at which flush they run.
function runHandler(
  walk: Walk,
  play: Play,
  handler: Handler,
  flush: string,
  walkItems: WalkItems,
): Steps {
  const notice = walk.notified.get(handler.id)!;
  walk.notified.delete(handler.id);
  const leftOver = walk.leftOver.get(handler.id);
  walk.leftOver.delete(handler.id);
  if (leftOver && walk.host.options.dropHandlers)
    return act(() => dropLeftOver(walk, play, handler, leftOver, flush));
  const from = walk.entries.length;
  const around = [play, ...handler.around];
  const steps =
    handler.kind === "task"
      ? act(() => walkTask(walk, play, handler, [...around, handler], [], `@${flush}`))
      : withSuffix(walk, `@${flush}`, walkInclude(walk, play, handler, around, [], walkItems));
  return chain(
    steps,
    act(() => answerNotice(walk, from, notice, leftOver)),
  );
}

// Has the last entry of a handler cross its notice off, unless the handler is put off.
function answerNotice(
  walk: Walk,
  from: number,
  notice: string,
  leftOver: Notice | undefined,
): void {
  const last = walk.entries.slice(from).at(-1);
  if (leftOver && putOff(walk, from, leftOver)) return;
  if (last) replaceEntry(walk, last, { ...last, crossesOff: [notice] });
}
