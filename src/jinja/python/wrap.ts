import { wantInt, wantText } from "../core/convert.ts";
import { Fault } from "../core/fault.ts";
import { lines } from "./strings.ts";
import { characters, toText } from "../core/text.ts";
import { isTruthy } from "../core/value.ts";

// wordwrap(width, break_long_words, wrapstring, break_on_hyphens): every line of the
// text is wrapped for itself.
export function wordWrap(
  value: unknown,
  [width, breakLong, between, onHyphens]: unknown[],
): string {
  const glue = between === null || between === undefined ? "\n" : toText(between);
  const wrap = (line: string): string =>
    wrapLine(chunksOf(line, isTruthy(onHyphens)), wantInt(width), {
      breakLong: isTruthy(breakLong),
      onHyphens: isTruthy(onHyphens),
    }).join(glue);
  return lines(wantText(value)).map(wrap).join(glue);
}

// The pieces between which a line may be broken: words, white space, and the
// parts of words with hyphens.
function chunksOf(line: string, onHyphens: boolean): string[] {
  const words = line.split(/(\s+)/u).filter((part) => part !== "");
  return onHyphens
    ? words.flatMap((word) =>
        word.split(
          /(?<=[\p{L}_]{2}-|[\p{L}_]-[\p{L}_]-)(?=[\p{L}_]-?[\p{L}_])|(?<=[\p{L}\p{N}_!"'&.,?])(?=-{2,}[\p{L}\p{N}_])|(?<=[\p{L}\p{N}_!"'&.,?]-{2,})(?=[\p{L}\p{N}_])/u,
        ),
      )
    : words;
}

/** Where a line may be broken besides at white space. */
interface Breaks {
  breakLong: boolean;
  onHyphens: boolean;
}

// Puts pieces into lines of a width, as Python's textwrap does where it keeps white space.
function wrapLine(chunks: string[], width: number, how: Breaks): string[] {
  if (width <= 0) throw new Fault(`invalid width ${width} (must be > 0)`);
  const queue = [...chunks];
  const wrapped: string[] = [];
  while (queue.length > 0) {
    if (wrapped.length > 0 && isBlank(queue[0]!)) queue.shift();
    const line: string[] = [];
    while (queue.length > 0 && length(line.join("") + queue[0]!) <= width)
      line.push(queue.shift()!);
    if (queue.length > 0 && length(queue[0]!) > width && (how.breakLong || line.length === 0))
      line.push(takeLong(queue, width - length(line.join("")), how));
    if (isBlank(line.at(-1) ?? "x")) line.pop();
    if (line.length > 0) wrapped.push(line.join(""));
  }
  return wrapped;
}

// Tells white space; nothing at all is white space too.
function isBlank(text: string): boolean {
  return text.trim() === "";
}

// The part of an overlong piece that still fits, up to a hyphen if it has one; all of it
// where it may not be broken.
function takeLong(queue: string[], room: number, { breakLong, onHyphens }: Breaks): string {
  const chunk = queue.shift()!;
  if (!breakLong) return chunk;
  const chars = characters(chunk);
  const hyphen = onHyphens ? chars.slice(0, Math.max(0, room)).lastIndexOf("-") : -1;
  const cut = hyphen > 0 && chars.slice(0, hyphen).some((char) => char !== "-") ? hyphen + 1 : room;
  queue.unshift(chars.slice(cut).join(""));
  return chars.slice(0, cut).join("");
}

// The length in characters.
function length(text: string): number {
  return characters(text).length;
}
