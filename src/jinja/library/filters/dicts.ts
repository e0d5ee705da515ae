import { Unknown } from "../../../value.ts";
import type { Call } from "../../core/callable.ts";
import { wantDict, wantList, wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { dictEntries, dictGet, equals, makeDict } from "../../core/dict.ts";
import { Fault } from "../../core/fault.ts";
import { iterate } from "../../runtime/iterate.ts";
import { getItem } from "../../runtime/attribute.ts";
import { ownProperty } from "../../core/own-property.ts";
import { quoteText, repr, toText } from "../../core/text.ts";
import { findUnknownIn } from "../../core/unknown.ts";
import { isDict, isTruthy, soften, tuple, type Dict } from "../../core/value.ts";
import { caseKey, distinct, flatten, sortBy } from "./lists.ts";

type Merge = { recursive: boolean; lists: string };

const LIST_MERGES: { [name: string]: (low: unknown[], high: unknown[]) => unknown[] } = {
  replace: (_low, high) => high,
  keep: (low) => low,
  append: (low, high) => [...low, ...high],
  prepend: (low, high) => [...high, ...low],
  append_rp: (low, high) => [...low.filter((item) => !includes(high, item)), ...high],
  prepend_rp: (low, high) => [...high, ...low.filter((item) => !includes(high, item))],
};

// Whether a list has an equal item.
function includes(list: unknown[], item: unknown): boolean {
  return distinct([...distinct(list), item]).length === distinct(list).length;
}

// combine(dicts..., recursive, list_merge): later dicts win.
function combine(value: unknown, [others, options]: unknown[]): unknown {
  const {
    recursive,
    list_merge: lists = "replace",
    ...extra
  } = Object.fromEntries(options as Map<string, unknown>);
  if (Object.keys(extra).length > 0)
    throw new Fault("'recursive' and 'list_merge' are the only valid keyword arguments");
  if (typeof lists !== "string" || !ownProperty(LIST_MERGES, lists))
    throw new Fault(
      `list_merge cannot be ${repr(lists)}`,
      `it can be: ${Object.keys(LIST_MERGES).join(", ")}`,
    );
  const dicts = flatten([value, ...(others as unknown[])], 1);
  const unknown = dicts.find((dict) => dict instanceof Unknown);
  if (unknown) return unknown;
  return dicts
    .map((dict) => wantDict(dict, "a dict to combine"))
    .reduce(
      (low, high) => mergeDicts(low, high, { recursive: isTruthy(recursive ?? false), lists }),
      makeDict([]),
    );
}

// Two dicts as one; keys keep the place they had first.
function mergeDicts(low: Dict, high: Dict, how: Merge): Dict {
  if (equals(low, high)) return high;
  const merged = new Map(dictEntries(low));
  for (const [key, value] of dictEntries(high))
    merged.set(key, merged.has(key) ? mergeValues(merged.get(key), value, how) : value);
  return makeDict(merged);
}

// Two values of one key: dicts are merged where that is asked for, and lists by their own rule.
function mergeValues(low: unknown, high: unknown, how: Merge): unknown {
  if (how.recursive && isDict(low) && isDict(high)) return mergeDicts(low, high, how);
  if (Array.isArray(low) && Array.isArray(high)) return LIST_MERGES[how.lists]!(low, high);
  return how.recursive && low instanceof Unknown && isDict(high) ? low : high;
}

// dict2items(key_name, value_name)
function dictToItems(value: unknown, [keyName, valueName]: unknown[]): unknown {
  return dictEntries(wantDict(value, "a dict for dict2items")).map(([key, item]) =>
    makeDict([
      [keyName, key],
      [valueName, item],
    ]),
  );
}

// items2dict(key_name, value_name)
function itemsToDict(value: unknown, [keyName, valueName]: unknown[]): unknown {
  const pairs = wantList(value, "a list for items2dict").map((item) => {
    if (item instanceof Unknown) return [item, item] as const;
    const dict = wantDict(item, "a list of dicts for items2dict");
    const [key, inside] = [dictGet(dict, keyName), dictGet(dict, valueName)];
    if (key !== undefined && inside !== undefined) return [key, inside] as const;
    throw new Fault(
      `items2dict needs the keys ${repr(keyName)} and ${repr(valueName)} in each item, got ${findUnknownIn(item) ? "another" : repr(item)}`,
    );
  });
  return pairs.map(([key]) => key).find((key) => key instanceof Unknown) ?? makeDict(pairs);
}

// dictsort(case_sensitive, by, reverse)
function dictSort(value: unknown, [caseSensitive, by, reverse]: unknown[]): unknown {
  if (by !== "key" && by !== "value")
    throw new Fault('You can only sort by either "key" or "value"');
  const entries = dictEntries(wantDict(value));
  const keys = entries.map(([key, item]) => caseKey(by === "key" ? key : item, caseSensitive));
  return (
    findUnknownIn(keys) ?? sortBy(entries, keys, isTruthy(reverse)).map((entry) => tuple(entry))
  );
}

// subelements(path, skip_missing): pairs of an item and one of the things that it has.
export function subelements(value: unknown, [path, skipMissing]: unknown[]): unknown {
  const items = isDict(value)
    ? dictEntries(value).map(([, item]) => item)
    : wantList(value, "a list of dicts, or a dict of dicts");
  const steps =
    typeof path === "string" ? path.split(".") : wantList(path, "a path, or a list of its steps");
  return items.flatMap((item) =>
    underPath(item, steps, isTruthy(skipMissing)).map((inside) => tuple([item, inside])),
  );
}

// The list under a path of an item.
function underPath(item: unknown, steps: readonly unknown[], skipMissing: boolean): unknown[] {
  let found: unknown = item;
  for (const step of steps) {
    if (!isDict(found))
      throw new Fault(`the key ${repr(step)} should point to a dictionary, got ${repr(found)}`);
    const inside = dictGet(found, step);
    if (inside === undefined && skipMissing) return [];
    if (inside === undefined)
      throw new Fault(`could not find ${repr(step)} key in iterated item ${repr(found)}`);
    found = inside;
  }
  return wantList(found, `a list under ${repr(steps.at(-1))}`);
}

// key | extract(container, morekeys): what is not in the container, or has
// none, is left to `default`.
function extract(value: unknown, [container, more]: unknown[], call: Call): unknown {
  const unknown = [soften(value), soften(more), container].find((one) => one instanceof Unknown);
  if (unknown) return unknown;
  const rest = moreKeys(more);
  return [value, ...rest].reduce((found, key) => getItem(found, key, call.place), container);
}

// The keys after the first: none, a list, or one.
function moreKeys(more: unknown): readonly unknown[] {
  if (more === null) return [];
  return Array.isArray(more) ? more : [more];
}

// rekey_on_member(key, duplicates)
function rekey(value: unknown, [key, duplicates]: unknown[]): unknown {
  if (duplicates !== "error" && duplicates !== "overwrite")
    throw new Fault(
      `duplicates parameter to rekey_on_member has unknown value: ${toText(duplicates)}`,
    );
  if (typeof value !== "object" || value === null)
    throw new Fault("Type is not a valid list, set, or dict");
  const items = isDict(value) ? dictEntries(value).map(([, item]) => item) : iterate(value);
  const made = new Map<unknown, unknown>();
  for (const item of items) {
    if (!isDict(item)) throw new Fault("List item is not a valid dict");
    const id = dictGet(item, key);
    if (id === undefined) throw new Fault(`Key ${quoteText(wantText(key))} was not found`);
    if (made.has(id) && duplicates === "error")
      throw new Fault(`Key ${repr(id)} is not unique, cannot correctly turn into dict`);
    made.set(id, item);
  }
  return makeDict(made);
}

/** Filters on dicts. */
export const dictFilters: Table = {
  combine: filter(["*others", "**options"], combine, "outer"),
  dict2items: filter(
    [
      ["key_name", "key"],
      ["value_name", "value"],
    ],
    dictToItems,
    "outer",
  ),
  items2dict: filter(
    [
      ["key_name", "key"],
      ["value_name", "value"],
    ],
    itemsToDict,
    "outer",
  ),
  dictsort: filter(
    [
      ["case_sensitive", false],
      ["by", "key"],
      ["reverse", false],
    ],
    dictSort,
    "outer",
  ),
  subelements: filter(["subelements", ["skip_missing", false]], subelements),
  extract: filter(["container", ["morekeys", null]], extract, "none"),
  rekey_on_member: filter(["key", ["duplicates", "error"]], rekey),
};
