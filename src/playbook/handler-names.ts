import { wordsOf } from "./nodes.ts";
import type { Task } from "./play.ts";

// All words by which a handler can be notified: its name, with its role before it too, and the topics it listens to.
export function handlerNames(handler: Task): string[] {
  const name = String(handler.name?.value);
  return [name, ...(handler.role ? [`${handler.role.name} : ${name}`] : []), ...wordsOf(handler.keywords.get("listen"))];
}
