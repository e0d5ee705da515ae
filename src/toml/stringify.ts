import { Float } from "../jinja/core/value.ts";
import { isTable, type Toml, type TomlTable } from "./value.ts";

// Writes TOML that containerd 1.3 to 2.3 read alike: plain integers, floats with their point, and
// every table that has keys of its own, or none at all, under a header that spells out its name.
export function stringifyToml(table: TomlTable): string {
  return writeTable(table, []).join("\n").replace(/^\n+/, "") + "\n";
}

// One table: first its own keys, then the tables below it, as TOML demands.
function writeTable(table: TomlTable, path: readonly string[]): string[] {
  const entries = Object.entries(table);
  const own = entries.filter(([, value]) => !isTable(value) && !isTableList(value));
  const below = entries.filter(([, value]) => isTable(value) || isTableList(value));
  const lines = own.map(
    ([key, value]) => `${path.length === 0 ? "" : "  "}${writeKey(key)} = ${writeValue(value)}`,
  );
  for (const [key, value] of below) lines.push(...writeBelow(value, [...path, key]));
  return lines;
}

// A table or a list of tables with its header; a table that only holds others needs none.
function writeBelow(value: Toml, path: readonly string[]): string[] {
  const name = path.map(writeKey).join(".");
  if (Array.isArray(value))
    return value.flatMap((item) => ["", `[[${name}]]`, ...writeTable(item as TomlTable, path)]);
  const values = Object.values(value as TomlTable);
  const needsHeader =
    values.length === 0 || values.some((item) => !isTable(item) && !isTableList(item));
  return [...(needsHeader ? ["", `[${name}]`] : []), ...writeTable(value as TomlTable, path)];
}

// Tells lists that TOML can write as [[header]]s.
function isTableList(value: Toml): value is TomlTable[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

// A key as written in a header or before "=".
export function writeKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : writeString(key);
}

// A value on one line.
export function writeValue(value: Toml): string {
  if (typeof value === "string") return writeString(value);
  if (value instanceof Float) return writeNumber(value.value, true);
  if (typeof value === "number") return writeNumber(value, !Number.isInteger(value));
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map(writeValue).join(", ")}]`;
  if (!isTable(value)) return String(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${writeKey(key)} = ${writeValue(item)}`,
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

// A number; a float keeps its point, as containerd 1.x takes no integer for a float.
function writeNumber(value: number, float: boolean): string {
  if (!Number.isFinite(value)) {
    if (Number.isNaN(value)) return "nan";
    return value < 0 ? "-inf" : "inf";
  }
  if (Object.is(value, -0)) return float ? "-0.0" : "0";
  if (!float) return BigInt(value).toString();
  const text = String(value);
  return /[.e]/.test(text) ? text.replace(/^(-?\d+)e/, "$1.0e") : `${text}.0`;
}

const ESCAPES = new Map([
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

// A basic string: control characters by number, the usual ones by their letter.
function writeString(text: string): string {
  const escaped = text.replace(
    /[\u0000-\u001f"\\\u007f]/g,
    (char) => ESCAPES.get(char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}
