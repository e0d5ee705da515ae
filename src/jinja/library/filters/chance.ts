import { outsideOf, type Call } from "../../core/callable.ts";
import { wantInt, wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { Fault } from "../../core/fault.ts";
import { iterate } from "../../runtime/iterate.ts";
import { isInt, isNumber } from "../../core/number.ts";
import { PythonRandom, type Dice } from "../../core/random.ts";
import { parseTime } from "../../python/strptime.ts";
import { formatTime } from "../../python/time.ts";
import { toText } from "../../core/text.ts";
import { isTruthy } from "../../core/value.ts";
import { parseFloating } from "./basic.ts";

// A seed makes the choice the same in every run; without one the controller's
// own randomness is used.
export function dice(seed: unknown, call: Call): Dice {
  if (seed !== null) return new PythonRandom(seed);
  const outside = outsideOf(call, "random");
  return { below: (limit) => Math.floor(outside.random() * limit) };
}

// random(start, step, seed): a number below one, or an item of a list.
function random(value: unknown, [start, step, seed]: unknown[], call: Call): unknown {
  const source = dice(seed, call);
  if (!isInt(value)) {
    if (start !== null || step !== null)
      throw new Fault("start and step can only be used with integer values");
    const items = iterate(value);
    if (items.length === 0) throw new Fault("there is no item to choose from");
    return items[source.below(items.length)];
  }
  const low = start === null ? 0 : wantInt(start);
  const by = step === null || !isTruthy(step) ? 1 : wantInt(step);
  const count = Math.ceil((Number(value) - low) / by);
  if (count <= 0) throw new Fault(`there is no number from ${low} to below ${String(value)}`);
  return low + by * source.below(count);
}

// shuffle(seed); what is no sequence stays as it is
function shuffle(value: unknown, [seed]: unknown[], call: Call): unknown {
  if (isNumber(value) || typeof value === "boolean" || value === null) return value;
  const items = [...iterate(value)];
  const source = dice(seed === null || !isTruthy(seed) ? null : seed, call);
  for (let i = items.length - 1; i > 0; i--) {
    const j = source.below(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

// strftime(second, utc): a format, filled with a time or with now.
function strftime(value: unknown, [second, utc]: unknown[], call: Call): string {
  const given = secondsOf(second, call);
  if (given === undefined || !Number.isFinite(given))
    throw new Fault(`Invalid value for epoch value (${toText(second)})`);
  return formatTime(toText(value), Math.floor(given) * 1000, isTruthy(utc));
}

// The time to write, in seconds: now where none is given; undefined where it is no number.
function secondsOf(second: unknown, call: Call): number | undefined {
  if (second === null) return outsideOf(call, "strftime").now() / 1000;
  return isInt(second) ? Number(second) : parseFloating(toText(second));
}

// to_datetime(format): a moment that can be subtracted, compared and written otherwise.
function toDatetime(value: unknown, [format]: unknown[]): unknown {
  return parseTime(wantText(value, "a time as text"), wantText(format, "a format"));
}

/** Filters that depend on chance or on the clock. */
export const chanceFilters: Table = {
  random: filter(
    [
      ["start", null],
      ["step", null],
      ["seed", null],
    ],
    random,
  ),
  shuffle: filter([["seed", null]], shuffle),
  to_datetime: filter([["format", "%Y-%m-%d %H:%M:%S"]], toDatetime),
  strftime: filter(
    [
      ["second", null],
      ["utc", false],
    ],
    strftime,
  ),
};
