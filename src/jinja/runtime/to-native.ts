import { Unknown } from "../../value.ts";
import { Callable } from "../core/callable.ts";
import { dictEntries, makeDict } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { LazyDict, Namespace, Record, Tuple, Undefined, isDict, soften } from "../core/value.ts";

// A value as it leaves the template language: nothing undefined inside, tuples
// as lists, no functions.
export function toNative(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Undefined) return soften(value);
  if (value instanceof Unknown || value instanceof LazyDict) return value;
  if (Array.isArray(value)) return leaveList(value);
  if (isDict(value)) return leaveDict(value);
  if (value instanceof Namespace) return Object.fromEntries(value.fields);
  if (value instanceof Callable)
    throw new Fault(`${value.name} is a function, not a value`, `call it: ${value.name}()`);
  if (value instanceof Record) return value.text?.() ?? value;
  return value;
}

// A list, copied only where something in it changes.
function leaveList(list: unknown[]): unknown[] {
  const items = Array.from(list, toNative);
  return list instanceof Tuple || items.some((item, index) => item !== list[index]) ? items : list;
}

// A dict, copied only where something in it changes.
function leaveDict(dict: Parameters<typeof dictEntries>[0]): unknown {
  const entries = dictEntries(dict);
  const left = entries.map(([key, value]) => [key, toNative(value)] as const);
  return left.some(([, value], index) => value !== entries[index]?.[1]) ? makeDict(left) : dict;
}
