import type { Place } from "../../errors.ts";
import { Callable, outsideOf, type Call } from "../core/callable.ts";
import { wantInt } from "../core/convert.ts";
import { momentAt } from "../python/moment-at.ts";
import { func, type Table } from "../core/builtin.ts";
import { makeDict } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { pairsOf } from "./methods-dict.ts";
import { toText } from "../core/text.ts";
import { Namespace, Record, Undefined, isTruthy } from "../core/value.ts";

const LONGEST = 1_000_000;

// range(stop), range(start, stop, step)
function range([first, second, step]: unknown[]): number[] {
  const [start, stop] = second === null ? [0, wantInt(first)] : [wantInt(first), wantInt(second)];
  const by = wantInt(step);
  if (by === 0) throw new Fault("range() arg 3 must not be zero");
  const count = Math.max(0, Math.ceil((stop - start) / by));
  if (count > LONGEST)
    throw new Fault(`this range would have ${count} items, more than ${LONGEST}`);
  return Array.from({ length: count }, (_, index) => start + index * by);
}

// dict(pairs, **named) and the fields of namespace(...)
function pairs([from, fields]: unknown[]): [unknown, unknown][] {
  return [...pairsOf(from), ...(fields as Map<string, unknown>)];
}

// cycler("odd", "even"): an object with next(), current and reset().
function cycler([values]: unknown[]): Record {
  const items = values as unknown[];
  if (items.length === 0) throw new Fault("at least one item has to be provided");
  let at = 0;
  const next = new Callable("next", [], () => items[at++ % items.length], "none");
  const reset = new Callable(
    "reset",
    [],
    () => {
      at = 0;
      return null;
    },
    "none",
  );
  return new Record("Cycler", (name) => {
    if (name === "next") return next;
    if (name === "reset") return reset;
    return name === "current" ? items[at % items.length] : undefined;
  });
}

// joiner(", "): a function that gives nothing at first, then the separator.
function joiner([separator]: unknown[]): Callable {
  let used = false;
  return new Callable(
    "joiner",
    [],
    () => {
      const text = used ? separator : "";
      used = true;
      return text;
    },
    "none",
  );
}

// undef(hint): a value that must be overridden.
function undef([hint]: unknown[], place: () => Place): Undefined {
  return new Undefined(
    hint === null || hint === "" ? "Mandatory variable has not been overridden" : toText(hint),
    place,
  );
}

// now(utc, fmt): a text by a format, or a moment without an offset.
function now([utc, format]: unknown[], call: Call): unknown {
  const epoch = outsideOf(call, "now()").now();
  const moment = momentAt(epoch, isTruthy(utc));
  const fill = moment.attribute("strftime") as Callable;
  return format === null || format === ""
    ? moment
    : fill.call({ positional: [toText(format)], named: new Map() }, call);
}

/** The functions that expressions can call. */
export const globalFunctions: Table = {
  range: func(["start", ["stop", null], ["step", 1]], range),
  dict: func([["pairs", []], "**fields"], (args) => makeDict(pairs(args)), "outer"),
  namespace: func(
    [["pairs", []], "**fields"],
    (args) => new Namespace(pairs(args).map(([name, value]) => [toText(name), value])),
    "outer",
  ),
  cycler: func(["*values"], cycler, "outer"),
  joiner: func([["sep", ", "]], joiner),
  now: func(
    [
      ["utc", false],
      ["fmt", null],
    ],
    now,
  ),
  undef: func([["hint", null]], (args, call) => undef(args, call.place)),
};
