import { ownProperty } from "../core/own-property.ts";
import { characters } from "../core/text.ts";
import { shapeOf, type YamlScalar } from "./yaml-scalar.ts";

const NAMED: { [char: string]: string } = {
  "\0": "0",
  "\x07": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\x1b": "e",
  '"': '"',
  "\\": "\\",
  "\x85": "N",
  "\xa0": "_",
  "\u2028": "L",
  "\u2029": "P",
};

/** YAML as it grows: marks, lines and scalars, broken where a line is full, as libyaml does. */
export class YamlText {
  text = "";
  column = 0;
  /** Where lines begin; below zero: nothing was begun yet. */
  indent = -1;
  /** The last character is white space, or the line is empty. */
  blank = true;
  /** The line contains nothing but indicators such as "-". */
  onlyMarks = true;
  private readonly width: number;

  constructor(width: number) {
    this.width = width;
  }

  // Whether the line is longer than it should be.
  get isFull(): boolean {
    return this.column > this.width;
  }

  // Adds characters.
  private put(text: string): void {
    this.text += text;
    this.column += characters(text).length;
  }

  // Adds an indicator, after a blank where one is needed.
  mark(text: string, needsBlank: boolean, keepsMarks = false): void {
    this.put(this.blank || !needsBlank ? text : ` ${text}`);
    this.blank = false;
    this.onlyMarks = this.onlyMarks && keepsMarks;
  }

  // Ends the line.
  private lineBreak(char = "\n"): void {
    this.text += char;
    this.column = 0;
    this.blank = true;
    this.onlyMarks = true;
  }

  // Moves to the indent, on a new line unless this one only contains indicators.
  lineStart(): void {
    const indent = Math.max(0, this.indent);
    if (!this.onlyMarks || this.column > indent || (this.column === indent && !this.blank))
      this.lineBreak();
    if (this.column < indent) {
      this.put(" ".repeat(indent - this.column));
      this.blank = true;
    }
  }

  // Goes on with a text on a new line.
  private continueBelow(): void {
    this.lineStart();
    this.blank = false;
    this.onlyMarks = false;
  }

  // A scalar in the plainest way that is allowed; a key stays on one line.
  scalar({ text, bare }: YamlScalar, isKey: boolean, inFlow: boolean): void {
    const shape = shapeOf(text);
    if (bare || (inFlow ? shape.plainInFlow : shape.plainInBlock)) this.plain(text, !isKey);
    else if (shape.single && !(isKey && shape.multiline)) this.single(text, !isKey);
    else this.double(text, !isKey);
  }

  // Text without quotes.
  private plain(text: string, mayBreak: boolean): void {
    if (!this.blank) this.put(" ");
    this.blank = false;
    this.onlyMarks = false;
    this.words(text, mayBreak, (part) => this.put(part));
  }

  // Text in single quotes; a line break in it is written twice.
  private single(text: string, mayBreak: boolean): void {
    this.mark("'", true);
    text.split(/([\n\x85\u2028\u2029]+)/).forEach((part, index) => {
      if (index % 2 === 0)
        this.words(part, mayBreak, (word) => this.put(word.replaceAll("'", "''")), index > 0);
      else this.breaks(part);
    });
    this.mark("'", false);
  }

  // Line breaks inside single quotes.
  private breaks(breaks: string): void {
    if (breaks.startsWith("\n")) this.lineBreak();
    for (const char of breaks) this.lineBreak(char);
    this.lineStart();
  }

  // Words of one line; a single blank beyond the width becomes a line break.
  private words(
    text: string,
    mayBreak: boolean,
    put: (part: string) => void,
    inside = false,
  ): void {
    const parts = text.split(/( +)/);
    parts.forEach((part, index) => {
      const isEdge =
        (index === 1 && parts[0] === "" && !inside) ||
        (index === parts.length - 2 && parts.at(-1) === "");
      if (index % 2 === 1 && part === " " && mayBreak && this.isFull && !isEdge)
        this.continueBelow();
      else put(part);
    });
  }

  // Text in double quotes, with escapes.
  private double(text: string, mayBreak: boolean): void {
    this.mark('"', true);
    const chars = characters(text);
    chars.forEach((char, index) => {
      const breaks =
        char === " " &&
        mayBreak &&
        chars[index - 1] !== " " &&
        this.isFull &&
        index > 0 &&
        index < chars.length - 1;
      if (breaks) this.continueBelow();
      if (!breaks) this.put(escaped(char));
      else if (chars[index + 1] === " ") this.put("\\");
    });
    this.mark('"', false);
  }
}

// One character in double quotes.
function escaped(char: string): string {
  if (
    char !== '"' &&
    char !== "\\" &&
    /^[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/u.test(char)
  )
    return char;
  const name = ownProperty(NAMED, char);
  if (name !== undefined) return `\\${name}`;
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}
