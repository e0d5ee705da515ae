import type { Call } from "../../core/callable.ts";
import { compare } from "../../core/compare.ts";
import { wantInt, wantList } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { equals } from "../../core/dict.ts";
import { iterate } from "../../runtime/iterate.ts";
import { binary } from "../../runtime/operators.ts";
import { getPath } from "../../runtime/path.ts";
import { toText } from "../../core/text.ts";
import { findUnknownIn } from "../../core/unknown.ts";
import { Tuple, Undefined, isDict, isTruthy, tuple } from "../../core/value.ts";

// What a value is compared by: small letters, unless the case counts.
export function caseKey(value: unknown, caseSensitive: unknown): unknown {
  return typeof value === "string" && !isTruthy(caseSensitive) ? value.toLowerCase() : value;
}

// Sorts by keys; equal ones keep their order, also in reverse.
export function sortBy<T>(items: readonly T[], keys: unknown[], reverse = false): T[] {
  const order = items.map((item, index) => ({ item, key: keys[index] }));
  order.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)));
  return order.map(({ item }) => item);
}

// sort(reverse, case_sensitive, attribute)
function sort(value: unknown, [reverse, caseSensitive, attribute]: unknown[], call: Call): unknown {
  const items = iterate(value);
  const paths =
    attribute === null || attribute === undefined ? [null] : toText(attribute).split(",");
  const keys = items.map((item) =>
    paths.map((path) => caseKey(defined(getPath(item, path, call.place)), caseSensitive)),
  );
  return findUnknownIn(keys) ?? sortBy(items, keys, isTruthy(reverse));
}

// A value that must be there.
export function defined(value: unknown): unknown {
  if (value instanceof Undefined) throw value.error();
  return value;
}

// min and max
function extreme(
  value: unknown,
  [caseSensitive, attribute]: unknown[],
  call: Call,
  sign: 1 | -1,
): unknown {
  const items = iterate(value);
  if (items.length === 0)
    return new Undefined("No aggregated item, sequence was empty.", call.place);
  const keys = items.map((item) =>
    caseKey(defined(getPath(item, attribute, call.place)), caseSensitive),
  );
  let best = 0;
  keys.forEach((key, index) => {
    if (sign * compare(key, keys[best]) < 0) best = index;
  });
  return items[best];
}

// first and last
function edge(value: unknown, call: Call, at: 0 | -1): unknown {
  const item = iterate(value).at(at);
  return item === undefined
    ? new Undefined(
        `there is no ${at === 0 ? "first" : "last"} item, the sequence is empty`,
        call.place,
      )
    : item;
}

// sum(attribute, start)
function sum(value: unknown, [attribute, start]: unknown[], call: Call): unknown {
  return iterate(value).reduce(
    (total, item) => binary("+", total, defined(getPath(item, attribute, call.place))),
    start,
  );
}

// join(d, attribute)
function join(value: unknown, [between, attribute]: unknown[], call: Call): unknown {
  return iterate(value)
    .map((item) => toText(defined(getPath(item, attribute, call.place))))
    .join(toText(between));
}

// The items without those that equal an earlier one.
export function distinct<T>(
  items: readonly T[],
  keyOf: (item: T) => unknown = (item) => item,
): T[] {
  const scalars = new Set<unknown>();
  const others: unknown[] = [];
  return items.filter((item) => {
    const key = keyOf(item);
    if (typeof key === "string") return !scalars.has(key) && Boolean(scalars.add(key));
    return !others.some((other) => equals(other, key)) && Boolean(others.push(key));
  });
}

// unique(case_sensitive, attribute)
function unique(value: unknown, [caseSensitive, attribute]: unknown[], call: Call): unknown {
  const keys = iterate(value).map(
    (item) => [item, defined(getPath(item, attribute, call.place))] as const,
  );
  const exact =
    isTruthy(caseSensitive) ||
    keys.some(([, key]) => isDict(key) || (Array.isArray(key) && !(key instanceof Tuple)));
  return distinct(keys, ([, key]) => caseKey(key, exact)).map(([item]) => item);
}

// The two lists of union, intersect and their kin as one, without what occurs twice.
function setFilter(choose: (left: unknown[], right: unknown[]) => unknown[]): Table[string] {
  return filter(["other"], (value, [other]) => distinct(choose(members(value), members(other))));
}

// The items of a list or the keys of a dict; a text is more likely a mistake
// than a list of characters.
function members(value: unknown): unknown[] {
  return isDict(value) ? iterate(value) : wantList(value);
}

// The items of one list that are in the other, or are not.
function among(items: unknown[], others: unknown[], wanted: boolean): unknown[] {
  const texts = new Set(others.filter((other) => typeof other === "string"));
  const rest = others.filter((other) => typeof other !== "string");
  const has = (item: unknown): boolean =>
    typeof item === "string" ? texts.has(item) : rest.some((other) => equals(other, item));
  return items.filter((item) => has(item) === wanted);
}

// flatten(levels, skip_nulls)
export function flatten(items: readonly unknown[], levels: number, skipNulls = true): unknown[] {
  return items.flatMap((item) => {
    if (skipNulls && (item === null || item === "None" || item === "null")) return [];
    return Array.isArray(item) && levels > 0 ? flatten(item, levels - 1, skipNulls) : [item];
  });
}

// zip and zip_longest
function zip(value: unknown, [others, fill]: unknown[], longest: boolean): unknown[] {
  const columns = [value, ...(others as unknown[])].map(iterate);
  const sizes = columns.map((column) => column.length);
  const count = longest ? Math.max(...sizes) : Math.min(...sizes);
  return Array.from({ length: count }, (_, row) =>
    tuple(columns.map((column) => (row < column.length ? column[row] : fill))),
  );
}

// batch(linecount, fill_with)
function batch(value: unknown, [size, fill]: unknown[]): unknown[] {
  const items = iterate(value);
  const count = wantInt(size);
  const rows: unknown[][] = [];
  for (let at = 0; at < items.length; at += count) rows.push(items.slice(at, at + count));
  const last = rows.at(-1);
  if (fill !== null && last) while (last.length < count) last.push(fill);
  return rows;
}

// slice(slices, fill_with)
function slices(value: unknown, [count, fill]: unknown[]): unknown[] {
  const items = iterate(value);
  const wanted = wantInt(count);
  const [each, extra] = [Math.floor(items.length / wanted), items.length % wanted];
  let at = 0;
  return Array.from({ length: wanted }, (_, index) => {
    const size = each + (index < extra ? 1 : 0);
    const part = items.slice(at, at + size);
    at += size;
    return fill !== null && index >= extra && extra > 0 ? [...part, fill] : part;
  });
}

const COMPARED = [
  ["case_sensitive", false],
  ["attribute", null],
] as const;

/** Filters on lists. */
export const listFilters: Table = {
  sort: filter([["reverse", false], ...COMPARED], sort, "outer"),
  min: filter(COMPARED, (value, args, call) => extreme(value, args, call, 1)),
  max: filter(COMPARED, (value, args, call) => extreme(value, args, call, -1)),
  first: filter([], (value, _args, call) => edge(value, call, 0), "outer"),
  last: filter([], (value, _args, call) => edge(value, call, -1), "outer"),
  sum: filter(
    [
      ["attribute", null],
      ["start", 0],
    ],
    sum,
  ),
  join: filter(
    [
      ["d", ""],
      ["attribute", null],
    ],
    join,
  ),
  unique: filter(COMPARED, unique),
  union: setFilter((left, right) => [...left, ...right]),
  intersect: setFilter((left, right) => among(left, right, true)),
  difference: setFilter((left, right) => among(left, right, false)),
  symmetric_difference: setFilter((left, right) => [
    ...among(left, right, false),
    ...among(right, left, false),
  ]),
  flatten: filter(
    [
      ["levels", null],
      ["skip_nulls", true],
    ],
    (value, [levels, skip]) =>
      flatten(iterate(value), levels === null ? Infinity : wantInt(levels), isTruthy(skip)),
  ),
  zip: filter(["*others"], (value, [others]) => zip(value, [others, null], false), "outer"),
  zip_longest: filter(
    ["*others", ["fillvalue", null]],
    (value, args) => zip(value, args, true),
    "outer",
  ),
  batch: filter(["linecount", ["fill_with", null]], batch, "outer"),
  slice: filter(["slices", ["fill_with", null]], slices, "outer"),
};
