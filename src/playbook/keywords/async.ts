import { UnsupportedError } from "../../errors.ts";
import type { ScalarNode } from "../../yaml/node.ts";
import type { Common } from "../play.ts";

// Work that is waited for (`async` with `poll`) is done like any other; background work, with
// `poll: 0`, is not supported. `valueOf` returns what is known about a keyword's value by now.
export function refuseBackground(
  { keywords }: Pick<Common, "keywords">,
  valueOf: (node: ScalarNode) => unknown,
): void {
  const poll = keywords.get("poll");
  if (poll?.kind !== "scalar" || !isAsync({ keywords }, valueOf)) return;
  if (Number(valueOf(poll)) !== 0) return;
  throw new UnsupportedError(
    "tasks that run in the background are not supported",
    poll.place,
    "remove poll: 0 to wait for the task; use a systemd unit for something that keeps running",
  );
}

// Whether a task has a limit of time for its work, which it is to register as finished.
export function isAsync(
  { keywords }: Pick<Common, "keywords">,
  valueOf: (node: ScalarNode) => unknown,
): boolean {
  const limit = keywords.get("async");
  return limit?.kind === "scalar" && Number(valueOf(limit)) > 0;
}
