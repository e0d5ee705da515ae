import { keywordBool } from "../playbook/nodes.ts";
import type { Play } from "../playbook/play.ts";
import { isOver, keyword, type Walk } from "./state.ts";
import { walkTask } from "./task.ts";

// Plans the handlers that were notified, in the order in which they are written.
export function flushHandlers(walk: Walk, play: Play, flush: string): void {
  const forced = keywordBool(keyword([play], "force_handlers")) === true;
  const failed = walk.failed;
  if (failed && forced) walk.failed = undefined;
  for (const handler of play.handlers) {
    const notice = walk.notified.get(handler.id);
    if (notice === undefined || isOver(walk)) continue;
    walk.notified.delete(handler.id);
    const from = walk.entries.length;
    walkTask(walk, play, handler, [play, handler], [], `@${flush}`);
    const last = walk.entries.slice(from).at(-1);
    if (last) last.answersNotice = notice;
  }
  walk.failed ??= failed;
}
