import { Unknown, type Json } from "../../../value.ts";
import type { PassingPart } from "../../passing.ts";
import type { Facts } from "./answer.ts";
import { fromKeys } from "../../../records.ts";

/** What a login brings along. */
const OF_LOGIN = /^(?:SSH_CLIENT|SSH_CONNECTION|SSH_TTY|XDG_SESSION_ID)$/;

/** Facts of a moment. */
const OF_MOMENT = [
  "date_time",
  "uptime_seconds",
  "loadavg",
  "memfree_mb",
  "swapfree_mb",
  "memory_mb",
] as const;

/** What is free or used of a mount. */
const OF_MOUNT = [
  "size_available",
  "block_available",
  "block_used",
  "inode_available",
  "inode_used",
] as const;

/** The time, the load, free memory and free space are other ones with every answer. */
export const passingFacts: PassingPart<Facts> = {
  kind: "facts",
  withoutText: (output) =>
    output
      .replaceAll(/^\/proc\/meminfo:(?:MemFree|Buffers|Cached|SwapFree|SwapCached):.*$/gm, "")
      .replace(/(\n--sizes--\n)([^]*?)(?=\n--[a-z]+--\n)/, (_, head: string, lines: string) =>
        head.concat(lines.replaceAll(/^(\d+ \d+ \d+) \d+ \d+ (\d+) \d+ /gm, "$1 $2 ")),
      )
      .replace(/(\n--date--\n).*/, "$1")
      .replaceAll(/(\n==> \/proc\/(?:loadavg|uptime) <==\n).*/g, "$1")
      .replaceAll(/(?<=\0|\n)(SSH_CLIENT|SSH_CONNECTION|SSH_TTY|XDG_SESSION_ID)=[^\0\n]*/g, "$1"),
  blurred(answer) {
    const now = new Unknown("what changes on the host by itself") as unknown as Json;
    const unknown = (names: readonly string[], of: Facts): Facts => ({
      ...of,
      ...fromKeys(
        names.filter((name) => name in of),
        () => now,
      ),
    });
    const mounts = Array.isArray(answer["mounts"]) ? (answer["mounts"] as Facts[]) : [];
    const env = (answer["env"] ?? {}) as Facts;
    const moment = unknown(OF_MOMENT, answer);
    if ("mounts" in answer) moment["mounts"] = mounts.map((mount) => unknown(OF_MOUNT, mount));
    if ("env" in answer)
      moment["env"] = unknown(
        Object.keys(env).filter((name) => OF_LOGIN.test(name)),
        env,
      );
    return moment;
  },
};
