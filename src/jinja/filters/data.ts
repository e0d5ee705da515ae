import { wantInt, wantText } from "../convert.ts";
import { filter, type Table } from "../define.ts";
import { JsonReader, writeJson } from "../json.ts";
import { isTruthy } from "../value.ts";

// The indent of JSON: a number of blanks, or a text.
function indentOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === "string" ? value : " ".repeat(wantInt(value));
}

// to_json(indent, sort_keys, ensure_ascii, separators)
function toJson(value: unknown, [indent, sortKeys, ensureAscii, separators]: unknown[]): string {
  const [item, key] = Array.isArray(separators) ? separators.map((part) => wantText(part)) : [indent === null ? ", " : ",", ": "];
  return writeJson(value, { indent: indentOf(indent), sortKeys: isTruthy(sortKeys), ensureAscii: isTruthy(ensureAscii), itemSeparator: item ?? ", ", keySeparator: key ?? ": " });
}

/** Filters between values and JSON. */
export const dataFilters: Table = {
  to_json: filter([["indent", null], ["sort_keys", false], ["ensure_ascii", true], ["separators", null], "**other"], toJson),
  to_nice_json: filter([["indent", 4], ["sort_keys", true], ["ensure_ascii", true], ["separators", [",", ": "]], "**other"], toJson),
  tojson: filter([["indent", null]], (value, [indent]) => toJson(value, [indent, true, true, null])),
  from_json: filter([], (value) => new JsonReader(wantText(value, "a JSON text")).read()),
};
