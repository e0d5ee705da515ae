import { InputError } from "../../errors.ts";
import {
  DEEPEST,
  type Block,
  type Common,
  type Item,
  type Play,
  type Task,
} from "../../playbook/play.ts";
import { hasStatus, type Entry } from "../model/entry.ts";
import { rescued } from "../entry/write-entry.ts";
import { applyRunAction, flushesHandlers } from "./run-actions.ts";
import { flushHandlers } from "./handlers.ts";
import { forgetBrought, noteUse, takePlayImports, walkInclude } from "./include.ts";
import { takeLeftOver } from "../entry/left-over.ts";
import { pendingNotices } from "../entry/notify.ts";
import { takeFailure, returnFailure, isOver, replaceEntry, type Walk } from "../model/state.ts";
import { act, chain, each, inside, later, nothing, stopAt, type Steps } from "../model/steps.ts";
import { areTemplated, selected, withTags } from "./tags.ts";
import { rollback } from "../../modules/play/rollback.ts";
import { planRollback } from "../task/rollback.ts";
import { taskVariables } from "../scope/task-variables.ts";
import { walkTask } from "../task/task.ts";
import type { Layer } from "../model/variables.ts";

// Plans one play for a host: its sections, each with the handlers that it notified; those of broken
// runs come after the tasks.
export function walkPlay(walk: Walk, play: Play): Steps {
  return chain(
    act(() => beginPlay(walk, play)),
    each(play.sections, (section, index) =>
      chain(
        inside(walk, index, walkItems(walk, play, section.items, [play])),
        act(() => {
          if (section.name === "tasks") takeLeftOver(walk, play);
        }),
        section.items.length > 0 || section.name === "tasks"
          ? inside(walk, index + 0.5, flushHandlers(walk, play, section.name, walkItems))
          : nothing,
      ),
    ),
  );
}

// Forgets what the play before left of handlers and includes, and looks what
// broken runs left on the host.
function beginPlay(walk: Walk, play: Play): void {
  walk.notified.clear();
  walk.leftOver.clear();
  forgetBrought(walk);
  takePlayImports(walk, play);
  pendingNotices(walk, play);
}

// Plans items one after another, until the host fails or ends.
export function walkItems(
  walk: Walk,
  play: Play,
  items: readonly Item[],
  around: readonly Common[],
  extra: Layer[] = [],
): Steps {
  return each(
    items,
    (item, index) => inside(walk, index, walkOne(walk, play, item, around, extra)),
    () => isOver(walk),
  );
}

// Plans a task, a block, or an include.
function walkOne(
  walk: Walk,
  play: Play,
  item: Item,
  around: readonly Common[],
  extra: Layer[],
): Steps {
  if (item.kind === "block") return walkBlock(walk, play, item, [...around, item], extra);
  if (item.kind === "include") return walkInclude(walk, play, item, around, extra, walkItems);
  const inner = [...around, item];
  const walkSelected = ({ tags }: Task): Steps =>
    selected(tags, walk.host.options) ? walkSingle(walk, play, item, inner, extra) : nothing;
  return areTemplated(item.tags)
    ? later(() => walkSelected(withTags(item, () => taskVariables(walk, inner, extra))))
    : walkSelected(item);
}

// Plans a task when its turn has come; some act on the run itself.
function walkSingle(
  walk: Walk,
  play: Play,
  task: Task,
  around: readonly Common[],
  extra: Layer[],
): Steps {
  const perform = (entry: Entry): Steps => {
    applyRunAction(walk, entry);
    if (entry.action?.kind === "rollback" && hasStatus(entry, "ok")) {
      const { undo } = entry.action;
      const keyed = { around, variables: taskVariables(walk, around, extra) };
      return act(() => planRollback(walk, task, keyed, entry, undo));
    }
    if (!flushesHandlers(entry)) return nothing;
    refuseEndless(walk, task);
    return flushHandlers(walk, play, task.id, walkItems);
  };
  return chain(
    stopAt(walk),
    later(() => {
      const from = walk.entries.length;
      walkTask(walk, play, task, around, extra);
      return each(walk.entries.slice(from), (entry) => later(() => perform(entry)));
    }),
  );
}

// Refuses handlers whose tasks run handlers that bring the same tasks again, since nobody knows
// whether a condition will end it.
function refuseEndless({ suffix }: Walk, { place }: Task): void {
  if (suffix.split("@").length > DEEPEST + 1)
    throw new InputError(
      `handlers run handlers here more than ${DEEPEST} levels deep`,
      place,
      "add a condition that stops it, or let flush_handlers run outside of what handlers include",
    );
}

// Plans a block; a failure in it goes to its rescue, and its always part is planned in any case.
function walkBlock(
  walk: Walk,
  play: Play,
  block: Block,
  around: readonly Common[],
  extra: Layer[],
): Steps {
  if (block.use !== undefined) return walkUse(walk, play, block, around, extra);
  const depth = block.rescue.length > 0 ? 1 : 0;
  const part = (index: number, items: readonly Item[]): Steps =>
    inside(walk, index, walkItems(walk, play, items, around, extra));
  const always = later(() => {
    const failed = takeFailure(walk);
    return chain(
      part(2, block.always),
      act(() => returnFailure(walk, failed)),
    );
  });
  return later(() => {
    const from = walk.entries.length;
    const { rescues } = walk;
    return chain(
      act(() => (walk.rescueDepth += depth)),
      part(0, block.block),
      act(() => (walk.rescueDepth -= depth)),
      later(() => (beginRescue(walk, block, from) ? part(1, block.rescue) : nothing)),
      act(() => (walk.rescues = rescues)),
      always,
    );
  });
}

// Whether a block's rescue should be planned; takes back the failure that it handles.
function beginRescue(walk: Walk, { rescue }: Block, from: number): boolean {
  const { failed } = walk;
  if (!failed || failed.verdict.unsupported || rescue.length === 0) return false;
  if (walk.stopped !== undefined) return false;
  if (rescue.some(isRollback) && !hasRun(walk, from)) return false;
  // it may be one of another host, on which the task was done for all
  for (const one of walk.pass.walks.values()) replaceEntry(one, failed, rescued(failed));
  takeFailure(walk);
  walk.rescues = [...walk.rescues, { from, to: walk.entries.length, failed }];
  return true;
}

// Whether a rescue puts back what its block has done: where that is nothing, its
// failure is that of the host.
function isRollback(item: Item): boolean {
  return item.kind === "task" && item.module.name === rollback.name;
}

// Whether anything was done on the host for entries from one on.
function hasRun({ entries, known }: Walk, from: number): boolean {
  return entries.slice(from).some(({ id, change }) => {
    const { outcome } = known.completed.get(id) ?? {};
    return change !== undefined && outcome !== undefined && outcome.status !== "already";
  });
}

// Plans a role, unless it is not to be done again and the host did the same in this play: all its
// tasks, and one of them was not skipped.
function walkUse(
  walk: Walk,
  play: Play,
  { block, use }: Block,
  around: readonly Common[],
  extra: Layer[],
): Steps {
  return later(() => {
    if (use!.isOnce && walk.broughtByIncludes.uses.has(use!.key)) return nothing;
    const from = walk.entries.length;
    return chain(
      walkItems(walk, play, block, around, extra),
      act(() => {
        const isDone = walk.entries.slice(from).some((entry) => !hasStatus(entry, "skipped"));
        if (!isOver(walk) && isDone) noteUse(walk, use!.key);
      }),
    );
  });
}
