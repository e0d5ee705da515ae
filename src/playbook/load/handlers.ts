import { InputError } from "../../errors.ts";
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
        const other = mapGet(map, "rescue") ?? mapGet(map, "always");
        if (other)
          throw new InputError(
            "a block of handlers has neither rescue nor always",
            other.place,
            "Ansible does not run these for handlers: put the tasks into a file that a handler includes",
          );
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

// A handler; an import is what it brings, each to be notified by its own name.
function handlersOf(item: Item, list: string, around: readonly Common[]): Handler[] {
  if (item.kind !== "block") return [{ ...checkTopics(item), list, around }];
  const { block, rescue: _rescue, always: _always, kind: _kind, ...common } = item;
  if (item.imported !== true)
    throw new InputError(
      "a handler cannot be a block inside of a block",
      item.place,
      "make each task a handler of its own; they can listen to the same topic",
    );
  return block.flatMap((inner) => handlersOf(inner, list, [...around, common]));
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
