import type { Place } from "../errors.ts";

/** How far lines are moved whose indentation is free. */
const INDENT = " ".repeat(400);

/** Says where a user wrote what a program has put at an offset of a text. */
export type WhereWritten = (offset: number) => Place;

/** A text with its name, which can say where an offset lies. */
export class YamlSource {
  readonly file: string;
  /** The text that is parsed. */
  readonly text: string;
  /** The text as it was written. */
  readonly #written: string;
  readonly #indented: ReadonlySet<number>;
  readonly #by: WhereWritten | undefined;
  readonly #lineStarts: number[] = [0];

  constructor(
    file: string,
    text: string,
    written = text,
    indented: ReadonlySet<number> = new Set(),
    by?: WhereWritten,
  ) {
    this.#by = by;
    this.file = file;
    this.text = text;
    this.#written = written;
    this.#indented = indented;
    for (const match of text.matchAll(/\r\n|\n|\r/g))
      this.#lineStarts.push(match.index + match[0].length);
  }

  // The number, from 0, of the line that holds an offset.
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  // The offset at which a line begins; lines count from 0.
  lineStart(line: number): number {
    return this.#lineStarts[line] ?? this.text.length;
  }

  // The text of a line without its break; lines count from 0.
  line(line: number): string {
    return this.text.slice(this.lineStart(line), this.lineStart(line + 1)).replace(/[\r\n]+$/, "");
  }

  // Where an offset lies in the text as it was written.
  place(offset: number): Place {
    const line = this.lineAt(offset);
    const inLine = offset - this.lineStart(line);
    const column = this.#indented.has(line) ? Math.max(0, inLine - INDENT.length) : inLine;
    const place: Place = {
      file: this.file,
      line: line + 1,
      column: column + 1,
      text: this.#written,
    };
    if (this.#by) place.written = this.#by(offset);
    return place;
  }

  // The same text with a line moved to the right; undefined: it was moved already.
  withIndented(line: number): YamlSource | undefined {
    if (this.#indented.has(line)) return undefined;
    const at = this.lineStart(line);
    return new YamlSource(
      this.file,
      this.text.slice(0, at) + INDENT + this.text.slice(at),
      this.#written,
      new Set([...this.#indented, line]),
      this.#by,
    );
  }
}
