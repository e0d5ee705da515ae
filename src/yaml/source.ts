import type { Place } from "../errors.ts";

/** A text with its name, which can say where an offset lies. */
export class Source {
  readonly file: string;
  readonly text: string;
  readonly #lineStarts: number[] = [0];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    for (const match of text.matchAll(/\r\n|\n|\r/g)) this.#lineStarts.push(match.index + match[0].length);
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

  place(offset: number): Place {
    const line = this.lineAt(offset);
    return { file: this.file, line: line + 1, column: offset - this.lineStart(line) + 1, text: this.text };
  }
}
