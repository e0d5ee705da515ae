import type { Place } from "../../errors.ts";
import { getItem } from "./attribute.ts";
import { isInt } from "../core/number.ts";
import { toText } from "../core/text.ts";
import { Undefined } from "../core/value.ts";

// The value under a path such as "a.b.0", as map(attribute=...) and its kin take it.
export function getPath(
  value: unknown,
  path: unknown,
  where: () => Place,
  fallback?: unknown,
): unknown {
  let found = value;
  for (const part of pathParts(path)) {
    found = getItem(found, part, where);
    if (found instanceof Undefined && fallback !== undefined && fallback !== null) found = fallback;
  }
  return found;
}

// The steps of a path: names, and numbers for lists.
function pathParts(path: unknown): unknown[] {
  if (path === null || path === undefined) return [];
  if (isInt(path)) return [path];
  return toText(path)
    .split(".")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
