import { Unknown } from "../../../value.ts";
import { wantInt, wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { dictEntries, dictSize } from "../../core/dict.ts";
import { Fault } from "../../core/fault.ts";
import { iterate } from "../../runtime/iterate.ts";
import { asDouble, float, int, isFloat, isNumber } from "../../core/number.ts";
import { characters, toText } from "../../core/text.ts";
import { Float, Undefined, isDict, isTruthy, tuple, typeName } from "../../core/value.ts";

// default(x): x where the value is not defined; with `true`, also where it is false, empty or zero.
function defaultTo(value: unknown, [fallback, alsoFalse]: unknown[]): unknown {
  if (value instanceof Undefined) return fallback;
  if (value instanceof Unknown) return value;
  return isTruthy(alsoFalse) && !isTruthy(value) ? fallback : value;
}

// mandatory: an error of its own where the value is not defined.
function mandatory(value: unknown, [message]: unknown[]): unknown {
  if (!(value instanceof Undefined)) return value;
  if (message !== null) throw new Fault(toText(message));
  throw new Fault(`a mandatory variable is not defined: ${value.message}`, value.hint());
}

// Ansible's bool: only yes, on, 1 and true are true.
export function toBool(value: unknown): boolean | null {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return ["yes", "on", "1", "true"].includes(value.toLowerCase());
  return isNumber(value) && asDouble(value) === 1;
}

const DIGITS: { [base: number]: RegExp } = {
  2: /^(?:0b)?(?:_?[01])+$/i,
  8: /^(?:0o)?(?:_?[0-7])+$/i,
  10: /^\d(?:_?\d)*$/,
  16: /^(?:0x)?(?:_?[\da-f])+$/i,
};
const PREFIX: { [base: number]: string } = { 2: "0b", 8: "0o", 10: "", 16: "0x" };

// Python's int(text, base), or nothing where the text is not one.
export function parseInteger(text: string, base: number): number | bigint | undefined {
  const [, sign = "", digits = ""] = /^\s*([-+]?)([^]*?)\s*$/.exec(text) ?? [];
  const actual =
    base === 0 ? ({ "0b": 2, "0o": 8, "0x": 16 }[digits.slice(0, 2).toLowerCase()] ?? 10) : base;
  if (!DIGITS[actual]?.test(digits)) return undefined;
  const bare = digits.replaceAll("_", "").replace(/^0[box]/i, actual === 10 ? "$&" : "");
  const value = BigInt(PREFIX[actual]! + bare);
  return int(sign === "-" ? -value : value);
}

// Python's float(text), or nothing where the text is not a number.
export function parseFloating(text: string): number | undefined {
  const bare = text.trim().replace(/(\d)_(?=\d)/g, "$1");
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(bare)) return Number(bare);
  const word = /^([-+]?)(inf|infinity|nan)$/i.exec(bare);
  if (!word) return undefined;
  if (word[2]?.toLowerCase() === "nan") return NaN;
  return word[1] === "-" ? -Infinity : Infinity;
}

// int(default, base): whole part of a number or of a text that is one.
function toInt(value: unknown, [fallback, base]: unknown[]): unknown {
  if (isNumber(value))
    return isFloat(value) ? truncate(asDouble(value), fallback) : int(BigInt(value));
  if (typeof value !== "string") return fallback;
  const whole = parseInteger(value, wantInt(base));
  return whole ?? truncate(parseFloating(value) ?? NaN, fallback);
}

// The whole part of a double.
function truncate(value: number, fallback: unknown): unknown {
  return Number.isFinite(value) ? int(BigInt(Math.trunc(value))) : fallback;
}

// float(default)
function toFloat(value: unknown, [fallback]: unknown[]): unknown {
  if (isNumber(value)) return float(asDouble(value));
  const parsed = typeof value === "string" ? parseFloating(value) : undefined;
  return parsed === undefined ? fallback : float(parsed);
}

// length: of a text in characters, of a list or dict in items.
function length(value: unknown): number {
  if (typeof value === "string") return characters(value).length;
  if (isDict(value)) return dictSize(value);
  if (Array.isArray(value)) return value.length;
  throw new Fault(`object of type '${typeName(value)}' has no len()`);
}

// list, with the Unknown items it may have.
function toList(value: unknown): unknown[] {
  return [...iterate(value)];
}

// A value by its truth; what is none gets a value of its own.
function ternary(value: unknown, [yes, no, none]: unknown[]): unknown {
  if (value instanceof Undefined) throw value.error();
  if (value instanceof Unknown) return value;
  if (value === null && none !== null) return none;
  return isTruthy(value) ? yes : no;
}

// reverse: a text backwards, a list in reverse.
function reverse(value: unknown): unknown {
  const items = [...iterate(value)].reverse();
  return typeof value === "string" ? items.join("") : items;
}

// type_debug: the name of the type, as Ansible says it.
function typeDebug(value: unknown): unknown {
  return value instanceof Unknown ? value : typeName(value);
}

// attr(name): Python attributes do not exist here, only items do.
function attr(value: unknown, [name]: unknown[]): unknown {
  return new Undefined(`'${typeName(value)} object' has no attribute '${wantText(name)}'`);
}

/** Filters that convert, choose and count. */
export const basicFilters: Table = {
  default: filter(
    [
      ["default_value", ""],
      ["boolean", false],
    ],
    defaultTo,
    "none",
  ),
  d: filter(
    [
      ["default_value", ""],
      ["boolean", false],
    ],
    defaultTo,
    "none",
  ),
  mandatory: filter([["msg", null]], mandatory, "none"),
  ternary: filter(["true_val", "false_val", ["none_val", null]], ternary, "none"),
  bool: filter([], toBool),
  int: filter(
    [
      ["default", 0],
      ["base", 10],
    ],
    toInt,
  ),
  float: filter([["default", new Float(0)]], toFloat),
  string: filter([], toText),
  list: filter([], toList, "outer"),
  length: filter([], length, "outer"),
  count: filter([], length, "outer"),
  reverse: filter([], reverse, "outer"),
  type_debug: filter([], typeDebug, "none"),
  attr: filter(["name"], attr),
  items: filter(
    [],
    (value) => (isDict(value) ? dictEntries(value).map((pair) => tuple(pair)) : badItems(value)),
    "outer",
  ),
};

// items of what is no dict.
function badItems(value: unknown): never {
  throw new Fault(`can only get item pairs from a mapping, not from ${typeName(value)}`);
}
