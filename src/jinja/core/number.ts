import { Float } from "./value.ts";

/**
 * Python's numbers here: int is an integral number or a bigint, float a
 * fractional number or a Float.
 */
export type Int = number | bigint;

// An int in its smallest form: a number where that is exact.
export function int(value: Int): Int {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : int(BigInt(value));
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}

// A float: boxed where it would look like an int.
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

// Whether a value is an int (a bool is one in Python).
export function isInt(value: unknown): value is Int | boolean {
  return (
    typeof value === "bigint" ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isInteger(value))
  );
}

// Whether a value is a float.
export function isFloat(value: unknown): value is number | Float {
  return value instanceof Float || (typeof value === "number" && !Number.isInteger(value));
}

// Whether a value takes part in arithmetic.
export function isNumber(value: unknown): value is number | bigint | boolean | Float {
  return isInt(value) || isFloat(value);
}

// Any number as a JavaScript double.
export function asDouble(value: number | bigint | boolean | Float): number {
  return value instanceof Float ? value.value : Number(value);
}

// An int or bool as an Int.
export function asInt(value: Int | boolean): Int {
  return typeof value === "boolean" ? Number(value) : value;
}

const DIGITS = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/;

// Python's repr of a float: the shortest digits that read back, an exponent
// from 1e16 and below 1e-4.
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const [, sign = "", head = "0", rest = "", power = "0"] =
    DIGITS.exec(value.toExponential()) ?? [];
  const exponent = Number(power);
  if (exponent >= 16 || exponent < -4) {
    const digits = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${head}${rest ? `.${rest}` : ""}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  const plain = String(value);
  if (!plain.includes("e")) return plain.includes(".") ? plain : `${plain}.0`;
  return `${sign}0.${"0".repeat(-exponent - 1)}${head}${rest}`;
}

// Orders two numbers; NaN where they have no order.
export function compareNumbers(
  a: number | bigint | boolean | Float,
  b: number | bigint | boolean | Float,
): number {
  const [left, right] = [a instanceof Float ? a.value : a, b instanceof Float ? b.value : b];
  if (Number.isNaN(left) || Number.isNaN(right)) return NaN;
  // eslint-disable-next-line eqeqeq -- a bigint and a number of the same value are equal
  if (left == right) return 0;
  return left < right ? -1 : 1;
}

// Digits after the point as Python rounds them: on the exact binary value, a
// tie goes to the even digit.
export function fixed(size: number, precision: number): string {
  if (size >= 1e21)
    return BigInt(size).toString() + (precision > 0 ? `.${"0".repeat(precision)}` : "");
  const rounded = size.toFixed(Math.min(precision, 100));
  if (precision > 70) return rounded;
  const exact = size.toFixed(precision + 28);
  const cut = exact.length - 28;
  const isTie = /^50*$/.test(exact.slice(cut));
  const kept = exact.slice(0, cut).replace(/\.$/, "");
  return isTie && /[02468]$/.test(kept) ? kept : rounded;
}
