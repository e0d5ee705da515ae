import { compare } from "../core/compare.ts";
import { dictEntries, makeDict } from "../core/dict.ts";
import { lines } from "./strings.ts";
import { characters, repr } from "../core/text.ts";
import { Tuple, isDict, typeName } from "../core/value.ts";

const WIDTH = 80;

// Python's pprint: a value on one line where it fits, else item below item, dicts
// in the order of their keys.
export function prettyText(value: unknown): string {
  return format(sorted(value), 0, 0, 1);
}

// A value with the keys of all its dicts in order.
function sorted(value: unknown): unknown {
  if (value instanceof Tuple || !Array.isArray(value))
    return isDict(value)
      ? makeDict(
          dictEntries(value)
            .toSorted(([a], [b]) => order(a, b))
            .map(([key, item]) => [key, sorted(item)]),
        )
      : value;
  return value.map(sorted);
}

// Keys of different types are sorted by the names of their types.
function order(a: unknown, b: unknown): number {
  try {
    return compare(a, b);
  } catch {
    return typeName(a) < typeName(b) ? -1 : 1;
  }
}

// One value that begins in a column, with the given number of characters after it on its last line.
function format(value: unknown, indent: number, behind: number, level: number): string {
  const plain = repr(value);
  if (characters(plain).length <= WIDTH - indent - behind) return plain;
  if (typeof value === "string") return formatString(value, indent, behind, level);
  if (value instanceof Tuple) {
    const end = value.length === 1 ? ",)" : ")";
    return `(${formatItems(value, indent, behind + end.length, level)}${end}`;
  }
  if (Array.isArray(value)) return `[${formatItems(value, indent, behind + 1, level)}]`;
  return isDict(value)
    ? `{${formatEntries(dictEntries(value), indent + 1, behind + 1, level)}}`
    : plain;
}

function formatItems(
  items: readonly unknown[],
  indent: number,
  behind: number,
  level: number,
): string {
  return items
    .map((item, index) =>
      format(item, indent + 1, index === items.length - 1 ? behind : 1, level + 1),
    )
    .join(`,\n${" ".repeat(indent + 1)}`);
}

function formatEntries(
  entries: readonly (readonly [unknown, unknown])[],
  indent: number,
  behind: number,
  level: number,
): string {
  return entries
    .map(([key, item], index) => {
      const head = repr(key);
      return `${head}: ${format(item, indent + characters(head).length + 2, index === entries.length - 1 ? behind : 1, level + 1)}`;
    })
    .join(`,\n${" ".repeat(indent)}`);
}

// A long text as several below each other; in brackets if nothing else holds them together.
function formatString(text: string, column: number, after: number, level: number): string {
  const [indent, behind] = level === 1 ? [column + 1, after + 1] : [column, after];
  const all = lines(text, true);
  const chunks = all.flatMap((line, at) =>
    formatLine(line, WIDTH - indent, at === all.length - 1 ? behind : 0),
  );
  if (chunks.length === 1) return chunks[0]!;
  const body = chunks.join(`\n${" ".repeat(indent)}`);
  return level === 1 ? `(${body})` : body;
}

// One line of a text, cut between its words where it is too long.
function formatLine(line: string, width: number, behind: number): string[] {
  const fits = (text: string, room: number): boolean => characters(repr(text)).length <= room;
  if (fits(line, width - behind)) return [repr(line)];
  const parts = line.match(/\S*\s*/gu)!.slice(0, -1);
  const chunks: string[] = [];
  let current = "";
  for (const [index, part] of parts.entries()) {
    if (fits(current + part, width - (index === parts.length - 1 ? behind : 0))) current += part;
    else {
      if (current !== "") chunks.push(repr(current));
      current = part;
    }
  }
  return current === "" ? chunks : [...chunks, repr(current)];
}
