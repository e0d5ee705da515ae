import { keywordBool } from "../playbook/nodes.ts";
import type { Common, Include, Play } from "../playbook/play.ts";
import { handlersOf, isOver, keyword, type Walk } from "./state.ts";
import { walkInclude, type WalkItems } from "./include.ts";
import { walkTask } from "./task.ts";

// Plans the handlers that were notified, in the order in which they are written.
export function flushHandlers(walk: Walk, play: Play, flush: string, walkItems: WalkItems): void {
  const forced = keywordBool(keyword([play], "force_handlers")) === true;
  const failed = walk.failed;
  if (failed && forced) walk.failed = undefined;
  for (const handler of handlersOf(walk, play)) {
    const notice = walk.notified.get(handler.id);
    if (notice === undefined || isOver(walk)) continue;
    walk.notified.delete(handler.id);
    const from = walk.entries.length;
    const around = [play, ...handler.around];
    if (handler.kind === "task") walkTask(walk, play, handler, [...around, handler], [], `@${flush}`);
    else walkIncluded(walk, play, handler, around, flush, walkItems);
    const last = walk.entries.slice(from).at(-1);
    if (last) last.answersNotice = notice;
  }
  walk.failed ??= failed;
}

// Plans a handler that brings tasks; their ids tell at which flush they run.
function walkIncluded(walk: Walk, play: Play, handler: Include, around: readonly Common[], flush: string, walkItems: WalkItems): void {
  const outer = walk.suffix;
  walk.suffix = `${outer}@${flush}`;
  walkInclude(walk, play, handler, around, [], walkItems);
  walk.suffix = outer;
}
