import { wantInt } from "./convert.ts";
import { lines } from "./strings.ts";
import { characters, toText } from "./text.ts";
import { isTruthy } from "./value.ts";

// wordwrap(width, break_long_words, wrapstring, break_on_hyphens): every line of the text is wrapped for itself.
export function wordWrap(value: unknown, [width, breakLong, between, onHyphens]: unknown[]): string {
  const glue = between === null || between === undefined ? "\n" : toText(between);
  const wrap = (line: string): string => wrapLine(chunksOf(line, isTruthy(onHyphens)), wantInt(width), isTruthy(breakLong)).join(glue);
  return lines(toText(value)).map(wrap).join(glue);
}

// The pieces between which a line may be broken: words, white space, and the parts of words with hyphens.
function chunksOf(line: string, onHyphens: boolean): string[] {
  const words = line.split(/(\s+)/u).filter((part) => part !== "");
  return onHyphens ? words.flatMap((word) => word.split(/(?<=[\p{L}]{2}-)(?=\p{L}{2})/u)) : words;
}

// Puts pieces into lines of a width, as Python's textwrap does where it keeps white space.
function wrapLine(chunks: string[], width: number, breakLong: boolean): string[] {
  const queue = [...chunks];
  const wrapped: string[] = [];
  while (queue.length > 0) {
    if (wrapped.length > 0 && queue[0]!.trim() === "") queue.shift();
    let current = "";
    while (queue.length > 0 && length(current + queue[0]!) <= width) current += queue.shift()!;
    if (queue.length > 0 && length(queue[0]!) > width && (breakLong || current === "")) current += takeLong(queue, width - length(current), breakLong);
    if (current.trimEnd() !== "") wrapped.push(current.trimEnd());
  }
  return wrapped;
}

// The part of an overlong piece that still fits; all of it where it may not be broken.
function takeLong(queue: string[], room: number, breakLong: boolean): string {
  const chunk = queue.shift()!;
  if (!breakLong) return chunk;
  const chars = characters(chunk);
  const cut = Math.max(1, room);
  queue.unshift(chars.slice(cut).join(""));
  return chars.slice(0, cut).join("");
}

// The length in characters.
function length(text: string): number {
  return characters(text).length;
}
