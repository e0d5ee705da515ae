import type { Handler, Play } from "../../playbook/play.ts";
import { walkInclude, type WalkItems } from "./include.ts";
import { dropLeftOver, putOff } from "../task/left-over.ts";
import { handlersOf, isOver, type Walk } from "../model/state.ts";
import { forcesHandlers } from "../scope/play-flags.ts";
import { inside, type Steps } from "../model/steps.ts";
import { walkTask } from "../task/task.ts";

// Plans the handlers that were notified, in the order in which they are written.
export function* flushHandlers(walk: Walk, play: Play, flush: string, walkItems: WalkItems): Steps {
  const forced = forcesHandlers(play, walk.pass);
  const failed = walk.failed;
  if (failed && forced) walk.failed = undefined;
  for (const [index, handler] of handlersOf(walk, play).entries())
    yield* inside(walk, index, walkHandler(walk, play, handler, flush, walkItems));
  walk.failed ??= failed;
}

// Plans one handler, if it was notified by the time that its turn comes.
function* walkHandler(
  walk: Walk,
  play: Play,
  handler: Handler,
  flush: string,
  walkItems: WalkItems,
): Steps {
  if (!walk.notified.has(handler.id) || isOver(walk)) return;
  if (handler.kind === "task") yield [...walk.at];
  const notice = walk.notified.get(handler.id)!;
  walk.notified.delete(handler.id);
  const leftOver = walk.leftOver.get(handler.id);
  walk.leftOver.delete(handler.id);
  if (leftOver && walk.host.options.dropHandlers)
    return dropLeftOver(walk, play, handler, leftOver, flush);
  const from = walk.entries.length;
  const around = [play, ...handler.around];
  if (handler.kind === "task") walkTask(walk, play, handler, [...around, handler], [], `@${flush}`);
  else yield* walkIncluded(walk, flush, walkInclude(walk, play, handler, around, [], walkItems));
  const last = walk.entries.slice(from).at(-1);
  if (leftOver && putOff(walk, from, leftOver)) return;
  if (last) last.answersNotice = notice;
}

// Plans a handler that brings tasks; their ids tell at which flush they run.
function* walkIncluded(walk: Walk, flush: string, steps: Steps): Steps {
  const outer = walk.suffix;
  walk.suffix = `${outer}@${flush}`;
  yield* steps;
  walk.suffix = outer;
}
