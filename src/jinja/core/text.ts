import { Unknown } from "../../value.ts";
import { dictEntries } from "./dict.ts";
import { Fault } from "./fault.ts";
import { floatText } from "./number.ts";
import { Callable } from "./callable.ts";
import { Float, Namespace, Record, Tuple, Undefined, isDict, soften } from "./value.ts";
import { ownProperty } from "./own-property.ts";

// Control characters and all separators but the plain space are escaped by Python's repr.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
const NAMED: { [char: string]: string } = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// One character as repr escapes it.
function escapeChar(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (ownProperty(NAMED, char)) return ownProperty(NAMED, char)!;
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

// Python's repr of a string: single quotes, unless only double ones need no escape.
export function quoteText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text
    .replaceAll("\\", "\\\\")
    .replaceAll(quote, `\\${quote}`)
    .replace(UNPRINTABLE, escapeChar);
  return quote + body + quote;
}

// Python's repr, as the inside of a list or dict prints.
export function repr(value: unknown): string {
  if (typeof value === "string") return quoteText(value);
  if (value instanceof Tuple)
    return `(${value.map(repr).join(", ")}${value.length === 1 ? "," : ""})`;
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (isDict(value))
    return `{${dictEntries(value)
      .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
      .join(", ")}}`;
  return (value instanceof Record ? value.repr() : undefined) ?? plainText(value);
}

// Python's str, as printing shows a value. The value holds nothing Unknown.
export function toText(value: unknown): string {
  if (typeof value === "string") return value;
  return value instanceof Record ? plainText(value) : repr(value);
}

// The text of what is neither string nor container.
function plainText(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number")
    return Number.isInteger(value) ? BigInt(value).toString() : floatText(value);
  if (value instanceof Float) return floatText(value.value);
  return objectText(value);
}

// The text of the language's own objects; what has no text is an error rather
// than an address in memory.
function objectText(value: unknown): string {
  if (value instanceof Undefined) return String(soften(value));
  if (value instanceof Unknown) throw new Error(`an unknown value was printed: ${value.why}`);
  if (value instanceof Callable)
    throw new Fault(`${value.name} is a function, not a value`, `call it: ${value.name}()`);
  if (value instanceof Namespace) return `<Namespace ${repr(Object.fromEntries(value.fields))}>`;
  if (value instanceof Record && value.text) return toText(value.text());
  return `<${value instanceof Record ? value.typeName : "object"}>`;
}

// The characters of a string as Python counts them.
export function characters(text: string): string[] {
  return Array.from(text);
}
