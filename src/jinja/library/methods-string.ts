import type { Method, Param } from "../core/callable.ts";
import { wantInt, wantText } from "../core/convert.ts";
import { Fault } from "../core/fault.ts";
import { iterate } from "../runtime/iterate.ts";
import {
  capitalize,
  lines,
  partition,
  pieces,
  splitText,
  strip,
  titleCase,
} from "../python/strings.ts";
import { formatText } from "../python/strformat.ts";
import { characters } from "../core/text.ts";
import { isTruthy, tuple, typeName } from "../core/value.ts";

// A method of strings, from a function that takes one.
function method(params: readonly Param[], run: (text: string, args: unknown[]) => unknown): Method {
  return { params, run: (text, args) => run(text as string, args) };
}

const RANGE: readonly Param[] = [
  ["start", 0],
  ["end", undefined],
];

// The part of a text between two positions, as count, find and startswith look at it.
function part(text: string, start: unknown, end: unknown): string {
  if (start === 0 && end === undefined) return text;
  return characters(text)
    .slice(wantInt(start ?? 0), end === undefined || end === null ? undefined : wantInt(end))
    .join("");
}

// text.find and text.rfind: the position in characters, or -1.
function find(text: string, [wanted, start, end]: unknown[], last = false): number {
  const inside = part(text, start, end);
  const at = last ? inside.lastIndexOf(wantText(wanted)) : inside.indexOf(wantText(wanted));
  if (at < 0) return -1;
  const offset =
    Number(start) < 0 ? Math.max(0, characters(text).length + Number(start)) : Number(start);
  return offset + characters(inside.slice(0, at)).length;
}

// text.index and text.rindex.
function index(text: string, args: unknown[], last = false): number {
  const at = find(text, args, last);
  if (at < 0) throw new Fault("substring not found");
  return at;
}

// text.count(part)
function count(text: string, [wanted, start, end]: unknown[]): number {
  const inside = part(text, start, end);
  return wanted === "" ? characters(inside).length + 1 : inside.split(wantText(wanted)).length - 1;
}

// text.startswith and text.endswith, of one text or any of a tuple.
function touches(test: (text: string, wanted: string) => boolean): Method {
  return method(["wanted", ...RANGE], (text, [wanted, start, end]) => {
    const inside = part(text, start, end);
    return (Array.isArray(wanted) ? wanted : [wanted]).some((one) => test(inside, wantText(one)));
  });
}

// text.ljust, rjust and center.
function justify(text: string, [width, fill]: unknown[], side: "left" | "right" | "both"): string {
  const missing = Math.max(0, wantInt(width) - characters(text).length);
  const even = Math.floor(missing / 2) + (missing & wantInt(width) & 1);
  const before = { left: 0, right: missing, both: even }[side];
  return wantText(fill).repeat(before) + text + wantText(fill).repeat(missing - before);
}

// text.replace(old, new, count)
function replace(text: string, [old, fresh, limit]: unknown[]): string {
  const times = wantInt(limit);
  const parts = wantText(old) === "" ? ["", ...characters(text), ""] : text.split(old as string);
  if (times < 0 || times >= parts.length - 1) return parts.join(wantText(fresh));
  const head = parts.slice(0, times + 1).join(wantText(fresh));
  return (
    head +
    parts
      .slice(times + 1)
      .map((rest) => (old as string) + rest)
      .join("")
  );
}

// text.join(values)
function join(text: string, [values]: unknown[]): string {
  return iterate(values)
    .map((value, at) => {
      if (typeof value !== "string")
        throw new Fault(`sequence item ${at}: expected str instance, ${typeName(value)} found`);
      return value;
    })
    .join(text);
}

// text.zfill(width)
function zfill(text: string, [width]: unknown[]): string {
  const sign = /^[+-]/.test(text) ? text[0]! : "";
  return sign + text.slice(sign.length).padStart(wantInt(width) - sign.length, "0");
}

// text.expandtabs(size)
function expandTabs(text: string, [size]: unknown[]): string {
  let column = 0;
  return characters(text)
    .map((char) => {
      if (char !== "\t") {
        column = char === "\n" || char === "\r" ? 0 : column + 1;
        return char;
      }
      const width = wantInt(size) > 0 ? wantInt(size) - (column % wantInt(size)) : 0;
      column += width;
      return " ".repeat(width);
    })
    .join("");
}

// A test on all characters of a text; an empty text has none. The pattern is made when it is first
// needed: those with classes of Unicode take a while.
function every(pattern: () => RegExp): Method {
  return method(
    [],
    (text) => text !== "" && characters(text).every((char) => pattern().test(char)),
  );
}

// text.isupper and islower: some letter has case, and all that have are of this one.
function cased(own: () => RegExp, other: () => RegExp): Method {
  return method([], (text) => own().test(text) && !other().test(text));
}

const CHARS: readonly Param[] = [["chars", null]];
const SPLIT: readonly Param[] = [
  ["sep", null],
  ["maxsplit", -1],
];

/** The methods of a string. */
export const stringMethods: { [name: string]: Method } = {
  upper: method([], (text) => text.toUpperCase()),
  lower: method([], (text) => text.toLowerCase()),
  casefold: method([], (text) => text.toLowerCase().replaceAll("ß", "ss")),
  capitalize: method([], capitalize),
  title: method([], titleCase),
  swapcase: method([], (text) =>
    characters(text)
      .map((char) => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase()))
      .join(""),
  ),
  strip: method(CHARS, (text, [chars]) => strip(text, chars, "both")),
  lstrip: method(CHARS, (text, [chars]) => strip(text, chars, "left")),
  rstrip: method(CHARS, (text, [chars]) => strip(text, chars, "right")),
  split: method(SPLIT, (text, [sep, max]) => splitText(text, sep, wantInt(max))),
  rsplit: method(SPLIT, (text, [sep, max]) => splitText(text, sep, wantInt(max), true)),
  splitlines: method([["keepends", false]], (text, [keep]) => lines(text, isTruthy(keep))),
  partition: method(["sep"], (text, [sep]) => tuple(partition(text, wantText(sep)))),
  rpartition: method(["sep"], (text, [sep]) => tuple(partition(text, wantText(sep), true))),
  replace: method(["old", "new", ["count", -1]], replace),
  join: method(["values"], join),
  startswith: touches((text, wanted) => text.startsWith(wanted)),
  endswith: touches((text, wanted) => text.endsWith(wanted)),
  removeprefix: method(["prefix"], (text, [prefix]) =>
    text.startsWith(wantText(prefix)) ? text.slice(wantText(prefix).length) : text,
  ),
  removesuffix: method(["suffix"], (text, [suffix]) =>
    suffix !== "" && text.endsWith(wantText(suffix))
      ? text.slice(0, -wantText(suffix).length)
      : text,
  ),
  find: method(["wanted", ...RANGE], (text, args) => find(text, args)),
  rfind: method(["wanted", ...RANGE], (text, args) => find(text, args, true)),
  index: method(["wanted", ...RANGE], (text, args) => index(text, args)),
  rindex: method(["wanted", ...RANGE], (text, args) => index(text, args, true)),
  count: method(["wanted", ...RANGE], count),
  center: method(["width", ["fill", " "]], (text, args) => justify(text, args, "both")),
  ljust: method(["width", ["fill", " "]], (text, args) => justify(text, args, "left")),
  rjust: method(["width", ["fill", " "]], (text, args) => justify(text, args, "right")),
  zfill: method(["width"], zfill),
  expandtabs: method([["tabsize", 8]], expandTabs),
  format: method(["*values", "**named"], (text, [values, named]) =>
    formatText(text, values as unknown[], named as Map<string, unknown>),
  ),
  format_map: method(["values"], (text, [values]) => formatText(text, [], new Map(pieces(values)))),
  isalpha: every(() => /\p{L}/u),
  isalnum: every(() => /[\p{L}\p{N}]/u),
  isdigit: every(() => /[\p{Nd}²³¹⁰-⁹₀-₉]/u),
  isdecimal: every(() => /\p{Nd}/u),
  isnumeric: every(() => /\p{N}/u),
  isspace: every(() => /[\s\x1c-\x1f\x85]/u),
  isascii: method([], (text) => /^[\0-\x7f]*$/.test(text)),
  isprintable: method([], (text) =>
    characters(text).every((char) => char === " " || !/[\p{C}\p{Z}]/u.test(char)),
  ),
  isidentifier: method([], (text) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text)),
  isupper: cased(
    () => /\p{Lu}/u,
    () => /[\p{Ll}\p{Lt}]/u,
  ),
  islower: cased(
    () => /\p{Ll}/u,
    () => /[\p{Lu}\p{Lt}]/u,
  ),
  istitle: method([], (text) => /\p{L}/u.test(text) && titleCase(text) === text),
};
