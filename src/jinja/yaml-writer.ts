import { compare } from "./compare.ts";
import { dictEntries, dictSize } from "./dict.ts";
import { Fault } from "./fault.ts";
import { characters } from "./text.ts";
import { isDict, type Dict } from "./value.ts";
import { shapeOf, yamlScalar, type YamlScalar } from "./yaml-scalar.ts";
import { own } from "./own.ts";

/** How YAML is written; the names are those of PyYAML's dump. */
export interface YamlStyle {
  indent: number;
  width: number;
  /** true: all in [ ] and { }; false: all in blocks; null: only what holds no further lists. */
  flow: boolean | null;
  sortKeys: boolean;
}

type Around = "root" | "list" | "value" | "key";

const NAMED: { [char: string]: string } = {
  "\0": "0", "\x07": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"', "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
};

/** Writes YAML as libyaml does, which is what Ansible's to_yaml and to_nice_yaml use. */
export class YamlWriter {
  private readonly style: YamlStyle;
  private text = "";
  private column = 0;
  private indent = -1;
  private flowDepth = 0;
  /** The last character is white space, or the line is empty. */
  private blank = true;
  /** Nothing but indicators such as "-" stands on the line. */
  private onlyMarks = true;

  constructor(style: YamlStyle) {
    this.style = style;
  }

  // A whole document.
  document(value: unknown): string {
    this.node(value, "root");
    this.lineStart();
    return this.text;
  }

  // Any value.
  private node(value: unknown, around: Around): void {
    if (Array.isArray(value)) this.list(value, around);
    else if (isDict(value)) this.dict(value);
    else this.nested(true, false, () => this.scalar(yamlScalar(value), around === "key"));
  }

  // Works one level deeper.
  private nested(flow: boolean, sameLevel: boolean, work: () => void): void {
    const outer = this.indent;
    if (outer < 0) this.indent = flow ? this.style.indent : 0;
    else if (!sameLevel) this.indent += this.style.indent;
    work();
    this.indent = outer;
  }

  // Tells whether a list or dict is written in brackets.
  private inFlow(parts: unknown[]): boolean {
    if (this.flowDepth > 0 || parts.length === 0 || this.style.flow === true) return true;
    return this.style.flow === null && parts.every((part) => !Array.isArray(part) && !isDict(part));
  }

  // A list.
  private list(items: unknown[], around: Around): void {
    if (this.inFlow(items)) return this.brackets("[", "]", items, (item) => this.node(item, "list"));
    this.nested(false, around === "value" && !this.onlyMarks, () => {
      for (const item of items) {
        this.lineStart();
        this.mark("-", true, true);
        this.node(item, "list");
      }
    });
  }

  // A dict.
  private dict(dict: Dict): void {
    const entries = dictEntries(dict);
    if (this.style.sortKeys) sortKeys(entries);
    if (dictSize(dict) === 0 || this.inFlow(entries.flat())) return this.brackets("{", "}", entries, (entry) => this.entry(entry));
    this.nested(false, false, () => {
      for (const entry of entries) {
        this.lineStart();
        this.entry(entry);
      }
    });
  }

  // A key with its value; a long key, or one of several lines, needs marks of its own.
  private entry([key, value]: readonly [unknown, unknown]): void {
    const scalar = Array.isArray(key) || isDict(key) ? undefined : yamlScalar(key);
    if (scalar && Buffer.byteLength(scalar.text) <= 128 && !shapeOf(scalar.text).multiline) {
      this.node(key, "key");
      this.mark(":", false);
      this.node(value, "value");
      return;
    }
    this.mark("?", true, this.flowDepth === 0);
    this.node(key, "value");
    if (this.flowDepth === 0 || this.column > this.style.width) this.lineStart();
    this.mark(":", true, this.flowDepth === 0);
    this.node(value, "value");
  }

  // Items in brackets, with a new line where the line is full.
  private brackets<T>(open: string, close: string, items: readonly T[], write: (item: T) => void): void {
    this.mark(open, true);
    this.blank = true;
    this.flowDepth++;
    this.nested(true, false, () => {
      items.forEach((item, index) => {
        if (index > 0) this.mark(",", false);
        if (this.column > this.style.width) this.lineStart();
        write(item);
      });
    });
    this.flowDepth--;
    this.mark(close, false);
  }

  // Adds characters.
  private put(text: string): void {
    this.text += text;
    this.column += characters(text).length;
  }

  // Adds an indicator, after a blank where one is needed.
  private mark(text: string, needsBlank: boolean, keepsMarks = false): void {
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

  // Goes to the indent, on a new line unless only marks stand on this one.
  private lineStart(): void {
    const indent = Math.max(0, this.indent);
    if (!this.onlyMarks || this.column > indent || (this.column === indent && !this.blank)) this.lineBreak();
    if (this.column < indent) {
      this.put(" ".repeat(indent - this.column));
      this.blank = true;
    }
  }

  // A scalar in the plainest way that is allowed.
  private scalar({ text, bare }: YamlScalar, isKey: boolean): void {
    const shape = shapeOf(text);
    const plain = bare || (this.flowDepth > 0 ? shape.plainInFlow : shape.plainInBlock);
    if (plain) this.plain(text, !isKey);
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
      if (index % 2 === 0) this.words(part, mayBreak, (word) => this.put(word.replaceAll("'", "''")), index > 0);
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
  private words(text: string, mayBreak: boolean, put: (part: string) => void, inside = false): void {
    const parts = text.split(/( +)/);
    parts.forEach((part, index) => {
      const isBlank = index % 2 === 1;
      const isEdge = (index === 1 && parts[0] === "" && !inside) || (index === parts.length - 2 && parts.at(-1) === "");
      if (isBlank && part === " " && mayBreak && this.column > this.style.width && !isEdge) {
        this.lineStart();
        this.blank = false;
        this.onlyMarks = false;
      } else put(part);
    });
  }

  // Text in double quotes, with escapes.
  private double(text: string, mayBreak: boolean): void {
    this.mark('"', true);
    const chars = characters(text);
    let afterBlank = false;
    chars.forEach((char, index) => {
      const breakable = char === " " && mayBreak && !afterBlank && this.column > this.style.width && index > 0 && index < chars.length - 1;
      if (breakable) {
        this.lineStart();
        if (chars[index + 1] === " ") this.put("\\");
        this.blank = false;
        this.onlyMarks = false;
      } else this.put(escaped(char));
      afterBlank = char === " ";
    });
    this.mark('"', false);
  }
}

// One character in double quotes.
function escaped(char: string): string {
  if (char !== '"' && char !== "\\" && /^[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/u.test(char)) return char;
  const name = own(NAMED, char);
  if (name !== undefined) return `\\${name}`;
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
}

// Sorts by keys, where all keys can be compared.
function sortKeys(entries: [unknown, unknown][]): void {
  try {
    const sorted = [...entries].sort(([a], [b]) => compare(a, b));
    entries.splice(0, entries.length, ...sorted);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}
