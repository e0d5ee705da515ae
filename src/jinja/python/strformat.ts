import { Fault } from "../core/fault.ts";
import { asDouble, asInt, floatText, isFloat, isInt, isNumber } from "../core/number.ts";
import { codePoint, floatPieces } from "./printf.ts";
import { characters, quoteText, repr, toText } from "../core/text.ts";
import { dictGet } from "../core/dict.ts";
import { isDict, typeName, type Float } from "../core/value.ts";

interface Fields {
  values: unknown[];
  named: Map<string, unknown>;
  next: number;
  /** How the fields are counted: all by themselves, or all by numbers that are written. */
  counted?: "by hand" | "by itself";
}

const FIELD = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g;

// Python's str.format.
export function formatText(text: string, values: unknown[], named: Map<string, unknown>): string {
  return fill(text, { values, named, next: 0 });
}

// Fills in the fields of a text; a specification may hold fields of its own.
function fill(text: string, fields: Fields): string {
  return text.replace(FIELD, (whole: string, name?: string, conversion?: string, spec = "") => {
    if (whole === "{{" || whole === "}}") return whole[0]!;
    if (name === undefined) throw new Fault(`Single '${whole}' encountered in format string`);
    const value = fieldValue(name, fields);
    return formatValue(converted(value, conversion), fill(spec, fields));
  });
}

// The value as !s and !r have it.
function converted(value: unknown, conversion: string | undefined): unknown {
  if (conversion === undefined) return value;
  return conversion === "s" ? toText(value) : repr(value);
}

// The value of a field: a number or a name, with [items] of it.
function fieldValue(name: string, fields: Fields): unknown {
  const [first = "", ...path] = name.split(/[.[]/);
  const isNumber = first === "" || /^\d+$/.test(first);
  if (isNumber) count(fields, first === "" ? "by itself" : "by hand");
  let value = isNumber
    ? fields.values[first === "" ? fields.next++ : Number(first)]
    : fields.named.get(first);
  for (const step of path) value = inner(value, step.replace(/\]$/, ""));
  if (value === undefined) throw new Fault(`the format has no value for ${quoteText(name)}`);
  return value;
}

// Refuses a text whose fields are counted in both ways.
function count(fields: Fields, how: "by hand" | "by itself"): void {
  if (fields.counted !== undefined && fields.counted !== how)
    throw new Fault(
      "numbered fields ({0}) and fields without a number ({}) cannot be in one format",
    );
  fields.counted = how;
}

// One step into a value.
function inner(value: unknown, step: string): unknown {
  if (typeof value === "string") return characters(value)[Number(step)];
  if (Array.isArray(value)) return value[Number(step)];
  return isDict(value) ? dictGet(value, step) : undefined;
}

const SPEC = /^(?:([^])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

// Formats a value by Python's format specification, such as ">8" or ",.2f".
export function formatValue(value: unknown, spec: string): string {
  if (spec === "") return toText(value);
  const match = SPEC.exec(spec);
  if (!match) throw new Fault(`invalid format specifier ${quoteText(spec)}`);
  const [, fill, align, sign, alternate, zero, width, group, precision, type] = match;
  const isNum = isNumber(value);
  if (!isNum && typeof value !== "string")
    throw new Fault(`unsupported format string passed to ${typeName(value)}.__format__`);
  const digits = precision === undefined ? undefined : Number(precision);
  if (!isNum && (sign ?? alternate ?? group) !== undefined)
    throw new Fault(`${quoteText(spec)} is not a format for text`);
  if (!isNum && how(align, zero) === "=")
    throw new Fault("'=' alignment not allowed in string format specifier");
  const { prefix, body } = isNum
    ? numberPieces(value, sign ?? "-", alternate === "#", group, digits, type)
    : { prefix: "", body: textBody(value, digits, type) };
  return padTo(
    prefix,
    body,
    fill ?? (zero ? "0" : " "),
    how(align, zero) ?? (isNum ? ">" : "<"),
    Number(width ?? 0),
  );
}

// How a value is aligned within its width; undefined: by its type.
function how(align: string | undefined, zero: string | undefined): string | undefined {
  return align ?? (zero === undefined ? undefined : "=");
}

// A string, cut to the precision.
function textBody(value: unknown, precision: number | undefined, type: string | undefined): string {
  if (type !== undefined && type !== "s")
    throw new Fault(`unknown format code '${type}' for object of type '${typeName(value)}'`);
  const text = toText(value);
  return precision === undefined ? text : characters(text).slice(0, precision).join("");
}

// Sign and digits of a number.
function numberPieces(
  value: number | bigint | boolean | Float,
  sign: string,
  alternate: boolean,
  group: string | undefined,
  precision: number | undefined,
  type = "",
) {
  if (type !== "" && !(isFloat(value) ? "eEfFgGn%" : "bcdeEfFgGnoxX%").includes(type))
    throw new Fault(`Unknown format code '${type}' for object of type '${typeName(value)}'`);
  const wantsFloat = isFloat(value) || ("eEfFgG%".includes(type) && type !== "");
  const negative = asDouble(value) < 0 || Object.is(asDouble(value), -0);
  const mark = signMark(negative, sign);
  if (wantsFloat)
    return {
      prefix: mark,
      body: groupedFloat(floatBody(Math.abs(asDouble(value)), precision, type), group),
    };
  const base = { b: 2, o: 8, x: 16, X: 16 }[type] ?? 10;
  if (precision !== undefined) throw new Fault("Precision not allowed in integer format specifier");
  if (type === "c" && (sign !== "-" || alternate || group !== undefined))
    throw new Fault("a character has no sign, no prefix and no groups");
  if (type === "c") return { prefix: "", body: codePoint(value) };
  if (group === "," && base !== 10) throw new Fault(`Cannot specify ',' with '${type}'.`);
  if (!isInt(value) || !"bodxXn".includes(type))
    throw new Fault(`unknown format code '${type}' for object of type '${typeName(value)}'`);
  const whole = BigInt(asInt(value));
  const digits = (whole < 0n ? -whole : whole).toString(base);
  return {
    prefix: mark + (alternate && base !== 10 ? `0${type}` : ""),
    body: grouped(type === "X" ? digits.toUpperCase() : digits, group, base === 10 ? 3 : 4),
  };
}

// The sign in front of a number: a minus, or what the format has for the others.
function signMark(isNegative: boolean, sign: string): string {
  if (isNegative) return "-";
  return sign === "-" ? "" : sign;
}

// The digits of a float.
function floatBody(size: number, precision: number | undefined, type: string): string {
  if (type === "%") return `${floatPieces("f", size * 100, precision ?? 6).body}%`;
  if (type === "" || type === "n")
    return precision === undefined ? floatText(size) : floatPieces("g", size, precision).body;
  return floatPieces(type, size, precision ?? 6).body;
}

// Puts a mark between groups of digits.
function grouped(digits: string, mark: string | undefined, size = 3): string {
  return mark === undefined
    ? digits
    : digits.replace(/^[\da-fA-F]+/, (whole) =>
        whole.replace(new RegExp(`\\B(?=([\\da-fA-F]{${size}})+$)`, "g"), mark),
      );
}

// The same for the digits before a point or an exponent.
function groupedFloat(digits: string, mark: string | undefined): string {
  return digits.replace(/^\d+/, (whole) => grouped(whole, mark));
}

// Pads to the width.
function padTo(prefix: string, body: string, fill: string, how: string, width: number): string {
  const missing = Math.max(0, width - characters(prefix + body).length);
  if (how === "<") return prefix + body + fill.repeat(missing);
  if (how === ">") return fill.repeat(missing) + prefix + body;
  if (how === "=") return prefix + fill.repeat(missing) + body;
  const before = Math.floor(missing / 2);
  return fill.repeat(before) + prefix + body + fill.repeat(missing - before);
}
