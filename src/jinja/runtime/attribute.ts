import { furtherOf, Unknown } from "../../value.ts";
import { closest } from "../../suggest.ts";
import { Callable, type Method } from "../core/callable.ts";
import { dictGet, dictKeys } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { dictMethods } from "../library/methods-dict.ts";
import { listMethods } from "../library/methods-list.ts";
import { stringMethods } from "../library/methods-string.ts";
import { asInt, isInt, type Int } from "../core/number.ts";
import { characters, repr } from "../core/text.ts";
import {
  LazyDict,
  Namespace,
  Record,
  Tuple,
  Undefined,
  isDict,
  tuple,
  typeName,
} from "../core/value.ts";
import type { Place } from "../../errors.ts";
import { ownProperty } from "../core/own-property.ts";

type Where = () => Place;

// x.name: a method, an attribute of the language's own objects, or what a dict
// holds under that name.
export function getAttribute(object: unknown, name: string, where: Where): unknown {
  if (object instanceof Undefined || object instanceof Unknown) return object;
  const found = methodOf(object, name) ?? ownAttribute(object, name);
  return found === undefined ? missing(object, name, where) : found; // None is a value.
}

// x[key]: an item, or else an attribute of that name.
export function getItem(object: unknown, key: unknown, where: Where): unknown {
  if (object instanceof Undefined || object instanceof Unknown) return object;
  if (key instanceof Undefined) throw key.error();
  if (key instanceof Unknown) return key;
  const item = itemOf(object, key);
  if (item !== undefined) return item;
  if (typeof key === "string")
    return (
      methodOf(object, key) ??
      (isDict(object) ? undefined : ownAttribute(object, key)) ??
      missing(object, key, where)
    );
  return missing(object, key, where);
}

// What a container holds under a key or an index.
function itemOf(object: unknown, key: unknown): unknown {
  if (isDict(object)) return dictGet(object, key);
  if (!isInt(key)) return undefined;
  if (typeof object === "string") return at(characters(object), key);
  return Array.isArray(object) ? at(object, key) : undefined;
}

// The item at an index; a negative one counts from the end.
function at(items: readonly unknown[], index: Int | boolean): unknown {
  return items.at(Number(asInt(index)));
}

// The attribute of an object of the language, or the item of a dict.
function ownAttribute(object: unknown, name: string): unknown {
  if (isDict(object)) return dictGet(object, name);
  if (object instanceof Record) return object.attribute(name);
  if (object instanceof Tuple) return object[object.names?.indexOf(name) ?? -1];
  return object instanceof Namespace ? object.fields.get(name) : undefined;
}

// A method of a string, list or dict, bound to it.
function methodOf(object: unknown, name: string): Callable | undefined {
  const method = ownProperty(methodsOf(object) ?? {}, name);
  if (!method) return undefined;
  const { params, run } = method;
  return new Callable(name, params, (args, call) => run(object, args, call), "outer");
}

// The methods that a value's type has.
function methodsOf(object: unknown): { [name: string]: Method } | undefined {
  if (typeof object === "string") return stringMethods;
  if (Array.isArray(object)) return listMethods;
  return isDict(object) ? dictMethods : undefined;
}

// Says that there is no such attribute; an error only where it is used. A dict that may have it
// makes it Unknown.
function missing(object: unknown, key: unknown, where: Where): Undefined | Unknown {
  const further = isDict(object) ? furtherOf(object) : undefined;
  if (further) return further;
  const name = typeof key === "string" ? `no attribute '${key}'` : `no element ${repr(key)}`;
  return new Undefined(`'${typeName(object)} object' has ${name}`, where, () =>
    hintFor(object, key),
  );
}

// "did you mean", from the keys of a dict.
function hintFor(object: unknown, key: unknown): string | undefined {
  if (!isDict(object) || typeof key !== "string" || object instanceof LazyDict) return undefined;
  const known = dictKeys(object).filter((name) => typeof name === "string");
  const near = closest(key, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  return known.length > 0 && known.length <= 12 ? `it has: ${known.join(", ")}` : undefined;
}

// x[start:stop:step]
export function slice(object: unknown, start: unknown, stop: unknown, step: unknown): unknown {
  if (typeof object === "string") return sliceItems(characters(object), start, stop, step).join("");
  if (!Array.isArray(object)) throw new Fault(`'${typeName(object)}' object cannot be sliced`);
  const items = sliceItems<unknown>(object, start, stop, step);
  return object instanceof Tuple ? tuple(items) : items;
}

// A bound of a slice as a number, or undefined where it is left open.
function bound(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (isInt(value)) return Number(value);
  throw new Fault("slice indices must be integers or None");
}

// Picks the items of a slice, by Python's rules.
export function sliceItems<T>(
  items: readonly T[],
  start: unknown,
  stop: unknown,
  step: unknown,
): T[] {
  const by = bound(step) ?? 1;
  if (by === 0) throw new Fault("slice step cannot be zero");
  const [low, high] = by > 0 ? [0, items.length] : [-1, items.length - 1];
  const clamp = (value: number | undefined, fallback: number): number =>
    value === undefined
      ? fallback
      : Math.min(high, Math.max(low, value < 0 ? value + items.length : value));
  const from = clamp(bound(start), by > 0 ? low : high);
  const to = clamp(bound(stop), by > 0 ? high : low);
  const picked: T[] = [];
  for (let index = from; by > 0 ? index < to : index > to; index += by) picked.push(items[index]!);
  return picked;
}
