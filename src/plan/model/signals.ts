import type { Unknown } from "../../value.ts";

/** Thrown while a task is planned whose question has not been put yet: ask, then plan again. */
export class NotAsked extends Error {
  constructor(what: string) {
    super(what);
    this.name = "NotAsked";
  }
}

/**
 * What hangs on a task that changes nothing: its failure would end the host's part, or bring a
 * rescue; or later plays find their hosts by it.
 */
export type Decided = "host" | "rescue" | "inventory";

/** Thrown while a task is planned that needs what only apply will bring. */
export class NotKnown extends Error {
  readonly unknown: Unknown;
  readonly decides: Decided | undefined;

  constructor(unknown: Unknown, decides?: Decided) {
    super(unknown.why);
    this.name = "NotKnown";
    this.unknown = unknown;
    this.decides = decides;
  }
}
