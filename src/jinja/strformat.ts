import { Fault } from "./fault.ts";
import { asDouble, asInt, floatText, isFloat, isInt, isNumber } from "./number.ts";
import { floatPieces } from "./printf.ts";
import { characters, quoteText, repr, toText } from "./text.ts";
import { dictGet } from "./dict.ts";
import { isDict, typeName, type Float } from "./value.ts";

interface Fields {
  values: unknown[];
  named: Map<string, unknown>;
  next: number;
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
    const shown = conversion === undefined ? value : conversion === "s" ? toText(value) : repr(value);
    return formatValue(shown, fill(spec, fields));
  });
}

// The value of a field: a number or a name, with [items] of it.
function fieldValue(name: string, fields: Fields): unknown {
  const [first = "", ...path] = name.split(/[.[]/);
  let value: unknown;
  if (first === "" || /^\d+$/.test(first)) value = fields.values[first === "" ? fields.next++ : Number(first)];
  else value = fields.named.get(first);
  for (const step of path) value = inner(value, step.replace(/\]$/, ""));
  if (value === undefined) throw new Fault(`the format has no value for ${quoteText(name)}`);
  return value;
}

// One step into a value.
function inner(value: unknown, step: string): unknown {
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
  if (!isNum && typeof value !== "string") throw new Fault(`unsupported format string passed to ${typeName(value)}.__format__`);
  const digits = precision === undefined ? undefined : Number(precision);
  const { prefix, body } = isNum ? numberPieces(value, sign ?? "-", alternate === "#", group, digits, type) : { prefix: "", body: textBody(value, digits, type) };
  const how = align ?? (zero && isNum ? "=" : isNum ? ">" : "<");
  return padTo(prefix, body, fill ?? (zero ? "0" : " "), how, Number(width ?? 0));
}

// A string, cut to the precision.
function textBody(value: unknown, precision: number | undefined, type: string | undefined): string {
  if (type !== undefined && type !== "s") throw new Fault(`unknown format code '${type}' for object of type '${typeName(value)}'`);
  const text = toText(value);
  return precision === undefined ? text : characters(text).slice(0, precision).join("");
}

// Sign and digits of a number.
function numberPieces(value: number | bigint | boolean | Float, sign: string, alternate: boolean, group: string | undefined, precision: number | undefined, type = "") {
  const wantsFloat = isFloat(value) || "eEfFgG%".includes(type) && type !== "";
  const negative = asDouble(value) < 0 || Object.is(asDouble(value), -0);
  const mark = negative ? "-" : sign === "-" ? "" : sign;
  if (wantsFloat) return { prefix: mark, body: grouped(floatBody(Math.abs(asDouble(value)), precision, type), group) };
  const base = { b: 2, o: 8, x: 16, X: 16 }[type] ?? 10;
  if (type === "c") return { prefix: "", body: String.fromCodePoint(Number(value)) };
  if (!isInt(value) || !"bodxXn".includes(type)) throw new Fault(`unknown format code '${type}' for object of type '${typeName(value)}'`);
  const whole = BigInt(asInt(value));
  const digits = (whole < 0n ? -whole : whole).toString(base);
  return { prefix: mark + (alternate && base !== 10 ? `0${type}` : ""), body: grouped(type === "X" ? digits.toUpperCase() : digits, group) };
}

// The digits of a float.
function floatBody(size: number, precision: number | undefined, type: string): string {
  if (type === "%") return `${floatPieces("f", size * 100, precision ?? 6).body}%`;
  if (type === "" || type === "n") return precision === undefined ? floatText(size) : floatPieces("g", size, precision).body;
  return floatPieces(type, size, precision ?? 6).body;
}

// Puts a mark between groups of three digits.
function grouped(digits: string, mark: string | undefined): string {
  return mark === undefined ? digits : digits.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, mark));
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
