import { UnsupportedError } from "../../errors.ts";
import type { ScalarNode } from "../../yaml/node.ts";
import type { Common } from "../play.ts";

// Work that is waited for (`async` with `poll`) is done like any other; background work, with
// `poll: 0`, is not supported. `valueOf` returns what is known about a keyword's value by now.
export function refuseBackground(
  { keywords }: Pick<Common, "keywords">,
  valueOf: (node: ScalarNode) => unknown,
): void {
  const [limit, poll] = [keywords.get("async"), keywords.get("poll")];
  if (limit?.kind !== "scalar" || poll?.kind !== "scalar") return;
  if (!(Number(valueOf(limit)) > 0) || Number(valueOf(poll)) !== 0) return;
  throw new UnsupportedError(
    "tasks that run in the background are not supported",
    poll.place,
    "remove poll: 0 to wait for the task; use a systemd unit for something that keeps running",
  );
}
