import type { Unknown } from "../../value.ts";

/** Thrown while a task is planned whose question has not been put yet: ask, then plan again. */
export class NotAsked extends Error {
  constructor(what: string) {
    super(what);
    this.name = "NotAsked";
  }
}

/** Thrown while a task is planned that needs what only apply will bring. */
export class NotKnown extends Error {
  readonly unknown: Unknown;
  /** What a failure of the task would end, where it only looks. */
  readonly failureDecides: "host" | "rescue" | undefined;

  constructor(unknown: Unknown, failureDecides?: "host" | "rescue") {
    super(unknown.why);
    this.name = "NotKnown";
    this.unknown = unknown;
    this.failureDecides = failureDecides;
  }
}
