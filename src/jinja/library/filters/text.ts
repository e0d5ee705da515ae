import { wantInt, wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import type { Call } from "../../core/callable.ts";
import { makeDict } from "../../core/dict.ts";
import { prettyText } from "../../python/pretty.ts";
import { percentFormat } from "../../python/printf.ts";
import { capitalize, lines, splitText, strip } from "../../python/strings.ts";
import { characters, toText } from "../../core/text.ts";
import { isTruthy, tuple } from "../../core/value.ts";
import { stringMethods } from "../methods-string.ts";
import { wordWrap } from "../../python/wrap.ts";
import { comment } from "./comment.ts";

// indent(width, first, blank): puts blanks before every line.
function indent(value: unknown, [width, first, blank]: unknown[]): string {
  const before = typeof width === "string" ? width : " ".repeat(wantInt(width));
  const all = lines(`${wantText(value)}\n`);
  const [head = "", ...rest] = all;
  const tail = rest.map((line) => (isTruthy(blank) || line !== "" ? before + line : line));
  return (isTruthy(first) ? before : "") + [head, ...tail].join("\n");
}

// title: every word begins with a capital letter; words end at white space, hyphens and brackets.
function title(value: unknown): string {
  return toText(value)
    .split(/([-\s({[<]+)/u)
    .filter((part) => part !== "")
    .map(capitalize)
    .join("");
}

// truncate(length, killwords, end, leeway)
function truncate(value: unknown, [length, kill, end, leeway]: unknown[]): string {
  const chars = characters(wantText(value));
  const wanted = wantInt(length);
  const tail = wantText(end);
  if (chars.length <= wanted + wantInt(leeway ?? 5)) return chars.join("");
  const kept = chars.slice(0, wanted - characters(tail).length).join("");
  if (isTruthy(kill)) return kept + tail;
  const cut = kept.lastIndexOf(" ");
  return (cut < 0 ? kept : kept.slice(0, cut)) + tail;
}

// center(width)
function center(value: unknown, [width]: unknown[]): string {
  const text = toText(value);
  const missing = Math.max(0, wantInt(width) - characters(text).length);
  const before = Math.floor(missing / 2) + (missing & wantInt(width) & 1);
  return " ".repeat(before) + text + " ".repeat(missing - before);
}

// replace(old, new, count)
function replace(value: unknown, [old, fresh, count]: unknown[], call: Call): unknown {
  return stringMethods["replace"]!.run(
    toText(value),
    [toText(old), toText(fresh), count ?? -1],
    call,
  );
}

// format: "%s and %s" | format(a, b)
function format(value: unknown, [values, named]: unknown[]): string {
  const fields = named as Map<string, unknown>;
  return percentFormat(
    toText(value),
    fields.size > 0 ? makeDict(fields) : tuple(values as unknown[]),
  );
}

const ESCAPED: { [char: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

// escape: for HTML and XML.
export function escapeHtml(value: unknown): string {
  return toText(value).replace(/[&<>"']/g, (char) => ESCAPED[char]!);
}

// quote: for a POSIX shell, as Python's shlex does.
export function shellQuote(text: string): string {
  return text !== "" && /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

// wordcount
function wordCount(value: unknown): number {
  return toText(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
}

/** Filters on text. */
export const textFilters: Table = {
  upper: filter([], (value) => toText(value).toUpperCase()),
  lower: filter([], (value) => toText(value).toLowerCase()),
  capitalize: filter([], (value) => capitalize(toText(value))),
  title: filter([], title),
  trim: filter([["chars", null]], (value, [chars]) => strip(toText(value), chars, "both")),
  center: filter([["width", 80]], center),
  indent: filter(
    [
      ["width", 4],
      ["first", false],
      ["blank", false],
    ],
    indent,
  ),
  truncate: filter(
    [
      ["length", 255],
      ["killwords", false],
      ["end", "..."],
      ["leeway", null],
    ],
    truncate,
  ),
  wordwrap: filter(
    [
      ["width", 79],
      ["break_long_words", true],
      ["wrapstring", null],
      ["break_on_hyphens", true],
    ],
    wordWrap,
  ),
  wordcount: filter([], wordCount),
  replace: filter(["old", "new", ["count", null]], replace),
  format: filter(["*values", "**named"], format),
  split: filter(
    [
      ["sep", null],
      ["maxsplit", -1],
    ],
    (value, [sep, max]) => splitText(wantText(value), sep, wantInt(max)),
  ),
  quote: filter([], (value) => shellQuote(value === null ? "" : toText(value))),
  escape: filter([], escapeHtml),
  e: filter([], escapeHtml),
  forceescape: filter([], escapeHtml),
  safe: filter([], toText),
  striptags: filter([], (value) =>
    toText(value)
      .replace(/<!--[^]*?-->|<[^>]*>/g, "")
      .split(/\s+/)
      .filter(Boolean)
      .join(" "),
  ),
  pprint: filter([], prettyText),
  comment: filter([["style", "plain"], "**options"], comment),
};
