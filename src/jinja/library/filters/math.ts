import { wantInt, wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { Fault } from "../../core/fault.ts";
import { iterate } from "../../runtime/iterate.ts";
import { asDouble, asInt, fixed, float, int, isFloat, isInt, isNumber } from "../../core/number.ts";
import { floatPieces } from "../../python/printf.ts";
import { toText } from "../../core/text.ts";
import { isTruthy, tuple, typeName } from "../../core/value.ts";
import { parseFloating } from "./basic.ts";

// A number as a double.
function wantNumber(value: unknown, who: string): number {
  if (isNumber(value)) return asDouble(value);
  throw new Fault(`${who} can only be used on numbers, not on ${typeName(value)}`);
}

// abs
function absolute(value: unknown): unknown {
  if (!isNumber(value)) throw new Fault(`bad operand type for abs(): '${typeName(value)}'`);
  if (isFloat(value)) return float(Math.abs(asDouble(value)));
  const whole = BigInt(asInt(value));
  return int(whole < 0n ? -whole : whole);
}

// round(precision, method): a float, also where no digit is kept.
function round(value: unknown, [precision, method]: unknown[]): unknown {
  if (method !== "common" && method !== "ceil" && method !== "floor")
    throw new Fault("method must be common, ceil or floor");
  const digits = wantInt(precision);
  if (!isNumber(value))
    throw new Fault(`round() can only be used on numbers, not on ${typeName(value)}`);
  const number = asDouble(value);
  if (method === "common")
    return isInt(value) && digits >= 0 ? asInt(value) : roundHalfEven(number, digits, isInt(value));
  if (isInt(value) && digits >= 0) return float(number);
  const scale = 10 ** digits;
  return float(
    ((method === "ceil" ? Math.ceil(number * scale) : Math.floor(number * scale)) + 0) / scale,
  );
}

// Python's round(): ties go to the even digit.
function roundHalfEven(number: number, digits: number, whole: boolean): unknown {
  if (!Number.isFinite(number)) return number;
  const size = Math.abs(number);
  const scale = 10 ** -digits;
  const rounded =
    digits >= 0 ? Number(fixed(size, digits)) : Number(fixed(size / scale, 0)) * scale;
  return whole
    ? int(Math.sign(number) * rounded)
    : float(number < 0 || Object.is(number, -0) ? -rounded : rounded);
}

// log(base)
function log(value: unknown, [base]: unknown[]): unknown {
  const number = wantNumber(value, "log()");
  if (number <= 0) throw new Fault("math domain error: log() needs a number above zero");
  const root = base === null ? null : wantNumber(base, "log()");
  if (root === 10) return float(Math.log10(number));
  return float(root === null ? Math.log(number) : Math.log(number) / Math.log(root));
}

// root(base)
function root(value: unknown, [base]: unknown[]): unknown {
  const number = wantNumber(value, "root()");
  const degree = wantNumber(base, "root()");
  if (number < 0) throw new Fault("math domain error: root() needs a number from zero on");
  return float(degree === 2 ? Math.sqrt(number) : number ** (1 / degree));
}

const UNITS = ["Y", "Z", "E", "P", "T", "G", "M", "K", "B"];

// The number of bytes of a unit's first letter.
function unitSize(letter: string): number {
  const at = UNITS.indexOf(letter.toUpperCase());
  if (at < 0)
    throw new Fault(
      `there is no unit "${letter}"`,
      `the first letter must be one of ${UNITS.join(", ")}`,
    );
  return 1024 ** (UNITS.length - 1 - at);
}

// human_readable(isbits, unit): 1048576 as "1.00 MB"
function humanReadable(value: unknown, [isBits, unit]: unknown[]): string {
  const size = wantNumber(value, "human_readable()");
  const base = isTruthy(isBits) ? "bits" : "Bytes";
  const letter =
    (unit === null
      ? UNITS.find((one) => size >= unitSize(one))
      : UNITS.find((one) => one === wantText(unit).toUpperCase())) ?? "B";
  const limit = unitSize(letter);
  const { sign, body } = floatPieces("f", size / limit, 2);
  return `${sign}${body} ${limit === 1 ? base : letter + base[0]!}`;
}

// human_to_bytes(default_unit, isbits): "10M" as 10485760
function humanToBytes(value: unknown, [defaultUnit, isBits]: unknown[]): unknown {
  const [, digits = "", given] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(toText(value)) ?? [];
  const number = parseFloating(digits);
  if (number === undefined)
    throw new Fault(`human_to_bytes() can't interpret following string: ${toText(value)}`);
  const unit = given ?? (defaultUnit === null ? undefined : wantText(defaultUnit));
  if (unit === undefined || unit === "") return roundHalfEven(number, 0, true);
  const [letter, word] = isTruthy(isBits) ? ["b", "bit"] : ["B", "byte"];
  if (unit.length > 1 && !unit.toLowerCase().includes(word) && unit[1] !== letter) {
    throw new Fault(
      `human_to_bytes() failed to convert ${toText(value)}`,
      `write ${unit[0]!.toUpperCase()}${letter} or ${unit[0]!.toUpperCase()}`,
    );
  }
  return roundHalfEven(number * unitSize(unit[0]!), 0, true);
}

// product(others, repeat): every item of one with every item of the other.
function product(value: unknown, [others, repeat]: unknown[]): unknown[] {
  const once = [value, ...(others as unknown[])].map(iterate);
  const columns = Array.from({ length: wantInt(repeat) }, () => once).flat();
  bounded(columns.reduce((count, column) => count * column.length, 1));
  return columns
    .reduce<unknown[][]>(
      (rows, column) => rows.flatMap((row) => column.map((item) => [...row, item])),
      [[]],
    )
    .map((row) => tuple(row));
}

// permutations(size): all orders.
function permutations(value: unknown, [size]: unknown[]): unknown[] {
  const items = iterate(value);
  const count = size === null ? items.length : wantInt(size);
  bounded(
    items.slice(0, count).reduce<number>((total, _item, at) => total * (items.length - at), 1),
  );
  const pick = (left: unknown[], need: number): unknown[][] =>
    need === 0
      ? [[]]
      : left.flatMap((item, at) =>
          pick(
            left.filter((_, other) => other !== at),
            need - 1,
          ).map((rest) => [item, ...rest]),
        );
  return (count > items.length ? [] : pick(items, count)).map((row) => tuple(row));
}

// combinations(size): all choices.
function combinations(value: unknown, [size]: unknown[]): unknown[] {
  const choose = (left: unknown[], need: number): unknown[][] =>
    need === 0
      ? [[]]
      : left.flatMap((item, at) =>
          choose(left.slice(at + 1), need - 1).map((rest) => [item, ...rest]),
        );
  const items = iterate(value);
  if (items.length > 30)
    bounded(items.length ** Math.min(wantInt(size), items.length - wantInt(size)));
  return choose(items, wantInt(size)).map((row) => tuple(row));
}

// Refuses what would not fit into memory.
function bounded(count: number): void {
  if (count > 1_000_000) throw new Fault(`the result would have ${count} items`);
}

// filesizeformat(binary): for people.
function fileSize(value: unknown, [binary]: unknown[]): string {
  const size =
    typeof value === "string" ? (parseFloating(value) ?? NaN) : wantNumber(value, "filesizeformat");
  const base = isTruthy(binary) ? 1024 : 1000;
  if (size === 1) return "1 Byte";
  if (size < base) return `${Math.trunc(size)} Bytes`;
  const letters = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
  const power = Math.min(
    letters.length,
    letters.findIndex((_, at) => size < base ** (at + 2)) + 1 || letters.length,
  );
  const letter = letters[power - 1]!;
  return `${fixed((base * size) / base ** (power + 1), 1)} ${isTruthy(binary) ? `${letter.toUpperCase()}iB` : `${letter}B`}`;
}

/** Filters on numbers, and those that count possibilities. */
export const mathFilters: Table = {
  abs: filter([], absolute),
  round: filter(
    [
      ["precision", 0],
      ["method", "common"],
    ],
    round,
  ),
  log: filter([["base", null]], log),
  pow: filter(["y"], (value, [y]) => float(wantNumber(value, "pow()") ** wantNumber(y, "pow()"))),
  root: filter([["base", 2]], root),
  human_readable: filter(
    [
      ["isbits", false],
      ["unit", null],
    ],
    humanReadable,
  ),
  human_to_bytes: filter(
    [
      ["default_unit", null],
      ["isbits", false],
    ],
    humanToBytes,
  ),
  filesizeformat: filter([["binary", false]], fileSize),
  product: filter(["*others", ["repeat", 1]], product),
  permutations: filter([["r", null]], permutations),
  combinations: filter(["r"], combinations),
};
