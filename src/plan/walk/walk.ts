import type { Block, Common, Item, Play, Task } from "../../playbook/play.ts";
import { applyRunAction, flushesHandlers } from "./run-actions.ts";
import { flushHandlers } from "./handlers.ts";
import { walkInclude } from "./include.ts";
import { takeLeftOver } from "../task/left-over.ts";
import { pendingNotices } from "../task/notify.ts";
import { isOver, type Walk } from "../model/state.ts";
import { inside, type Steps } from "../model/steps.ts";
import { selected } from "./tags.ts";
import { walkTask } from "../task/task.ts";
import type { Layer } from "../model/variables.ts";

// Plans one play for a host: its sections, each with the handlers that it notified; those of broken runs come after the tasks.
export function* walkPlay(walk: Walk, play: Play): Steps {
  walk.notified.clear();
  walk.leftOver.clear();
  walk.broughtByIncludes = { handlers: [], roles: [], uses: new Set() };
  pendingNotices(walk, play);
  for (const [index, section] of play.sections.entries()) {
    yield* inside(walk, index, walkItems(walk, play, section.items, [play]));
    if (section.name === "tasks") takeLeftOver(walk, play);
    if (section.items.length > 0 || section.name === "tasks")
      yield* inside(walk, index + 0.5, flushHandlers(walk, play, section.name, walkItems));
  }
}

// Plans items one after another, until the host fails or ends.
export function* walkItems(
  walk: Walk,
  play: Play,
  items: readonly Item[],
  around: readonly Common[],
  extra: Layer[] = [],
): Steps {
  for (const [index, item] of items.entries()) {
    if (isOver(walk)) return;
    yield* inside(walk, index, walkOne(walk, play, item, around, extra));
  }
}

// Plans a task, a block, or an include.
function* walkOne(
  walk: Walk,
  play: Play,
  item: Item,
  around: readonly Common[],
  extra: Layer[],
): Steps {
  if (item.kind === "block") yield* walkBlock(walk, play, item, [...around, item], extra);
  else if (item.kind === "include") yield* walkInclude(walk, play, item, around, extra, walkItems);
  else if (selected(item.tags, walk.host.options))
    yield* walkSingle(walk, play, item, [...around, item], extra);
}

// Plans a task when its turn has come; some act on the run itself.
function* walkSingle(
  walk: Walk,
  play: Play,
  task: Task,
  around: readonly Common[],
  extra: Layer[],
): Steps {
  yield [...walk.at];
  const from = walk.entries.length;
  walkTask(walk, play, task, around, extra);
  for (const entry of walk.entries.slice(from)) {
    applyRunAction(walk, entry);
    if (flushesHandlers(entry)) yield* flushHandlers(walk, play, entry.id, walkItems);
  }
}

// Plans a block; a failure in it goes to its rescue, and its always part is planned in any case.
function* walkBlock(
  walk: Walk,
  play: Play,
  block: Block,
  around: readonly Common[],
  extra: Layer[],
): Steps {
  if (block.use !== undefined) return yield* walkUse(walk, play, block, around, extra);
  const isProtected = block.rescue.length > 0 ? 1 : 0;
  walk.rescueDepth += isProtected;
  yield* inside(walk, 0, walkItems(walk, play, block.block, around, extra));
  walk.rescueDepth -= isProtected;
  let failed = walk.failed;
  if (
    failed &&
    failed.unsupported !== true &&
    block.rescue.length > 0 &&
    walk.stopped === undefined
  ) {
    failed.rescued = true;
    walk.failed = undefined;
    yield* inside(walk, 1, walkItems(walk, play, block.rescue, around, extra));
    failed = walk.failed;
  }
  walk.failed = undefined;
  yield* inside(walk, 2, walkItems(walk, play, block.always, around, extra));
  walk.failed ??= failed;
}

// Plans a role, unless it is not to be done again and the host did the same in this play: all its tasks, and one of them was not skipped.
function* walkUse(
  walk: Walk,
  play: Play,
  { block, use }: Block,
  around: readonly Common[],
  extra: Layer[],
): Steps {
  if (use!.isOnce && walk.broughtByIncludes.uses.has(use!.key)) return;
  const from = walk.entries.length;
  yield* walkItems(walk, play, block, around, extra);
  if (!isOver(walk) && walk.entries.slice(from).some(({ status }) => status !== "skipped"))
    walk.broughtByIncludes.uses.add(use!.key);
}
