import { timeOrder } from "../python/datetime.ts";
import { dictHas, equals } from "./dict.ts";
import { Fault } from "./fault.ts";
import { compareNumbers, isNumber } from "./number.ts";
import { Tuple, isDict, typeName } from "./value.ts";

// Orders two strings by code points, as Python does.
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
  if (Number.isNaN(left) || Number.isNaN(right)) return a.length < b.length ? -1 : 1;
  return surrogateLast(left) < surrogateLast(right) ? -1 : 1;
}

// Halves of code points beyond 0xFFFF order after all others.
function surrogateLast(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

// Orders two values as Python's < does; a Fault where Python has no order. The
// sign says which is less.
export function compare(a: unknown, b: unknown, operator = "<"): number {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple)
    return compareLists(a, b, operator);
  const order = timeOrder(a, b);
  if (order !== undefined) return order;
  throw new Fault(
    `'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
  );
}

// Orders two lists by their first difference.
function compareLists(a: unknown[], b: unknown[], operator: string): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    if (!equals(a[index], b[index])) return compare(a[index], b[index], operator);
  }
  return a.length - b.length;
}

// Python's `in`.
export function contains(container: unknown, item: unknown): boolean {
  if (typeof container === "string") {
    if (typeof item === "string") return container.includes(item);
    throw new Fault(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (Array.isArray(container)) return container.some((member) => equals(member, item));
  if (isDict(container)) return dictHas(container, item);
  throw new Fault(`argument of type '${typeName(container)}' is not iterable`);
}
