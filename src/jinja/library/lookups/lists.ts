import { outsideOf } from "../../core/callable.ts";
import { wantDict } from "../../core/convert.ts";
import type { Table } from "../../core/builtin.ts";
import { dictEntries, dictGet, makeDict } from "../../core/dict.ts";
import { Fault } from "../../core/fault.ts";
import { toText } from "../../core/text.ts";
import { subelements } from "../filters/dicts.ts";
import { flatten } from "../filters/lists.ts";
import { iterate } from "../../runtime/iterate.ts";
import { sequence } from "../../python/sequence.ts";
import { findUnknownIn } from "../../core/unknown.ts";
import { isDict, isTruthy, tuple } from "../../core/value.ts";
import { lookup } from "./define.ts";
import { fromKeys } from "../../../records.ts";

// lookup("dict"): as dict2items.
function dictItems(terms: unknown[]): unknown[] {
  return terms.flatMap((term) =>
    dictEntries(wantDict(term, "a dict")).map(([key, value]) =>
      makeDict([
        ["key", key],
        ["value", value],
      ]),
    ),
  );
}

// A term as a list: of a dict its keys, and what is no list by itself.
function listed(term: unknown): readonly unknown[] {
  return Array.isArray(term) || isDict(term) ? iterate(term) : [term];
}

// lookup("nested"): every item of one list with every item of the others; of a dict its keys.
function nested(terms: unknown[]): unknown[] {
  if (terms.length === 0) throw new Fault("nested requires at least one list");
  return terms
    .map(listed)
    .reduce<unknown[][]>(
      (rows, list) =>
        rows.flatMap((row) => list.map((item) => [...row, ...flatten([item], 1, false)])),
      [[]],
    );
}

// lookup("together"): the first items, then the second ones; short lists end with none.
function together(terms: unknown[]): unknown[] {
  if (terms.length === 0) throw new Fault("together requires at least one list");
  const lists = terms.map(listed);
  const size = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: size }, (_, row) =>
    lists.flatMap((list) => flatten([list[row] ?? null], 1, false)),
  );
}

// lookup("subelements"): pairs of an item without the list, and one of what was in the list.
// Items that were skipped are left out, and of a registered result that was, all.
function subelementPairs(terms: unknown[]): unknown[] {
  const [given, path, flags] = terms;
  if (terms.length < 2 || terms.length > 3) throw new Fault(TERMS);
  const items = Array.isArray(given) || isDict(given) ? given : [given];
  if (typeof path !== "string" || typeof given === "boolean")
    throw new Fault(`${TERMS}first a dict or a list, second a string pointing to the subkey`);
  if (flags !== undefined && !isDict(flags))
    throw new Fault(`${TERMS}the optional third item must be a dict with flags skip_missing`);
  if (wasSkipped(items)) return [];
  const skip = isDict(flags) && isTruthy(dictGet(flags, "skip_missing") ?? false);
  const those = isDict(items) ? dictEntries(items).map(([, item]) => item) : items;
  const other = those.find((item) => !isDict(item));
  if (other !== undefined)
    throw new Fault(
      `expected a list of dicts under the lookup "subelements", not ${toText(other)}`,
    );
  const kept = those.filter((item) => !wasSkipped(item));
  return (subelements(kept, [path, skip]) as [unknown, unknown][]).map(([item, inside]) =>
    tuple([without(item, path.split(".")), inside]),
  );
}

/** How what is wrong with the terms of subelements begins. */
const TERMS = "subelements lookup expects a list of two or three items, ";

// Whether this is the result of a task or an item that was skipped.
function wasSkipped(item: unknown): boolean {
  return isDict(item) && (dictGet(item, "skipped") ?? false) !== false;
}

// A dict without the value at a path.
function without(item: unknown, [step, ...deeper]: readonly string[]): unknown {
  if (!isDict(item) || step === undefined) return item;
  return makeDict(
    dictEntries(item).flatMap(([key, value]) => {
      if (key !== step) return [[key, value] as [unknown, unknown]];
      return deeper.length > 0 ? [[key, without(value, deeper)] as [unknown, unknown]] : [];
    }),
  );
}

// lookup("flattened"): every item of all lists in one; items after a "None" in a list
// are left out, as in Ansible.
function flattened(terms: readonly unknown[]): unknown[] {
  const all: unknown[] = [];
  for (const term of terms.map(innermost)) {
    if (term === "None" || term === "null") break;
    all.push(...(Array.isArray(term) ? flattened(term) : [term]));
  }
  return all;
}

// The content of lists with one item.
function innermost(term: unknown): unknown {
  return Array.isArray(term) && term.length === 1 ? innermost(term[0]) : term;
}

/** Lookups that make a list of what they are given. */
export const listLookups: Table = {
  dict: lookup(dictItems),
  items: lookup((terms) => flatten(terms, 1, false)),
  list: lookup((terms) => terms),
  ...fromKeys(["flattened", "community.general.flattened"], () =>
    lookup((terms) => findUnknownIn(terms) ?? flattened(terms)),
  ),
  sequence: lookup(
    (terms, options) => findUnknownIn(terms) ?? sequence(terms, options),
    ["start", "end", "count", "stride", "format"],
  ),
  indexed_items: lookup((terms) =>
    flatten(terms, 1, false).map((item, index) => tuple([index, item])),
  ),
  together: lookup(together),
  nested: lookup(nested),
  ...fromKeys(["cartesian", "community.general.cartesian"], () => lookup(nested)),
  subelements: lookup((terms) => findUnknownIn(terms) ?? subelementPairs(terms)),
  random_choice: lookup((terms, _options, call) =>
    terms.length === 0
      ? []
      : [terms[Math.floor(outsideOf(call, "random_choice").random() * terms.length)]],
  ),
};
