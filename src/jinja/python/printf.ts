import { dictGet } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { asDouble, asInt, fixed, isInt, isNumber } from "../core/number.ts";
import { quoteText, repr, toText } from "../core/text.ts";
import { Tuple, isDict, typeName } from "../core/value.ts";

const DIRECTIVE = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([^])?/g;

interface Directive {
  flags: string;
  width: number;
  precision: number | undefined;
  type: string;
}

// Python's "text %s" % values.
export function percentFormat(format: string, values: unknown): string {
  const queue = values instanceof Tuple ? [...values] : [values];
  const take = (): unknown => {
    if (queue.length === 0) throw new Fault("not enough arguments for format string");
    return queue.shift();
  };
  let named = false;
  const text = format.replace(
    DIRECTIVE,
    (_whole, key?: string, flags = "", width?: string, precision?: string, type?: string) => {
      if (type === undefined) throw new Fault("incomplete format");
      if (type === "%") return "%";
      named ||= key !== undefined;
      const size = (part: string | undefined): number | undefined => {
        if (part === "*") return Number(take());
        return part === undefined ? undefined : Number(part);
      };
      const directive = { flags, width: size(width) ?? 0, precision: size(precision), type };
      return pad(directive, key === undefined ? take() : byKey(values, key));
    },
  );
  if (queue.length > 0 && !named && !isDict(values))
    throw new Fault("not all arguments converted during string formatting");
  return text;
}

// The value of a directive with a name.
function byKey(values: unknown, key: string): unknown {
  if (!isDict(values)) throw new Fault("format requires a mapping");
  const value = dictGet(values, key);
  if (value === undefined)
    throw new Fault(`the format names ${quoteText(key)}, which is not there`);
  return value;
}

// Formats one value and pads it to its width.
function pad({ flags, width, precision, type }: Directive, value: unknown): string {
  const { sign, prefix, body } = directiveText(type, value, precision, flags);
  const missing = width - sign.length - prefix.length - [...body].length;
  if (missing <= 0) return sign + prefix + body;
  if (flags.includes("-")) return sign + prefix + body + " ".repeat(missing);
  if (flags.includes("0") && !"srac".includes(type))
    return sign + prefix + "0".repeat(missing) + body;
  return " ".repeat(missing) + sign + prefix + body;
}

interface Pieces {
  sign: string;
  prefix: string;
  body: string;
}

// The text of one value by the type of its directive.
function directiveText(
  type: string,
  value: unknown,
  precision: number | undefined,
  flags: string,
): Pieces {
  const plain = (body: string): Pieces => ({
    sign: "",
    prefix: "",
    body: precision === undefined ? body : [...body].slice(0, precision).join(""),
  });
  if (type === "s") return plain(toText(value));
  if (type === "r" || type === "a") return plain(repr(value));
  if (type === "c")
    return plain(typeof value === "string" && [...value].length === 1 ? value : codePoint(value));
  if ("diuxXo".includes(type)) return signed(flags, integerPieces(type, value, precision, flags));
  if ("eEfFgG".includes(type)) {
    if (!isNumber(value)) throw new Fault(`must be real number, not ${typeName(value)}`);
    return signed(flags, floatPieces(type, asDouble(value), precision ?? 6, flags.includes("#")));
  }
  throw new Fault(`unsupported format character ${quoteText(type)}`);
}

// The character of a number.
export function codePoint(value: unknown): string {
  if (!isNumber(value) || !isInt(value)) throw new Fault("%c requires int or char");
  const code = Number(asInt(value));
  if (code < 0 || code > 0x10ffff) throw new Fault("%c arg not in range(0x110000)");
  return String.fromCodePoint(code);
}

// Adds the sign that the flags ask for.
function signed(flags: string, pieces: Pieces): Pieces {
  if (pieces.sign === "" && flags.includes("+")) return { ...pieces, sign: "+" };
  return pieces.sign === "" && flags.includes(" ") ? { ...pieces, sign: " " } : pieces;
}

// %d, %x and %o.
function integerPieces(
  type: string,
  value: unknown,
  precision: number | undefined,
  flags: string,
): Pieces {
  const decimal = "diu".includes(type);
  if (!isNumber(value) || (!decimal && !isInt(value)))
    throw new Fault(
      `%${type} format: ${decimal ? "a real number" : "an integer"} is required, not ${typeName(value)}`,
    );
  const whole = isInt(value) ? BigInt(asInt(value)) : BigInt(Math.trunc(asDouble(value)));
  const size = whole < 0n ? -whole : whole;
  const digits = size.toString(radixOf(type, decimal)).padStart(precision ?? 0, "0");
  const prefix = flags.includes("#") && !decimal ? `0${type}` : "";
  return {
    sign: whole < 0n ? "-" : "",
    prefix,
    body: type === "X" ? digits.toUpperCase() : digits,
  };
}

// The base of the digits of %d, %o and %x.
function radixOf(type: string, decimal: boolean): number {
  if (decimal) return 10;
  return type === "o" ? 8 : 16;
}

// %e, %f and %g of a double.
export function floatPieces(
  type: string,
  value: number,
  precision: number,
  alternate = false,
): Pieces {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  const lower = type.toLowerCase();
  let body: string;
  if (!Number.isFinite(size)) body = Number.isNaN(size) ? "nan" : "inf";
  else if (lower === "f") body = fixed(size, precision);
  else if (lower === "e") body = exponent(size.toExponential(precision));
  else body = general(size, precision || 1, alternate);
  return { sign, prefix: "", body: type === lower ? body : body.toUpperCase() };
}

// JavaScript writes e+5 where Python writes e+05.
function exponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

// %g: fixed or exponent, whichever is shorter, without zeros at the end.
function general(size: number, precision: number, alternate: boolean): string {
  const text = size.toExponential(precision - 1);
  const power = Number(text.slice(text.indexOf("e") + 1));
  if (power < -4 || power >= precision) {
    const [digits = "", tail = ""] = text.split("e");
    return exponent(`${alternate ? digits : trimZeros(digits)}e${tail}`);
  }
  const plain = size.toFixed(Math.min(100, precision - 1 - power));
  return alternate ? plain : trimZeros(plain);
}

// Drops the zeros at the end of a fraction.
function trimZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}
