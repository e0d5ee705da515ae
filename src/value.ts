/** Data as it travels: what YAML gives, what a host answers, what a plan keeps. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A value that nobody can know yet: a fact before the host was asked, or the output of a command
 * that has not run. It propagates through expressions; whatever is computed from it is Unknown too.
 */
export class Unknown {
  /**
   * What must happen before the value is known, for people: `facts of the host`, `task "build"`.
   */
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** A value that is known as soon as the host is asked, which the plan does itself. */
export class Unasked extends Unknown {}

/** The key of a mapping that may have further keys, which nobody knows yet; its value says why. */
export const FURTHER = Symbol("further keys");

// Why the keys of a mapping are not all known; undefined: they are.
export function furtherOf(value: object): Unknown | undefined {
  return (value as { readonly [FURTHER]?: Unknown })[FURTHER];
}

// Whether a value, or anything inside it, is not known yet; answers the first such Unknown.
export function findUnknown(value: unknown): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (typeof value !== "object" || value === null) return undefined;
  if (!isData(value)) return undefined;
  const further = furtherOf(value);
  if (further) return further;
  for (const part of partsOf(value)) {
    const found = findUnknown(part);
    if (found) return found;
  }
  return undefined;
}

// What a list or a mapping consists of.
function partsOf(value: object): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  return value instanceof Map ? value.values() : Object.values(value);
}

// Whether a value is a list or a mapping, and none that is worked out when it is looked at
// (hostvars), which has no end.
function isData(value: object): boolean {
  const kind = Object.getPrototypeOf(value) as unknown;
  return Array.isArray(value) || value instanceof Map || kind === null || kind === Object.prototype;
}
