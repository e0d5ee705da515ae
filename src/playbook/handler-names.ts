import type { YamlNode } from "../yaml/node.ts";
import { wordsOf } from "./nodes.ts";
import type { Handler } from "./play.ts";

/** Renders the name of a handler; undefined: it cannot be said. */
type Render = (handler: Handler, node: YamlNode) => string | undefined;

// All words by which a handler can be notified: its name, with its role before it too, and
// the topics it listens to.
export function handlerNames(handler: Handler): string[] {
  return [
    ...namesOf(handler, String(handler.name?.value)),
    ...wordsOf(handler.keywords.get("listen")),
  ];
}

// Whether a handler's name is only known when it is rendered.
export function isTemplated(handler: Handler): boolean {
  return String(handler.name?.value).includes("{{");
}

// The handlers that a word notifies: the one of that name (of several the first of the last list,
// as in Ansible), and all that listen to it.
export function handlersFor(handlers: readonly Handler[], word: string, render: Render): Handler[] {
  const text = (handler: Handler, node: YamlNode): string | undefined =>
    node.kind === "scalar" && !String(node.value).includes("{{")
      ? String(node.value)
      : render(handler, node);
  const isNamed = (handler: Handler): boolean =>
    handler.name !== undefined && namesOf(handler, text(handler, handler.name)).includes(word);
  const named = handlers.filter(isNamed);
  const meant = named.find(({ list }) => list === named.at(-1)!.list);
  return handlers.filter(
    (handler) => handler === meant || wordsOf(handler.keywords.get("listen")).includes(word),
  );
}

// A handler's name, by itself and prefixed with its role's name.
function namesOf({ role }: Handler, name: string | undefined): string[] {
  return name === undefined ? [] : [name, ...(role ? [`${role.name} : ${name}`] : [])];
}
