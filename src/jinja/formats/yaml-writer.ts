import { compare } from "../core/compare.ts";
import { dictEntries } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { isDict, type Dict } from "../core/value.ts";
import { shapeOf, yamlScalar } from "./yaml-scalar.ts";
import { YamlText } from "./yaml-text.ts";
import { insteadOf } from "../../instead-of.ts";

/** How YAML is written; the names are those of PyYAML's dump. */
export interface YamlStyle {
  indent: number;
  width: number;
  /** true: all in [ ] and { }; false: all in blocks; null: only what holds no further lists. */
  flow: boolean | null;
  sortKeys: boolean;
}

type Around = "root" | "list" | "value" | "key";

// A value as YAML, as libyaml writes it, which is what Ansible's to_yaml and to_nice_yaml use.
export function writeYaml(value: unknown, style: YamlStyle): string {
  return new YamlWriter(style).document(value);
}

/** Writes lists and dicts in blocks or brackets. */
class YamlWriter {
  private readonly style: YamlStyle;
  private readonly out: YamlText;
  private flowDepth = 0;

  constructor(style: YamlStyle) {
    this.style = style;
    this.out = new YamlText(style.width);
  }

  // A whole document.
  document(value: unknown): string {
    this.node(value, "root");
    this.out.lineStart();
    return this.out.text;
  }

  // Any value.
  private node(value: unknown, around: Around): void {
    if (Array.isArray(value)) this.list(value, around);
    else if (isDict(value)) this.dict(value);
    else
      this.nested(true, false, () =>
        this.out.scalar(yamlScalar(value), around === "key", this.flowDepth > 0),
      );
  }

  // Works one level deeper.
  private nested(flow: boolean, sameLevel: boolean, work: () => void): void {
    const { out, style } = this;
    const outer = out.indent;
    if (outer < 0) out.indent = flow ? style.indent : 0;
    else if (!sameLevel) out.indent += style.indent;
    work();
    out.indent = outer;
  }

  // Whether a list or dict is written in brackets.
  private inFlow(parts: unknown[]): boolean {
    if (this.flowDepth > 0 || parts.length === 0 || this.style.flow === true) return true;
    return this.style.flow === null && parts.every((part) => !Array.isArray(part) && !isDict(part));
  }

  // A list.
  private list(items: unknown[], around: Around): void {
    if (this.inFlow(items))
      return this.brackets("[", "]", items, (item) => this.node(item, "list"));
    this.nested(false, around === "value" && !this.out.onlyMarks, () => {
      for (const item of items) {
        this.out.lineStart();
        this.out.mark("-", true, true);
        this.node(item, "list");
      }
    });
  }

  // A dict.
  private dict(dict: Dict): void {
    const entries = this.style.sortKeys ? sortedEntries(dict) : dictEntries(dict);
    if (this.inFlow(entries.flat()))
      return this.brackets("{", "}", entries, (entry) => this.entry(entry));
    this.nested(false, false, () => {
      for (const entry of entries) {
        this.out.lineStart();
        this.entry(entry);
      }
    });
  }

  // A key with its value; a long key, or one of several lines, needs marks of its own.
  private entry([key, value]: readonly [unknown, unknown]): void {
    const { out } = this;
    const inBlock = this.flowDepth === 0;
    if (isSimpleKey(key)) {
      this.node(key, "key");
      out.mark(":", false);
    } else {
      out.mark("?", true, inBlock);
      this.node(key, "value");
      if (inBlock || out.isFull) out.lineStart();
      out.mark(":", true, inBlock);
    }
    this.node(value, "value");
  }

  // Items in brackets, with a new line where the line is full.
  private brackets<T>(
    open: string,
    close: string,
    items: readonly T[],
    write: (item: T) => void,
  ): void {
    const { out } = this;
    out.mark(open, true);
    out.blank = true;
    this.flowDepth++;
    this.nested(true, false, () => {
      items.forEach((item, index) => {
        if (index > 0) out.mark(",", false);
        if (out.isFull) out.lineStart();
        write(item);
      });
    });
    this.flowDepth--;
    out.mark(close, false);
  }
}

// Whether a key can be written before a colon: it has one line of at most 128 bytes.
function isSimpleKey(key: unknown): boolean {
  if (Array.isArray(key) || isDict(key)) return false;
  const { text } = yamlScalar(key);
  return Buffer.byteLength(text) <= 128 && !shapeOf(text).multiline;
}

// The entries sorted by their keys, where all keys can be compared.
function sortedEntries(dict: Dict): [unknown, unknown][] {
  const entries = dictEntries(dict);
  return insteadOf([Fault], entries, () => [...entries].sort(([a], [b]) => compare(a, b)));
}
