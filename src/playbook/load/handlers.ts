import { InputError, type Place } from "../../errors.ts";
import { mapGet, type YamlNode } from "../../yaml/node.ts";
import { isBlock, loadCommon, loadItems, wantMap } from "./items.ts";
import { within, type Gathered, type Loading } from "./loading.ts";
import { nodesOf } from "../nodes.ts";
import type { Common, Handler, Item } from "../play.ts";

// Reads a list of handlers into those of the play. Ansible takes blocks at the top
// of the list, and imports.
export function loadHandlers(
  node: YamlNode | undefined,
  id: string,
  tags: readonly string[],
  loading: Loading,
  by: keyof Gathered["handlers"],
): void {
  const inside: Loading = { ...loading, handling: true, passable: true };
  const add = (items: readonly Item[], list: string, around: readonly Common[]): void =>
    void loading.play.handlers[by].push(...items.flatMap((item) => handlersOf(item, list, around)));
  let list = 0;
  nodesOf(node).forEach(
    (entry, i) =>
      void loading.attempt(() => {
        const map = wantMap(entry, "a handler");
        if (!isBlock(map))
          return add(
            loadItems({ kind: "seq", items: [map], place: map.place }, `${id}/${i}`, tags, inside),
            `${id}#${list}`,
            inside.around,
          );
        refuseRescue((mapGet(map, "rescue") ?? mapGet(map, "always"))?.place);
        const common = loadCommon("block", map, `${id}/${i}`, tags, inside);
        const block = within(inside, common);
        add(
          loadItems(mapGet(map, "block"), `${id}/${i}/block`, common.tags, block),
          `${id}#${++list}`,
          block.around,
        );
        list++;
      }),
  );
}

// A handler; an import is what it brings, each to be notified by its own name. The blocks of an
// imported file are like those of the list itself.
function handlersOf(
  item: Item,
  list: string,
  around: readonly Common[],
  isImported = false,
): Handler[] {
  if (item.kind !== "block") return [{ ...checkTopics(item), list, around }];
  const { block, rescue, always, kind: _kind, ...common } = item;
  if (item.imported !== true && !isImported)
    throw new InputError(
      "a handler cannot be a block inside of a block",
      item.place,
      "make each task a handler of its own; they can listen to the same topic",
    );
  refuseRescue([...rescue, ...always][0]?.place);
  return block.flatMap((inner) =>
    handlersOf(inner, list, [...around, common], item.imported === true),
  );
}

// Refuses what Ansible would leave out.
function refuseRescue(place: Place | undefined): void {
  if (place)
    throw new InputError(
      "a block of handlers has neither rescue nor always",
      place,
      "Ansible does not run these for handlers: put the tasks into a file that a handler includes",
    );
}

// Refuses a topic that Ansible would take word for word.
function checkTopics<T extends Common>(handler: T): T {
  const template = nodesOf(handler.keywords.get("listen")).find(
    (node) => node.kind === "scalar" && String(node.value).includes("{{"),
  );
  if (template)
    throw new InputError(
      "listen takes no template",
      template.place,
      "write the topic as it is; notify may have a template",
    );
  return handler;
}
