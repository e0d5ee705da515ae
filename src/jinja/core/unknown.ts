import { furtherOf, Unknown } from "../../value.ts";
import { dictEntries } from "./dict.ts";
import { isDict } from "./value.ts";

// The first Unknown in a value, however deep.
export function findUnknownIn(value: unknown): Unknown | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Unknown) return value;
  if (Array.isArray(value)) return firstUnknown(value);
  if (!isDict(value)) return undefined;
  const further = furtherOf(value);
  if (further) return further;
  return value instanceof Map
    ? firstUnknown(value.values())
    : firstUnknown(dictEntries(value).map(([, item]) => item));
}

// The first Unknown among values.
function firstUnknown(values: Iterable<unknown>): Unknown | undefined {
  for (const value of values) {
    const found = findUnknownIn(value);
    if (found) return found;
  }
  return undefined;
}
