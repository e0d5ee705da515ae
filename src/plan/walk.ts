import type { Block, Common, Item, Play, Task } from "../playbook/play.ts";
import { flushHandlers } from "./handlers.ts";
import { walkInclude } from "./include.ts";
import { pendingNotices } from "./notices.ts";
import { isOver, type Host, type Known, type Walk } from "./state.ts";
import { selected } from "./tags.ts";
import { walkTask } from "./task.ts";
import type { Layer } from "./variables.ts";
import { World } from "./world.ts";

// Plans all plays for one host with what is known of it by now.
export function walkHost(host: Host, known: Known): Walk {
  const walk: Walk = {
    host, known, world: new World(known), entries: [], missing: new Map(), wanted: new Map(),
    registered: new Map(), madeFacts: new Map(), gathered: false, included: new Map(), includes: undefined, notified: new Map(), loops: new Map(), again: new Map(), coming: new Map(), play: 0, suffix: "", guessed: false, dirty: false, failed: undefined, ended: false,
  };
  host.playbook.plays.forEach((play, number) => {
    if (host.plays.has(number) && !isOver(walk)) walkPlay(walk, play, number);
  });
  return walk;
}

// Plans one play: its sections, each with the handlers that it notified; those of broken runs come after the tasks.
function walkPlay(walk: Walk, play: Play, number: number): void {
  walk.play = number;
  walk.notified.clear();
  const pending = pendingNotices(walk, play);
  for (const section of play.sections) {
    walkItems(walk, play, section.items, [play]);
    if (section.name === "tasks") for (const [id, notice] of pending) walk.notified.set(id, notice);
    if (section.items.length > 0 || section.name === "tasks") flushHandlers(walk, play, section.name);
  }
}

// Plans items one after another, until the host fails or ends.
export function walkItems(walk: Walk, play: Play, items: readonly Item[], around: readonly Common[], extra: Layer[] = []): void {
  for (const item of items) {
    if (isOver(walk)) return;
    if (item.kind === "block") walkBlock(walk, play, item, [...around, item], extra);
    else if (item.kind === "include") walkInclude(walk, play, item, around, extra, walkItems);
    else if (selected(item.tags, walk.host.options)) walkOne(walk, play, item, [...around, item], extra);
  }
}

// Plans a task; meta acts on the walk itself.
function walkOne(walk: Walk, play: Play, task: Task, around: readonly Common[], extra: Layer[]): void {
  walkTask(walk, play, task, around, extra);
  const entry = walk.entries.at(-1);
  if (task.module.name !== "meta" || entry?.status !== "ok") return;
  if (entry.result["meta"] === "flush_handlers") flushHandlers(walk, play, entry.id);
  if (entry.result["meta"] === "end_host" || entry.result["meta"] === "end_play") walk.ended = true;
}

// Plans a block; a failure in it goes to its rescue, and its always part is planned in any case.
function walkBlock(walk: Walk, play: Play, block: Block, around: readonly Common[], extra: Layer[]): void {
  walkItems(walk, play, block.block, around, extra);
  let failed = walk.failed;
  if (failed && block.rescue.length > 0) {
    failed.rescued = true;
    walk.failed = undefined;
    const about = new Map<string, unknown>([["ansible_failed_task", { name: failed.task, action: failed.module }], ["ansible_failed_result", failed.result]]);
    walkItems(walk, play, block.rescue, around, [...extra, { values: about }]);
    failed = walk.failed;
  }
  walk.failed = undefined;
  walkItems(walk, play, block.always, around, extra);
  walk.failed ??= failed;
}
