import { InputError, type UndefinedError } from "../../errors.ts";
import { handlersFor } from "../../playbook/handler-names.ts";
import { nodesOf, wordsOf } from "../../playbook/nodes.ts";
import type { Handler, Play } from "../../playbook/play.ts";
import { Unasked, Unknown } from "../../value.ts";
import type { Invocation } from "../model/invocation.ts";
import { handlersOf, type Walk } from "../model/state.ts";
import { decideConditions } from "../scope/conditions.ts";
import { taskVariables } from "../scope/task-variables.ts";
import { undefinedSlip } from "./undefined-names.ts";
import { insteadOf } from "../../instead-of.ts";

/**
 * A name that nothing sets, in a handler of a task that can be planned only during apply: whether
 * the handler runs is not known yet, and the mistake would be found after changes.
 */
export function slipOfHandlers(
  walk: Walk,
  play: Play,
  { around }: Invocation,
): UndefinedError | undefined {
  const topics = around.flatMap(({ keywords }) => wordsOf(keywords.get("notify")));
  const all = handlersOf(walk, play);
  const notified = topics.flatMap((topic) => handlersFor(all, topic, () => undefined));
  for (const handler of new Set(notified)) {
    const slip = handler.kind === "task" ? slipOfHandler(walk, play, handler) : undefined;
    if (slip) return slip;
  }
  return undefined;
}

// The slip in one handler, unless a condition says already that it does not run.
function slipOfHandler(
  walk: Walk,
  play: Play,
  handler: Handler & { kind: "task" },
): UndefinedError | undefined {
  const around = [play, ...handler.around, handler];
  const item = { task: handler, around, variables: taskVariables(walk, around), id: handler.id };
  return mayRun(item) ? undefinedSlip(walk, item) : undefined;
}

// Whether a handler may run, as far as conditions say by now.
function mayRun({ around, variables }: Invocation): boolean {
  const conditions = around.flatMap(({ keywords }) => nodesOf(keywords.get("when")));
  return insteadOf([InputError], true, () => {
    const { holds } = decideConditions(variables, conditions);
    return holds instanceof Unknown ? !(holds instanceof Unasked) : holds;
  });
}
