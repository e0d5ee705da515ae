import { Float, LazyDict, Record, Tuple, isDict, typeName, type Dict } from "./value.ts";
import { furtherOf } from "../../value.ts";
import { Fault, StoppedByUnknown } from "./fault.ts";
import { compareNumbers, isNumber } from "./number.ts";

const REORDERED = /^(0|[1-9]\d{0,9})$/;

// Makes a dict that keeps the order of its entries.
export function makeDict(entries: Iterable<readonly [unknown, unknown]>): Dict {
  const list = [...entries];
  if (list.some(([key]) => typeof key !== "string" || REORDERED.test(key) || key === "__proto__")) {
    const made: Dict = new Map();
    for (const [key, value] of list) dictSet(made, key, value);
    return made;
  }
  return Object.fromEntries(list as [string, unknown][]);
}

// The key used in a Map: 1.0 and 1 are the same key; lists and dicts cannot be keys.
function hashable(key: unknown): unknown {
  if (key instanceof Float) return key.value;
  if ((Array.isArray(key) && !(key instanceof Tuple)) || isDict(key))
    throw new Fault(`unhashable type: '${typeName(key)}'`);
  return key;
}

// The key that a Map already has for this one: true is 1, and tuples are equal by what they hold.
function ownKey(map: Map<unknown, unknown>, key: unknown): unknown {
  if (typeof key === "boolean" && map.has(Number(key))) return Number(key);
  if ((key === 0 || key === 1) && map.has(key === 1)) return key === 1;
  if (map.has(key) || !(key instanceof Tuple)) return key;
  for (const known of map.keys()) if (known instanceof Tuple && equals(known, key)) return known;
  return key;
}

// The value under a key, or JavaScript's undefined where there is none.
export function dictGet(dict: Dict, key: unknown): unknown {
  const wanted = hashable(key);
  if (dict instanceof Map) return dict.get(ownKey(dict, wanted));
  if (dict instanceof LazyDict) return dict.get(wanted);
  return typeof wanted === "string" && Object.hasOwn(dict, wanted) ? dict[wanted] : undefined;
}

// Puts a value under a key, in place.
export function dictSet(dict: Dict, key: unknown, value: unknown): void {
  const wanted = hashable(key);
  if (dict instanceof Map) dict.set(ownKey(dict, wanted), value);
  else if (dict instanceof LazyDict) throw new Fault("this dict cannot be changed");
  else
    Object.defineProperty(dict, String(wanted), {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
}

// Takes a key out of a dict, in place.
export function dictDelete(dict: Dict, key: unknown): void {
  const wanted = hashable(key);
  if (dict instanceof Map) dict.delete(ownKey(dict, wanted));
  else if (dict instanceof LazyDict) throw new Fault("this dict cannot be changed");
  else delete dict[String(wanted)];
}

// Whether a dict has the key.
export function dictHas(dict: Dict, key: unknown): boolean {
  return dictGet(dict, key) !== undefined;
}

// The keys in order. Throws StoppedByUnknown if they are not all known.
export function dictKeys(dict: Dict): unknown[] {
  wantAllKeys(dict);
  if (dict instanceof Map || dict instanceof LazyDict) return [...dict.keys()];
  return Object.keys(dict);
}

// Keys with values, in order. Throws StoppedByUnknown if they are not all known.
export function dictEntries(dict: Dict): [unknown, unknown][] {
  wantAllKeys(dict);
  if (dict instanceof Map) return [...dict.entries()];
  if (dict instanceof LazyDict) return [...dict.keys()].map((key) => [key, dict.get(key)]);
  return Object.entries(dict);
}

// What looks at all keys waits until they are known.
function wantAllKeys(dict: Dict): void {
  const further = furtherOf(dict);
  if (further) throw new StoppedByUnknown(further);
}

// The number of keys.
export function dictSize(dict: Dict): number {
  return dict instanceof Map ? dict.size : dictKeys(dict).length;
}

// Python's ==.
export function equals(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b) === 0;
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a instanceof Tuple === b instanceof Tuple &&
      a.length === b.length &&
      a.every((item, index) => equals(item, b[index]))
    );
  }
  if (a instanceof Record) return a.equals(b);
  if (!isDict(a) || !isDict(b) || dictSize(a) !== dictSize(b)) return false;
  return dictEntries(a).every(([key, value]) => {
    const other = dictGet(b, key);
    return other !== undefined && equals(value, other);
  });
}
