const BLANK = /[ \t\r\n]/;

// Maps every character of a scalar's value to its offset in the source; one more entry is for the
// end. Between the two, only blanks differ (folding, indentation) and quotes are escaped.
export function traceValue(
  text: string,
  start: number,
  value: string,
  style: "single" | "double" | "other",
): number[] {
  const offsets: number[] = [];
  let position = start;
  for (let index = 0; index < value.length; index++) {
    const blank = BLANK.test(value[index]!);
    if (!blank) position = skipFolds(text, position, style);
    offsets.push(position);
    if (blank && text[position] !== value[index] && !isEscape(text, position, style)) continue;
    const width = charWidth(text, position, style);
    if (width === 10 && isHighSurrogate(value.charCodeAt(index))) offsets[++index] = position;
    position += width;
  }
  offsets.push(position);
  return offsets;
}

// Passes over line breaks, indentation and escaped line breaks, which fold away.
function skipFolds(text: string, start: number, style: string): number {
  let position = start;
  for (;;) {
    if (BLANK.test(text[position] ?? "")) position++;
    else if (style === "double" && /^\\[ \t]*[\r\n]/.test(text.slice(position, position + 80)))
      position++;
    else return position;
  }
}

function isEscape(text: string, position: number, style: string): boolean {
  return style === "double" && text[position] === "\\" && !/[\r\n]/.test(text[position + 1] ?? "");
}

// How many characters of the source correspond to the one at a position.
function charWidth(text: string, position: number, style: string): number {
  if (style === "single" && text.startsWith("''", position)) return 2;
  if (!isEscape(text, position, style)) return 1;
  return { x: 4, u: 6, U: 10 }[text[position + 1] as "x" | "u" | "U"] ?? 2;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
