import { wantText } from "../core/convert.ts";
import { dictEntries } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { isDict } from "../core/value.ts";

const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

// The lines of a text, with or without their ends, as str.splitlines gives them.
export function lines(text: string, keepEnds = false): string[] {
  const found: string[] = [];
  let start = 0;
  for (const end of text.matchAll(LINE_END)) {
    found.push(text.slice(start, keepEnds ? end.index + end[0].length : end.index));
    start = end.index + end[0].length;
  }
  if (start < text.length) found.push(text.slice(start));
  return found;
}

// Every word with a capital first letter, as str.title does.
export function titleCase(text: string): string {
  return text.replace(/\p{L}+/gu, capitalize);
}

// The first character as a capital, the others small.
export function capitalize(text: string): string {
  const [first = ""] = text;
  const capital = first.toUpperCase();
  return (
    capital.slice(0, first.length) +
    (capital.slice(first.length) + text.slice(first.length)).toLowerCase()
  );
}

// Takes white space, or the given characters, off the ends of a text.
export function strip(text: string, chars: unknown, side: "left" | "right" | "both"): string {
  const set =
    chars === null || chars === undefined
      ? "\\s\\x1c-\\x1f\\x85"
      : wantText(chars).replace(/[\\\]^-]/g, "\\$&");
  if (set === "") return text;
  const left = side === "right" ? text : text.replace(new RegExp(`^[${set}]+`, "u"), "");
  return side === "left" ? left : left.replace(new RegExp(`[${set}]+$`, "u"), "");
}

// Splits at a separator, or at any white space where there is none; at most `limit` times.
export function splitText(
  text: string,
  separator: unknown,
  limit: number,
  fromRight = false,
): string[] {
  if (separator === null || separator === undefined) return splitWords(text, limit, fromRight);
  if (wantText(separator) === "") throw new Fault("empty separator");
  const parts = text.split(separator as string);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  const rest = fromRight ? parts.splice(0, parts.length - limit) : parts.splice(limit);
  return fromRight
    ? [rest.join(separator as string), ...parts]
    : [...parts, rest.join(separator as string)];
}

// Splits at white space; with a limit, the rest keeps its inner and outer white
// space but towards the words.
function splitWords(text: string, limit: number, fromRight: boolean): string[] {
  const found = [...text.matchAll(/[^\s\x1c-\x1f\x85]+/gu)];
  const words = found.map(([word]) => word);
  if (limit < 0 || words.length <= limit) return words;
  if (!fromRight) return [...words.slice(0, limit), text.slice(found[limit]?.index)];
  const last = found[found.length - limit - 1]!;
  return [text.slice(0, last.index + last[0].length), ...words.slice(words.length - limit)];
}

// Splits once: what is before, the separator, what is after.
export function partition(text: string, separator: string, last = false): string[] {
  if (separator === "") throw new Fault("empty separator");
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return last ? ["", "", text] : [text, "", ""];
  return [text.slice(0, at), separator, text.slice(at + separator.length)];
}

// The entries of a dict with text for keys.
export function pieces(value: unknown): [string, unknown][] {
  if (!isDict(value)) throw new Fault("expected a dict");
  return dictEntries(value).map(([key, item]) => [wantText(key), item]);
}
