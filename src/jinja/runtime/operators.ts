import { furtherOf, type Unknown } from "../../value.ts";
import { compare, contains } from "../core/compare.ts";
import { timeArithmetic } from "../python/datetime.ts";
import { dictGet, equals } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { asDouble, asInt, float, int, isInt, isNumber, type Int } from "../core/number.ts";
import { percentFormat } from "../python/printf.ts";
import { findUnknownIn } from "../core/unknown.ts";
import type { Float } from "../core/value.ts";
import { Record, Tuple, isDict, tuple, typeName, type Dict } from "../core/value.ts";

type Num = number | bigint | boolean | Float;

const ZERO: { [operator: string]: string } = {
  "/": "division by zero",
  "//": "integer division or modulo by zero",
  "%": "integer modulo by zero",
};

// Python's binary operators on known values.
export function binary(operator: string, left: unknown, right: unknown): unknown {
  if (isNumber(left) && isNumber(right)) return arithmetic(operator, left, right);
  if (operator === "+" && !(left instanceof Record)) return add(left, right);
  if (
    operator === "*" &&
    !(left instanceof Record || right instanceof Record) &&
    (isInt(left) || isInt(right))
  )
    return isInt(left) ? repeat(right, left) : repeat(left, right as Int | boolean);
  if (operator === "%" && typeof left === "string") return percentFormat(left, right);
  const moved = timeArithmetic(operator, left, right);
  if (moved !== undefined) return moved;
  throw unsupported(operator, left, right);
}

// The error for operands that do not fit.
function unsupported(operator: string, left: unknown, right: unknown): Fault {
  const name = operator === "**" ? "** or pow()" : operator;
  const hint =
    operator === "+" && (typeof left === "string" || typeof right === "string")
      ? "join texts with ~, or convert with | int or | string"
      : undefined;
  return new Fault(
    `unsupported operand type(s) for ${name}: '${typeName(left)}' and '${typeName(right)}'`,
    hint,
  );
}

// Strings and lists are joined by +.
function add(left: unknown, right: unknown): unknown {
  if (typeof left === "string" && typeof right === "string") return left + right;
  if (
    Array.isArray(left) &&
    Array.isArray(right) &&
    left instanceof Tuple === right instanceof Tuple
  ) {
    return left instanceof Tuple ? tuple([...left, ...right]) : [...left, ...right];
  }
  throw unsupported("+", left, right);
}

// Strings and lists are repeated by *.
function repeat(value: unknown, times: Int | boolean): unknown {
  const count = Math.max(0, Number(times));
  if (typeof value === "string")
    return limited(Math.max(1, value.length) * count, () => value.repeat(count));
  if (!Array.isArray(value)) throw unsupported("*", value, times);
  const items = limited(Math.max(1, value.length) * count, () =>
    Array.from({ length: count }, () => value as unknown[]).flat(),
  );
  return value instanceof Tuple ? tuple(items) : items;
}

// Refuses what would not fit into memory.
function limited<T>(size: number, make: () => T): T {
  if (size > 100_000_000) throw new Fault("the result would be too long");
  return make();
}

// Numbers: ints stay ints but under /, anything with a float is a float.
function arithmetic(operator: string, left: Num, right: Num): unknown {
  if (isInt(left) && isInt(right))
    return operator === "/"
      ? divide(asInt(left), asInt(right))
      : intArithmetic(operator, asInt(left), asInt(right));
  return float(floatArithmetic(operator, asDouble(left), asDouble(right)));
}

// Ints, exact at any size.
function intArithmetic(operator: string, left: Int, right: Int): unknown {
  if ((operator === "//" || operator === "%") && BigInt(right) === 0n)
    throw new Fault(ZERO[operator]!);
  if (operator === "**") return power(left, right);
  const [a, b] = [BigInt(left), BigInt(right)];
  switch (operator) {
    case "+":
      return int(a + b);
    case "-":
      return int(a - b);
    case "*":
      return int(a * b);
    case "//":
      return int((a - modulo(a, b)) / b);
    default:
      return int(modulo(a, b));
  }
}

// a / b of ints, rounded once also where they are too large for a double.
function divide(a: Int, b: Int): unknown {
  if (typeof a === "number" && typeof b === "number") return float(floatArithmetic("/", a, b));
  const [top, bottom] = [BigInt(a), BigInt(b)];
  if (bottom === 0n) throw new Fault(ZERO["/"]!);
  if (top === 0n) return float(bottom < 0n ? -0 : 0);
  const shift = BigInt(Math.max(0, bitLength(bottom) - bitLength(top) + 66));
  const quotient = (top << shift) / bottom;
  const sticky = quotient * bottom === top << shift ? 0n : 1n;
  return float(
    Number((quotient << 1n) + (quotient < 0n ? -sticky : sticky)) / 2 ** Number(shift + 1n),
  );
}

// How many bits an int has.
function bitLength(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).length;
}

// The remainder with the sign of the divisor.
function modulo(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

// a ** b of ints: an int, or a float where the exponent is negative.
function power(base: Int, exponent: Int): unknown {
  if (exponent < 0) return float(floatArithmetic("**", Number(base), Number(exponent)));
  if (exponent > 100_000) throw new Fault("the result would be too long");
  return int(BigInt(base) ** BigInt(exponent));
}

// Doubles, with Python's signs.
function floatArithmetic(operator: string, a: number, b: number): number {
  if (b === 0 && operator === "/") throw new Fault(ZERO["/"]!);
  if (b === 0 && operator === "//") throw new Fault("float floor division by zero");
  if (b === 0 && operator === "%") throw new Fault("float modulo");
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  if (operator === "*") return a * b;
  if (operator === "/") return a / b;
  if (operator === "//") return floorDivide(a, b);
  if (operator === "%") return floatModulo(a, b);
  return floatPower(a, b);
}

// a // b of doubles, worked out from the remainder as Python does.
function floorDivide(a: number, b: number): number {
  const rest = a % b;
  const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

// a % b of doubles, with the sign of the divisor.
function floatModulo(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

// a ** b of doubles; what would be complex in Python is an error.
function floatPower(a: number, b: number): number {
  if (a === 0 && b < 0) throw new Fault("0.0 cannot be raised to a negative power");
  if (a < 0 && !Number.isInteger(b))
    throw new Fault("a negative number cannot be raised to a fractional power");
  if (a === 1 || b === 0) return 1;
  return Number.isFinite(a) && Number.isInteger(b) && b > 0 && b <= 64 ? wholePower(a, b) : a ** b;
}

// A double to a whole power, rounded once; JavaScript's own ** may be off by the last digit.
function wholePower(base: number, exponent: number): number {
  let scale = 0;
  let mantissa = base;
  for (; !Number.isInteger(mantissa); scale--) mantissa *= 2;
  const power = BigInt(mantissa) ** BigInt(exponent);
  return Number(power) * 2 ** (scale * exponent) || base ** exponent;
}

// -x and +x.
export function negate(operator: "+" | "-", value: unknown): unknown {
  if (!isNumber(value))
    throw new Fault(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  if (isInt(value)) return operator === "-" ? int(-BigInt(value)) : asInt(value);
  return float(operator === "-" ? -asDouble(value) : asDouble(value));
}

// Python's comparisons; Unknown where the outcome depends on something Unknown.
export function comparison(operator: string, left: unknown, right: unknown): boolean | Unknown {
  if (operator === "in" || operator === "not in") return membership(operator, left, right);
  const unknown = findUnknownIn(left) ?? findUnknownIn(right);
  if (unknown) return unknown;
  if (operator === "==") return equals(left, right);
  if (operator === "!=") return !equals(left, right);
  const order = compare(left, right, operator);
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  return operator === ">" ? order > 0 : order >= 0;
}

// x in y: the keys of a dict are known even where its values are not.
function membership(operator: string, item: unknown, container: unknown): boolean | Unknown {
  const unknown = findUnknownIn(item) ?? (isDict(container) ? undefined : findUnknownIn(container));
  if (unknown) return unknown;
  const further = isDict(container) ? furtherOf(container) : undefined;
  if (further && [undefined, further].includes(dictGet(container as Dict, item) as Unknown))
    return further;
  return contains(container, item) === (operator === "in");
}
