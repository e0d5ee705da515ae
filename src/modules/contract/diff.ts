import type { Diff } from "./module.ts";

/** One field of what changes, as people see it; null: it is not there. */
export function fieldDiff(title: string, before: string | null, after: string | null): Diff {
  return { kind: "field", title, before, after };
}
