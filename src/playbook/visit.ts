import type { Common, Handler, Item, Play, Task } from "./play.ts";

/** A task with all that is around it, from the play on to itself. */
export interface PlacedTask {
  play: Play;
  task: Task;
  around: readonly Common[];
  isHandler: boolean;
  /** Failures are expected here: it is in a block with a rescue. */
  isRescued: boolean;
}

// All tasks of a play, those of handlers and of known includes too.
export function tasksOf(play: Play): PlacedTask[] {
  const visit = (
    item: Item,
    around: readonly Common[],
    rest: Pick<PlacedTask, "isHandler" | "isRescued">,
  ): PlacedTask[] => {
    const inside = [...around, item];
    if (item.kind === "task") return [{ play, task: item, around: inside, ...rest }];
    if (item.kind === "include")
      return (item.known?.items ?? []).flatMap((one) => visit(one, inside, rest));
    const isRescued = rest.isRescued || item.rescue.length > 0;
    return [
      ...item.block.flatMap((one) => visit(one, inside, { ...rest, isRescued })),
      ...[...item.rescue, ...item.always].flatMap((one) => visit(one, inside, rest)),
    ];
  };
  const items = play.sections.flatMap((section) => section.items);
  return [
    ...items.flatMap((item) => visit(item, [play], { isHandler: false, isRescued: false })),
    ...handlersOf(play).flatMap((handler) =>
      visit(handler, [play, ...handler.around], { isHandler: true, isRescued: false }),
    ),
  ];
}

// All handlers of a play, those that known includes bring too.
export function handlersOf(play: Play): Handler[] {
  const brought = (item: Item): readonly Handler[] => {
    if (item.kind === "task") return [];
    if (item.kind === "include")
      return [...(item.known?.handlers ?? []), ...(item.known?.items ?? []).flatMap(brought)];
    return [...item.block, ...item.rescue, ...item.always].flatMap(brought);
  };
  return [
    ...new Set([...play.handlers, ...play.sections.flatMap(({ items }) => items.flatMap(brought))]),
  ];
}
