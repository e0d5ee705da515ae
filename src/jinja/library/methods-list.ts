import type { Method } from "../core/callable.ts";
import { compare } from "../core/compare.ts";
import { equals } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { iterate } from "../runtime/iterate.ts";
import { repr } from "../core/text.ts";
import { Tuple, isTruthy } from "../core/value.ts";

// The list as one that may be changed.
function changeable(list: unknown[]): unknown[] {
  if (list instanceof Tuple) throw new Fault("a tuple cannot be changed");
  return list;
}

// Changes a list and answers Python's None.
function changing(change: (list: unknown[], args: unknown[]) => void): Method["run"] {
  return (list, args) => {
    change(changeable(list as unknown[]), args);
    return null;
  };
}

// list.index(value, start, end)
function index(list: unknown, [value, start, end]: unknown[]): number {
  const items = list as unknown[];
  const found = items.findIndex(
    (item, at) => at >= Number(start) && at < Number(end ?? items.length) && equals(item, value),
  );
  if (found < 0) throw new Fault(`${repr(value)} is not in list`);
  return found;
}

// list.pop(index)
function pop(list: unknown, [at]: unknown[]): unknown {
  const items = changeable(list as unknown[]);
  const position = Number(at) < 0 ? Number(at) + items.length : Number(at);
  if (items.length === 0) throw new Fault("pop from empty list");
  if (position < 0 || position >= items.length) throw new Fault("pop index out of range");
  return items.splice(position, 1)[0];
}

// list.remove(value)
function remove(items: unknown[], [value]: unknown[]): void {
  const found = items.findIndex((item) => equals(item, value));
  if (found < 0) throw new Fault("list.remove(x): x not in list");
  items.splice(found, 1);
}

// list.sort(reverse)
function sort(items: unknown[], [reverse]: unknown[]): void {
  const sign = isTruthy(reverse) ? -1 : 1;
  items.sort((a, b) => sign * compare(a, b));
}

/** The methods of a list. */
export const listMethods: { [name: string]: Method } = {
  append: { params: ["value"], run: changing((list, [value]) => void list.push(value)) },
  extend: {
    params: ["values"],
    run: changing((list, [values]) => void list.push(...iterate(values))),
  },
  insert: {
    params: ["index", "value"],
    run: changing((list, [at, value]) => void list.splice(Number(at), 0, value)),
  },
  pop: { params: [["index", -1]], run: pop },
  remove: { params: ["value"], run: changing(remove) },
  clear: { params: [], run: changing((list) => void list.splice(0)) },
  reverse: { params: [], run: changing((list) => void list.reverse()) },
  sort: { params: [["reverse", false]], run: changing(sort) },
  copy: { params: [], run: (list) => [...(list as unknown[])] },
  count: {
    params: ["value"],
    run: (list, [value]) => (list as unknown[]).filter((item) => equals(item, value)).length,
  },
  index: { params: ["value", ["start", 0], ["end", undefined]], run: index },
};
