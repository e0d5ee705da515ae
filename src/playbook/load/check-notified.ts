import { InputError } from "../../errors.ts";
import { didYouMean } from "../../suggest.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { handlerNames, isTemplated } from "../handler-names.ts";
import { nodesOf } from "../nodes.ts";
import type { Handler, Item, Play } from "../play.ts";
import type { ReadAttempt } from "./loading.ts";

// A task that notifies a handler which does not exist would lose the notification: refused when
// read. Where some could not be read, it may be there.
export function checkNotified(play: Play, attempt: ReadAttempt, isMaimed: boolean): void {
  const items = play.sections.flatMap((section) => section.items);
  const handlers = [...play.handlers, ...items.flatMap(handlersIn)];
  const known = new Set(handlers.flatMap((handler) => handlerNames(handler)));
  if (isMaimed || handlers.some(isTemplated) || items.some(bringsUnknown)) return;
  const nodes = [...items, ...handlers].flatMap(notified).filter((node) => node.kind === "scalar");
  for (const node of nodes) {
    const name = String(node.value);
    attempt(() => {
      if (!name.includes("{{") && !known.has(name))
        throw new InputError(
          `no handler of this play is named "${name}" or listens to it`,
          node.place,
          didYouMean(name, known) ?? 'add a handler of that name below "handlers:" of the play',
        );
    });
  }
}

// The items directly inside of one, as far as they are known.
function inside(item: Item): readonly Item[] {
  if (item.kind === "block") return [...item.block, ...item.rescue, ...item.always];
  return item.kind === "include" ? (item.known?.items ?? []) : [];
}

// All that an item and those inside of it notify.
function notified(item: Item): readonly YamlNode[] {
  return [...nodesOf(item.keywords.get("notify")), ...inside(item).flatMap(notified)];
}

// The handlers that includes will bring.
function handlersIn(item: Item): readonly Handler[] {
  return [
    ...(item.kind === "include" ? (item.known?.handlers ?? []) : []),
    ...inside(item).flatMap(handlersIn),
  ];
}

// Whether a role may come whose name, and so whose handlers, are not known yet.
function bringsUnknown(item: Item): boolean {
  return item.kind === "include" && !item.known
    ? item.what === "role"
    : inside(item).some(bringsUnknown);
}
