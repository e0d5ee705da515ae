import { LazyDict } from "../../jinja/template.ts";
import { Unknown } from "../../value.ts";

/** Marks a number in JSON that must not become a string there. */
const MARK = "\u0000whole number ";

// Writes a value for people: text as it is, all else as JSON, with whole numbers of any size.
export function showValue(value: unknown, indent?: number): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return String(value);
  const json = JSON.stringify(value, (_key, part: unknown) => plain(part), indent);
  return json?.replaceAll(/"\\u0000whole number (-?\d+)"/g, "$1") ?? "";
}

// A value that JSON can hold.
function plain(part: unknown): unknown {
  if (typeof part === "bigint") return `${MARK}${part}`;
  if (part instanceof Unknown) return "(known after apply)";
  if (part instanceof Map) return Object.fromEntries(part);
  if (part instanceof LazyDict)
    return Object.fromEntries([...part.keys()].map((key) => [String(key), part.get(key)]));
  return part;
}
