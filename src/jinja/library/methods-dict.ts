import { furtherOf } from "../../value.ts";
import type { Method } from "../core/callable.ts";
import {
  dictDelete,
  dictEntries,
  dictGet,
  dictHas,
  dictKeys,
  dictSet,
  makeDict,
} from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { iterate } from "../runtime/iterate.ts";
import { repr } from "../core/text.ts";
import { isDict, tuple, typeName, type Dict } from "../core/value.ts";

// Pairs for update(): from a dict, or from a list of pairs.
export function pairsOf(value: unknown): [unknown, unknown][] {
  if (isDict(value)) return dictEntries(value);
  return iterate(value).map((pair) => {
    const [key, item, ...rest] = iterate(pair);
    if (item === undefined || rest.length > 0)
      throw new Fault(`cannot make a dict of a list with a ${typeName(pair)} that is not a pair`);
    return [key, item];
  });
}

// dict.pop(key, default)
function pop(dict: Dict, [key, ...fallback]: unknown[]): unknown {
  const value = dictGet(dict, key);
  if (value === undefined) {
    if (fallback[0] !== undefined) return fallback[0];
    throw new Fault(`there is no key ${repr(key)}`);
  }
  dictDelete(dict, key);
  return value;
}

// dict.update(other, **named)
function update(dict: Dict, [other, named]: unknown[]): null {
  for (const [key, value] of [...pairsOf(other), ...(named as Map<unknown, unknown>)])
    dictSet(dict, key, value);
  return null;
}

// dict.setdefault(key, default)
function setDefault(dict: Dict, [key, fallback]: unknown[]): unknown {
  if (!dictHas(dict, key)) dictSet(dict, key, fallback);
  return dictGet(dict, key);
}

// dict.get(key, default); null is a value.
function get(dict: Dict, [key, fallback]: unknown[]): unknown {
  const value = dictGet(dict, key);
  return value === undefined ? (furtherOf(dict) ?? fallback) : value;
}

// dict.clear()
function clear(dict: Dict): null {
  for (const key of dictKeys(dict)) dictDelete(dict, key);
  return null;
}

/** The methods of a dict. */
export const dictMethods: { [name: string]: Method } = {
  items: method([], (dict) => dictEntries(dict).map((pair) => tuple(pair))),
  keys: method([], (dict) => dictKeys(dict)),
  values: method([], (dict) => dictEntries(dict).map(([, value]) => value)),
  get: method(["key", ["default", null]], get),
  copy: method([], (dict) => makeDict(dictEntries(dict))),
  pop: method(["key", ["default", undefined]], pop),
  update: method([["other", []], "**named"], update),
  setdefault: method(["key", ["default", null]], setDefault),
  clear: method([], clear),
};

// A method of dicts, from a function that takes one.
function method(params: Method["params"], run: (dict: Dict, args: unknown[]) => unknown): Method {
  return { params, run: (dict, args) => run(dict as Dict, args) };
}
